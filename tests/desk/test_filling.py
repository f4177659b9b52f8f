"""While the read model is filled again: Kafka still holds, in order, what was erased or moved since."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from casework.feedback import FeedbackEvent
from desk.store.tables import metadata, rebuild
from desk.web import ioc
from models.similar import Item
from tests.support.desk import NOON, TOPICS, TestDesk, opened

LATER = NOON + timedelta(hours=1)
WORDS = "Lời đã xóa hay đã chuyển đi nói về cống tắc trước chợ"
ASKED = (
    "/api/v1/feedback/erased", "/api/v1/feedback/moved", "/theo-doi", "/tiep-nhan/erased", "/tiep-nhan/moved",
    "/api/v1/dossiers", "/don-thu",
)  # fmt: skip


@pytest.fixture
def filling(desk: TestDesk) -> TestDesk:
    """One that has just been emptied; its feed still holds every record."""
    feed, texts = desk.feed, str(TOPICS.feedback.texts)
    feed.feedback("erased", opened("erased", urgency="urgent"), text=WORDS)
    feed.feedback("erased", opened("erased"), FeedbackEvent(id="e", type="erased", at=LATER, source="/t"))
    feed.put(texts, "erased/erased-opened", None)
    feed.feedback("moved", opened("moved", urgency="urgent"), text=WORDS)
    feed.feedback("moved", opened("moved", lane="to_cao"), lane="restricted", text=WORDS)
    feed.feedback("moved", opened("moved"), FeedbackEvent(id="m", type="moved", at=LATER, source="/t"))
    feed.put(texts, "moved/moved-opened", None)
    rebuild(feed.engine)
    return desk


async def test_nobody_is_shown_a_case_before_all_is_read_again(filling: TestDesk) -> None:
    for record in filling.feed.records:
        filling.feed.project([record])
        for role in ("operator", "source", "inspector"):
            for path in ASKED:
                answer = await filling.ask(role, "GET", path)
                assert answer.status_code in {403, 503}
                assert WORDS not in answer.text
                assert answer.status_code == 403 or answer.headers["retry-after"].isdigit()
    filling.feed.fresh(filling.now)
    answers = [(await filling.ask("operator", "GET", path)).status_code for path in ASKED]
    assert answers == [200, 404, 200, 200, 404, 200, 403]


async def test_nothing_is_decided_and_no_known_id_taken_over_before_all_is_read_again(filling: TestDesk) -> None:
    decided = await filling.ask("operator", "POST", "/api/v1/feedback/moved/events", json={"type": "feedback.accepted"})
    body = {"text": "x", "channel": "portal", "feedback_id": "moved"}
    named = await filling.ask("source", "POST", "/api/v1/feedback", json=body)
    assert [(answer.status_code, "retry-after" in answer.headers) for answer in (decided, named)] == [(503, True)] * 2
    filling.feed.project(filling.feed.records)
    filling.feed.fresh(filling.now)
    assert (await filling.ask("source", "GET", "/api/v1/feedback/moved")).status_code == 404


async def test_what_citizens_say_is_taken_in_all_the_while(filling: TestDesk) -> None:
    answer = await filling.ask("operator", "POST", "/api/v1/feedback", json={"text": "Cống tắc", "channel": "hotline"})
    assert answer.status_code == 202


@pytest.mark.parametrize("empty", [rebuild, metadata.drop_all])
async def test_the_form_of_who_takes_in_is_there_all_the_while(desk: TestDesk, empty: Callable[[Engine], None]) -> None:
    body = {"text": "Cống tắc", "channel": "hotline"}
    posted = (await desk.ask("operator", "POST", "/api/v1/feedback", json=body)).json()["feedback_id"]
    empty(desk.feed.engine)
    page = await desk.ask("operator", "GET", "/tiep-nhan")
    assert (page.status_code, posted in page.text) == (200, False)
    assert "ữ liệu hiển thị" in page.text


def test_no_case_is_proposed_as_similar_before_all_is_read_again(filling: TestDesk) -> None:
    filling.feed.project(filling.feed.records[:2])
    found = []
    for _ in range(2):
        filling.desk.similar.follow()
        found.append(filling.desk.similar.find(WORDS, Item(), None, NOON))
        filling.feed.fresh(filling.now)
    assert [bool(cases) for cases in found] == [False, True], "the second time it is as if nothing had come later"


def test_the_wall_lists_nothing_before_all_is_read_again(filling: TestDesk) -> None:
    filling.feed.project(filling.feed.records[:1])
    assert ioc.snapshot(filling.desk)["untaken"] == []
    filling.feed.project(filling.feed.records)
    filling.feed.fresh(filling.now)
    assert ioc.snapshot(filling.desk)["untaken"] == []
