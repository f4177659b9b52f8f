"""What is left of a reading or of a text where nobody looks: caches, metrics, audit, sessions, similar cases."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from casework.feedback import FeedbackEvent
from desk.web.accounts import audit
from models.similar import Item
from tests.support.desk import NOON, TOPICS, TestDesk, opened

WORDS = "Ổ gà sâu trước cổng trường làm ngã người đi xe máy"


@pytest.fixture
def desk(desk: TestDesk) -> TestDesk:
    """One with a case in each lane."""
    desk.feed.feedback("r", opened("r", lane="to_cao"), text="secret", lane="restricted")
    desk.feed.feedback("p", opened("p"), text=WORDS)
    return desk


@pytest.mark.parametrize("path", ["/api/v1/feedback/r", "/api/v1/feedback/none", "/don-thu/r", "/don-thu/none"])
async def test_no_cache_keeps_an_answer(desk: TestDesk, path: str) -> None:
    answer = await desk.ask("inspector", "GET", path)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_cache_may_keep_the_files_that_are_the_same_for_all(desk: TestDesk) -> None:
    page = (await desk.ask("operator", "GET", "/tiep-nhan")).text
    style = page.split('href="/static/')[1].split('"')[0]
    answer = await desk.ask(None, "GET", f"/static/{style}")
    assert (answer.status_code, answer.headers.get("cache-control")) == (200, None)


async def test_no_metric_counts_what_an_inspector_asks(desk: TestDesk) -> None:
    before = (await desk.ask(None, "GET", "/metrics")).text
    for method, path in (("GET", "/api/v1/feedback/r"), ("POST", "/api/v1/feedback/r/events")):
        await desk.ask("inspector", method, path, json={"type": "feedback.accepted"})
    after = (await desk.ask(None, "GET", "/metrics")).text
    assert told(before) == told(after)
    await desk.ask("operator", "GET", "/api/v1/feedback/p")
    assert told(after) != told((await desk.ask(None, "GET", "/metrics")).text)


def told(metrics: str) -> list[str]:
    return [line for line in metrics.splitlines() if "feedback_id" in line or 'kind="decision"' in line]


async def test_a_restricted_case_that_is_read_through_the_api_stands_in_the_audit(desk: TestDesk) -> None:
    await desk.ask("inspector", "GET", "/api/v1/feedback/r")
    await desk.ask("inspector", "GET", "/api/v1/feedback/p")
    with desk.desk.accounts.begin() as connection:
        rows = connection.execute(select(audit.c.action, audit.c.case_id)).all()
    assert [tuple(row) for row in rows] == [("restricted.read", "r")]


async def test_a_new_token_ends_the_sessions_that_were_opened_with_the_old_one(desk: TestDesk) -> None:
    async with desk.client() as client:
        answer = await client.post("/dang-nhap", content="token=token-of-inspector")
        cookie = {"cookie": answer.headers["set-cookie"].split(";")[0]}
        assert (await client.get("/don-thu", headers=cookie)).status_code == 200
    desk.desk.accounts.sync_tokens(desk.settings.tokens_path)
    async with desk.client() as client:
        assert (await client.get("/don-thu", headers=cookie)).status_code == 200, "the same token"
    await desk.ask("admin", "POST", "/api/v1/accounts", json={"id": "inspector", "role": "inspector"})
    async with desk.client() as client:
        assert (await client.get("/don-thu", headers=cookie)).status_code == 303


def test_the_similar_cases_know_an_erased_text_no_more(desk: TestDesk) -> None:
    for number in range(20):
        desk.feed.feedback(f"n{number}", opened(f"n{number}"), text=f"Rác thải chất đống ở chợ số {number}")
    assert "p" in near(desk)
    erased = FeedbackEvent(id="e", type="erased", at=NOON + timedelta(hours=1), source="/t")
    desk.feed.feedback("p", opened("p"), erased)
    desk.feed.put(str(TOPICS.feedback.texts), "p/p-opened", None)
    assert "p" not in near(desk)


def near(desk: TestDesk) -> set[str]:
    desk.desk.similar.follow()
    return {found["feedback_id"] for found in desk.desk.similar.find(WORDS, Item(), None, NOON)}


async def test_a_database_that_is_away_is_told_with_the_time_to_try_again(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("select", {}, Exception())

    monkeypatch.setattr("desk.store.queries.feedback_case", away)
    answer = await desk.ask("operator", "GET", "/api/v1/feedback/p")
    assert (answer.status_code, answer.headers["retry-after"].isdigit()) == (503, True)
    assert "thử lại sau" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(("lasting", "synchronous"), [(True, 2), (False, 1)], ids=["a move", "all else"])
def test_what_stands_nowhere_else_outlasts_a_power_failure(desk: TestDesk, lasting: bool, synchronous: int) -> None:
    """SQLite's FULL and NORMAL: in the write-ahead log only the first reaches the disk before it is answered."""
    with desk.desk.accounts.begin(lasting=lasting) as connection:
        assert connection.execute(text("pragma synchronous")).scalar() == synchronous
