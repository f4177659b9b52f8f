"""The administrator sees on one page how good the classifier is, where it is weak, and what people had to change."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casework.labels import DOMAINS
from desk.store.judged import Fared, fared
from models.artifact import save
from streams.codec.sources import DEMO
from tests.support.desk import NOON, TestDesk, opened
from tests.support.feedback import event
from tests.support.models import tiny

PAGE = "/chat-luong-phan-loai"
pytestmark = pytest.mark.databases
SCORES: dict[str, Any] = {
    "rows": 6109.0,
    "domain": 0.862,
    "exam": {"domain": 0.912, "to_cao_found": 1.0, "restricted_wrongly": 0.014},
    "domains": [
        {"domain": "land", "precision": 0.9, "recall": 0.9, "f1": 0.9, "count": 300},
        {"domain": "other", "precision": 0.7, "recall": 0.5, "f1": 0.583, "count": 310},
    ],
    "confused": [{"wanted": "land", "given": "site_clearance", "count": 17}],
}


@pytest.fixture
def measured(desk: TestDesk, tmp_path: Path) -> TestDesk:
    save(tiny("svm-abc", SCORES, corrections=12), tmp_path / "model")
    return with_model(desk, tmp_path / "model")


def with_model(desk: TestDesk, path: Path) -> TestDesk:
    desk.app.state.desk = replace(desk.desk, settings=replace(desk.settings, models_path=path))
    return desk


def proposed(desk: TestDesk, id_: str, domain: str, *corrected: str, **fields: Any) -> None:
    """A case that the model called `domain`, and what people called it after that."""
    opening = opened(id_, domain=domain, model_version="svm-abc", **fields)
    later = [event("corrected", f"2026-09-14 13:0{number}", domain=to) for number, to in enumerate(corrected)]
    desk.feed.feedback(id_, opening, *later)


async def shown(desk: TestDesk, role: str = "admin") -> str:
    answer = await desk.ask(role, "GET", PAGE)
    assert answer.status_code == 200
    return str(answer.text).replace("\u00a0", " ")


async def test_the_page_names_the_model_and_how_it_did_in_the_exam(measured: TestDesk) -> None:
    page = await shown(measured)
    assert "svm-abc" in page
    assert "22/11/2026" in page
    assert "6.109, trong đó 12 bản do cán bộ sửa phân loại" in page
    assert "91,2 %" in page


async def test_a_target_that_was_missed_looks_otherwise_than_one_that_was_met(measured: TestDesk) -> None:
    page = await shown(measured)
    assert '<span class="tone overdue">từ 93,0 %</span>' in page
    assert '<span class="tone done">không quá 3,0 %</span>' in page


async def test_the_weakest_domain_comes_first_and_the_most_confused_pair_is_named(measured: TestDesk) -> None:
    page = await shown(measured)
    assert page.index(DOMAINS["other"]) < page.index(f"<td>{DOMAINS['land']}</td><td><meter")
    assert f"<td>{DOMAINS['land']}</td><td>{DOMAINS['site_clearance']}</td><td>17</td>" in page


async def test_live_shares_are_of_what_people_checked(measured: TestDesk) -> None:
    """Of four cases one was abstained; three were checked, one of these was of another domain."""
    proposed(measured, "a", "land", "land")
    proposed(measured, "b", "land", "site_clearance")
    proposed(measured, "c", "traffic", "environment", "traffic")
    proposed(measured, "d", "other", abstained=True)
    page = await shown(measured)
    for share in ("25,0 %", "75,0 %", "33,3 %"):
        assert f"<strong>{share}</strong>" in page
    assert '50,0 % <span class="hint">(1/2)</span>' in page


def test_neither_invented_nor_restricted_cases_are_counted(desk: TestDesk) -> None:
    proposed(desk, "a", "land")
    proposed(desk, "b", "land", source=DEMO)
    proposed(desk, "c", "land")
    desk.feed.feedback("c", opened("c", at=NOON, lane="to_cao"), lane="restricted")
    with desk.feed.engine.connect() as connection:
        assert fared(connection) == [Fared("land", "svm-abc", cases=1, abstained=0, checked=0, changed=0)]


async def test_without_a_model_the_page_says_what_to_do(desk: TestDesk, tmp_path: Path) -> None:
    assert "langnghe train" in await shown(with_model(desk, tmp_path / "none"))


async def test_an_artefact_of_before_the_exam_was_noted_is_shown_as_far_as_it_goes(
    desk: TestDesk, tmp_path: Path
) -> None:
    save(tiny("svm-old", {"rows": 100.0}), tmp_path / "model")
    page = await shown(with_model(desk, tmp_path / "model"))
    assert "svm-old" in page
    assert "Bài kiểm tra cố định" not in page


@pytest.mark.parametrize("role", ["operator", "handler", "supervisor", "inspector", "wall", "source"])
async def test_the_page_is_for_the_administrator(measured: TestDesk, role: str) -> None:
    assert (await measured.ask(role, "GET", PAGE)).status_code == 403
