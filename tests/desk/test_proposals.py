"""Proposals while typing: what the classifier says, with the agency and the deadline that the law gives."""

from dataclasses import dataclass, replace

import pytest
from msgspec import structs

from desk.web.proposer import NoModelError, Proposer
from models.classifier import Alternative, Classification
from models.reasons import Reason
from tests.support.desk import TestDesk, opened
from tests.support.models import Shelf

FOUND = Classification(
    text="Rác chất đống trước chợ",
    domain="environment",
    confidence=0.8,
    alternatives=(Alternative("environment", 0.8), Alternative("urban_infra", 0.1), Alternative("other", 0.05)),
    abstained=False,
    missing=(),
    kind="incident",
    lane="phan_anh_kien_nghi",
    urgency="normal",
    reasons=(Reason("Rác", 0, 3, 1.2),),
    lane_signals=(),
    model_version="test",
)


@dataclass
class Says:
    """A classifier that says one thing of every text."""

    found: Classification = FOUND

    def classify(self, texts: list[str]) -> list[Classification]:
        return [self.found for _ in texts]


@pytest.fixture
def proposing(desk: TestDesk) -> TestDesk:
    return saying(desk, FOUND)


def saying(desk: TestDesk, found: Classification) -> TestDesk:
    desk.app.state.desk = replace(desk.desk, proposer=Proposer(Shelf(Says(found))))
    return desk


async def test_a_proposal_names_domain_agency_lane_urgency_and_reasons(proposing: TestDesk) -> None:
    found = (await proposing.ask("operator", "POST", "/api/v1/proposals", json={"text": FOUND.text})).json()
    assert found["domain"] == {"code": "environment", "label": "Môi trường, tiếng ồn"}
    assert found["agency"] == {"code": "LG.SNNMT", "label": "Sở Nông nghiệp và Môi trường"}
    assert found["reasons"] == [{"text": "Rác", "start": 0, "end": 3, "weight": 1.2}]
    assert [one["code"] for one in found["alternatives"]] == ["environment", "urban_infra", "other"]
    assert found["to_read"] is None


async def test_its_deadline_is_that_of_the_law_from_now(proposing: TestDesk) -> None:
    """Monday 14/9/2026, 12:00: 3.5 of 8 working hours fit into the afternoon, 4.5 end on Tuesday at 11:30."""
    found = (await proposing.ask("operator", "POST", "/api/v1/proposals", json={"text": FOUND.text})).json()
    assert found["due"]["accept"] == "2026-09-15T11:30:00+07:00"
    assert found["due"]["answer"] == "2026-09-17T23:59:59+07:00"
    assert found["explanation"]


@pytest.mark.parametrize("lane", ["khieu_nai", "to_cao"])
async def test_a_suspected_complaint_or_denunciation_brings_the_words_to_read(desk: TestDesk, lane: str) -> None:
    saying(desk, structs.replace(FOUND, lane=lane))
    answer = await desk.ask("operator", "POST", "/api/v1/proposals", json={"text": "x"})
    assert answer.json()["to_read"]


async def test_danger_to_life_is_handed_on_at_once(desk: TestDesk) -> None:
    saying(desk, structs.replace(FOUND, urgency="urgent"))
    found = (await desk.ask("operator", "POST", "/api/v1/proposals", json={"text": "x"})).json()
    assert "CHUYỂN NGAY 113 / 114 / 115" in found["danger"]


async def test_nobody_is_proposed_to_handle_a_denunciation(desk: TestDesk) -> None:
    saying(desk, structs.replace(FOUND, lane="to_cao"))
    found = (await desk.ask("operator", "POST", "/api/v1/proposals", json={"text": "x"})).json()
    assert found["agency"] is None


async def test_a_proposal_keeps_and_sends_nothing(proposing: TestDesk) -> None:
    await proposing.ask("operator", "POST", "/api/v1/proposals", json={"text": FOUND.text})
    assert proposing.outbox.sent == []


async def test_its_deadlines_come_by_stage_with_what_is_left_and_why(proposing: TestDesk) -> None:
    found = (await proposing.ask("operator", "POST", "/api/v1/proposals", json={"text": FOUND.text})).json()
    assert [one["stage"] for one in found["deadlines"]] == ["accept", "answer"]
    assert found["deadlines"][1]["line"] == "hạn thứ Năm 17/9/2026, còn 3 ngày làm việc"
    assert found["deadlines"][1]["why"]


async def test_no_similar_cases_are_looked_for_beside_a_denunciation(desk: TestDesk) -> None:
    desk.feed.feedback("PA-7", opened("PA-7"), text=FOUND.text)
    saying(desk, structs.replace(FOUND, lane="to_cao"))
    found = (await desk.ask("operator", "POST", "/api/v1/proposals", json={"text": FOUND.text})).json()
    assert found["duplicates"] == []


@pytest.mark.parametrize("body", [{}, {"text": "  "}, {"text": 3}, {"text": "a" * 20_001}])
async def test_what_is_no_text_is_refused(proposing: TestDesk, body: dict[str, object]) -> None:
    answer = await proposing.ask("operator", "POST", "/api/v1/proposals", json=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "text"


def test_a_model_that_is_not_there_is_asked_for_again_each_time() -> None:
    proposer = Proposer(Shelf(None))
    for _ in range(2):
        with pytest.raises(NoModelError):
            proposer.propose("x")


def test_a_promoted_model_proposes_from_the_next_text_on() -> None:
    shelf = Shelf(Says(FOUND))
    proposer = Proposer(shelf)
    assert proposer.propose("x").model_version == "test"
    shelf.later = Says(structs.replace(FOUND, model_version="promoted"))
    proposer.follow()
    assert proposer.propose("x").model_version == "promoted"


def test_no_model_is_loaded_before_anybody_types() -> None:
    shelf = Shelf(None, later=Says(FOUND))
    Proposer(shelf).follow()
    assert shelf.later is not None


@pytest.mark.parametrize(
    ("said", "area"),
    [
        pytest.param(
            {"text": "Đèn đường ở phường Bến Thành, TP.HCM hỏng"},
            "Phường Bến Thành, thành phố Hồ Chí Minh (theo địa giới từ 1/7/2025)",
            id="the-text-names-it",
        ),
        pytest.param(
            {"text": FOUND.text, "address": "phường Hà Tu, thành phố Hạ Long, Quảng Ninh"},
            "Phường Hà Tu, tỉnh Quảng Ninh (theo địa giới từ 1/7/2025)",
            id="the-address-names-it-by-its-old-city",
        ),
        pytest.param({"text": FOUND.text}, None, id="nobody-names-one"),
    ],
)
async def test_the_commune_of_today_is_told_where_it_is_named(
    proposing: TestDesk, said: dict[str, str], area: str | None
) -> None:
    found = (await proposing.ask("operator", "POST", "/api/v1/proposals", json=said)).json()
    assert found["area"] == area
