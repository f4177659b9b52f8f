"""Similar open cases beside a proposal: found by what is said and where, and only as far as the operator may see."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from casework.calendar import VIETNAM
from casework.feedback import FeedbackEvent
from desk.store import similar
from desk.web.proposer import Proposer
from desk.web.similar import age, distance
from models.classifier import Alternative, Classification
from streams.codec import text_key
from tests.support.desk import NOON, TOPICS, TestDesk, opened
from tests.support.models import Shelf

DAY = timedelta(days=1)
HOLE = "Ổ gà sâu trước chợ Vân trên đường Hàm Nghi, xe máy hay ngã."
AGAIN = "duong ham nghi khuc cho Van co o ga to, toi qua co nguoi nga"
PLACE = (10.123, 106.456)
pytestmark = pytest.mark.databases


class Repeats:
    """A classifier that finds traffic in every text and gives the text back as it came."""

    def classify(self, texts: list[str]) -> list[Classification]:
        return [
            Classification(
                text=text,
                domain="traffic",
                confidence=0.9,
                alternatives=(Alternative("traffic", 0.9),),
                abstained=False,
                missing=(),
                kind="incident",
                lane="phan_anh_kien_nghi",
                urgency="normal",
                reasons=(),
                lane_signals=(),
                model_version="test",
            )
            for text in texts
        ]


@pytest.fixture
def desk(desk: TestDesk) -> TestDesk:
    desk.app.state.desk = replace(desk.desk, proposer=Proposer(Shelf(Repeats())))
    return desk


def told(desk: TestDesk, feedback_id: str, *events: FeedbackEvent, text: str = HOLE, **fields: Any) -> None:
    fields = {"domain": "traffic", "area": "Phường Vân"} | fields
    lane = fields.pop("into", "feedback")
    desk.feed.feedback(feedback_id, opened(feedback_id, **fields), *events, text=text, lane=lane)


async def found(
    desk: TestDesk, token: str | None = None, *, follow: bool = True, **body: object
) -> list[dict[str, Any]]:
    """What is shown beside a text; `follow`: after the index has followed the read model."""
    if follow:
        desk.desk.similar.follow()
    said = {"text": AGAIN, "area": "Phường Vân"} | body
    async with desk.client(token or "token-of-operator") as client:
        answer = await client.post("/api/v1/proposals", json=said)
    assert answer.status_code == 200
    cases: list[dict[str, Any]] = answer.json()["duplicates"]
    return cases


async def ids(desk: TestDesk, token: str | None = None, *, follow: bool = True, **body: object) -> list[str]:
    return [case["feedback_id"] for case in await found(desk, token, follow=follow, **body)]


async def test_a_case_told_in_other_words_is_shown_with_where_when_and_why(desk: TestDesk) -> None:
    told(desk, "PA-7", at=NOON - 3 * DAY, place=PLACE)
    [case] = await found(desk, latitude=10.124, longitude=106.46)
    assert case.pop("score") > 0.2
    assert case == {
        "feedback_id": "PA-7",
        "name": "PA-7",
        "received": "12:00 ngày 11/9/2026",
        "age": "3 ngày trước",
        "stage": "Chờ tiếp nhận",
        "area": "Phường Vân",
        "distance": "cách khoảng 500 m",
        "why": "cùng chợ Vân, đường Hàm Nghi; cùng từ: ổ gà",
    }


async def test_without_an_area_it_is_found_all_the_same(desk: TestDesk) -> None:
    told(desk, "PA-7", area=None)
    [case] = await found(desk, area="")
    assert (case["feedback_id"], case["area"], case["distance"]) == ("PA-7", None, None)


async def test_the_place_of_the_form_counts_as_said(desk: TestDesk) -> None:
    told(desk, "here")
    told(desk, "there", text="Ổ gà sâu trước cổng nhà máy nước trên đường Bà Huyện, xe máy hay ngã.")
    said = {"text": "Có ổ gà sâu, xe máy ngã hoài"}
    assert (await ids(desk, **said, address="chợ Vân, đường Hàm Nghi"))[0] == "here"
    assert (await ids(desk, **said, address="nhà máy nước, đường Bà Huyện"))[0] == "there"


async def test_what_has_nothing_in_common_is_not_shown(desk: TestDesk) -> None:
    told(desk, "PA-8", text="Bếp ăn của trường mẫu giáo dùng rau úa, phụ huynh lo ngại.")
    assert await ids(desk) == []


async def test_five_are_shown_the_most_alike_first(desk: TestDesk) -> None:
    for number in range(6):
        told(desk, f"other-{number}", text=f"Ổ gà trên đường Hàm Nghi, trước nhà số {number}")
    told(desk, "same")
    shown = await ids(desk)
    assert len(shown) == 5
    assert shown[0] == "same"


async def test_only_open_cases_are_shown_however_old(desk: TestDesk) -> None:
    told(desk, "done", FeedbackEvent(id="x", type="answered", at=NOON))
    told(desk, "old", at=NOON - 90 * DAY)
    assert await ids(desk) == ["old"]


async def test_nothing_of_the_restricted_lane_is_shown(desk: TestDesk) -> None:
    told(desk, "hidden", lane="to_cao", into="restricted")
    told(desk, "both")
    told(desk, "both", lane="to_cao", into="restricted")
    told(desk, "suspected", lane="to_cao")
    assert await ids(desk) == []


async def test_a_case_that_leaves_the_public_lane_is_gone_at_once(desk: TestDesk) -> None:
    """Even before the index has followed."""
    told(desk, "PA-7")
    assert await ids(desk) == ["PA-7"]
    told(desk, "PA-7", lane="to_cao", into="restricted")
    assert await ids(desk, follow=False) == []


async def test_a_case_on_its_way_to_the_inspector_is_not_shown(desk: TestDesk) -> None:
    told(desk, "PA-7")
    desk.desk.moves.note("PA-7", "event", [])
    assert await ids(desk) == []


async def test_an_erased_case_is_forgotten(desk: TestDesk) -> None:
    told(desk, "PA-7")
    assert await ids(desk) == ["PA-7"]
    desk.feed.put(TOPICS.feedback.states, "PA-7", None)
    desk.feed.put(str(TOPICS.feedback.texts), text_key("PA-7", "PA-7-opened").decode(), None)
    assert await ids(desk, follow=False) == []
    assert await ids(desk) == []


async def test_an_erased_text_that_comes_again_finds_nothing(desk: TestDesk) -> None:
    told(desk, "PA-7", FeedbackEvent(id="PA-7-erased", type="erased", at=NOON, source="/test"))
    assert await ids(desk) == []


async def test_the_index_follows_by_itself_while_the_web_runs(desk: TestDesk) -> None:
    told(desk, "PA-7")
    async with desk.app.router.lifespan_context(desk.app), asyncio.timeout(20):
        while await ids(desk, follow=False) != ["PA-7"]:
            await asyncio.sleep(0.05)


async def test_a_case_is_found_once_its_text_has_come(desk: TestDesk) -> None:
    told(desk, "PA-7", text="")
    assert await ids(desk) == []
    told(desk, "PA-7")
    assert await ids(desk) == ["PA-7"]


async def test_an_operator_of_one_agency_sees_the_cases_of_that_agency(desk: TestDesk) -> None:
    for number in range(25):
        told(desk, f"elsewhere-{number}", FeedbackEvent(id="a", type="assigned", at=NOON, agency="LG.SYT"))
    assigned = FeedbackEvent(id="a", type="assigned", at=NOON, agency="LG.SXD")
    told(desk, "ours", assigned, text="Đường Hàm Nghi có ổ gà")
    token = desk.account_token("operator-sxd", "operator", "LG.SXD")
    assert await ids(desk, token) == ["ours"]


@pytest.mark.parametrize(
    "place",
    [
        {"latitude": "10", "longitude": 106},
        {"latitude": 10**400, "longitude": 106},
        {"latitude": 10.1},
        {"latitude": None, "longitude": 106, "address": 7},
    ],
)
async def test_a_place_that_cannot_be_is_no_place(desk: TestDesk, place: dict[str, object]) -> None:
    told(desk, "PA-7", place=PLACE)
    [case] = await found(desk, **place)
    assert case["distance"] is None


@pytest.mark.parametrize(
    ("days", "seconds", "words"),
    [
        (2, 4000, "2 ngày trước"),
        (0, 7300, "2 giờ trước"),
        (0, 59, "vừa xong"),
        (0, 61, "1 phút trước"),
        (0, -9, "vừa xong"),
    ],
)
def test_age_is_told_in_the_largest_unit(days: int, seconds: int, words: str) -> None:
    received = (NOON - timedelta(days=days, seconds=seconds)).astimezone(VIETNAM).isoformat()
    assert age(received, NOON) == words


@pytest.mark.parametrize(
    ("metres", "words"),
    [(0, "cách dưới 100 m"), (149, "cách khoảng 100 m"), (960, "cách khoảng 1,0 km"), (2350, "cách khoảng 2,4 km")],
)
def test_a_distance_is_no_more_exact_than_the_places_are(metres: int, words: str) -> None:
    assert distance(metres) == words


def test_of_more_cases_than_are_held_the_newest_are(desk: TestDesk) -> None:
    for number in range(4):
        told(desk, f"PA-{number}", at=NOON - number * DAY)
    with desk.desk.engine.connect() as connection:
        items = similar.open_items(connection, 2)
    assert [item.id for item in items] == ["PA-0", "PA-1"]


def test_texts_are_read_of_as_many_cases_as_asked(desk: TestDesk) -> None:
    wanted = [f"PA-{number}" for number in range(similar.IDS_PER_QUERY + 1)]
    told(desk, wanted[0])
    told(desk, wanted[-1], text="Khác")
    with desk.desk.engine.connect() as connection:
        assert similar.opening_texts(connection, wanted) == {wanted[0]: HOLE, wanted[-1]: "Khác"}


async def test_what_was_answered_is_not_what_the_citizen_said(desk: TestDesk) -> None:
    """A question back to the citizen is another text of the same case."""
    told(desk, "PA-7", text="Đèn đường tắt ở xóm Gò")
    asked = '{"feedback_id":"PA-7","event_id":"a-question","text":"Ổ gà trước chợ Vân đường Hàm Nghi phải không?"}'
    desk.feed.put(str(TOPICS.feedback.texts), "PA-7/a-question", asked.encode())
    assert await ids(desk) == []
