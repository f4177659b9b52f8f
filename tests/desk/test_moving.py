"""Moves between the lanes while Kafka or a database is away: tried again for ever, each by itself."""

import asyncio
import threading
import time
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from desk.outbox import Message, OutboxError
from desk.web import ioc
from desk.web.app import again
from tests.support.desk import TestDesk, opened

EVENTS = "/api/v1/feedback/{}/events"
MOVED = {"type": "feedback.moved"}


async def move(desk: TestDesk, case: str, key: str | None = None) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return await desk.ask("operator", "POST", EVENTS.format(case), json=MOVED, headers=headers)


async def test_a_chore_goes_on_after_whatever_it_fails_at() -> None:
    problems = [OperationalError("select", {}, Exception()), OutboxError(), ValueError()]
    done = asyncio.Event()
    loop = asyncio.get_running_loop()

    def chore() -> None:
        if problems:
            raise problems.pop()
        loop.call_soon_threadsafe(done.set)

    ended = asyncio.Event()
    task = asyncio.create_task(again(chore, 0, ended))
    await asyncio.wait_for(done.wait(), 10)
    assert not task.done()
    ended.set()
    await asyncio.wait_for(task, 10)


async def test_what_a_chore_has_begun_is_through_before_its_databases_are_closed(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, order = threading.Event(), []

    def follow() -> None:
        begun.set()
        time.sleep(0.3)  # the work itself
        order.append("followed")

    monkeypatch.setattr(desk.desk.similar, "follow", follow)
    monkeypatch.setattr(desk.desk.accounts, "close", lambda: order.append("closed"))
    async with desk.app.router.lifespan_context(desk.app):
        assert await asyncio.to_thread(begun.wait, 10)
    assert order == ["followed", "closed"]


async def test_a_move_that_kafka_refuses_keeps_no_other_waiting(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.outbox.down = True
    for case in ("a", "b"):
        desk.feed.feedback(case, opened(case), text="x")
        await move(desk, case)
    desk.outbox.down = False
    send = desk.outbox.send

    def refusing(messages: list[Message]) -> None:
        if messages[0].key.startswith(b"a"):
            raise OutboxError("MessageSizeTooLargeError")
        send(messages)

    monkeypatch.setattr(desk.outbox, "send", refusing)
    with pytest.raises(OutboxError):
        desk.desk.moves.finish()
    assert {message.key[:1] for message in desk.outbox.sent} == {b"b"}


async def test_a_move_is_answered_although_a_database_goes_away_behind_its_note(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.feed.feedback("p", opened("p"), text="x")
    with monkeypatch.context() as away:
        away.setattr(desk.desk.moves, "_finish", raising(OperationalError("update", {}, Exception())))
        answer = await move(desk, "p")
    desk.desk.moves.finish()
    assert answer.status_code == 202
    assert "p" in {message.key.decode() for message in desk.outbox.sent}


def raising(problem: Exception) -> Any:
    def raise_it(*_: Any) -> None:
        raise problem

    return raise_it


async def test_a_move_that_is_repeated_under_its_key_gets_its_answer_although_the_case_has_left(
    desk: TestDesk,
) -> None:
    desk.feed.feedback("p", opened("p"), text="x")
    first = await move(desk, "p", "k1")
    other = await move(desk, "p", "k2")
    again_ = await move(desk, "p", "k1")
    assert (first.status_code, other.status_code, again_.status_code) == (202, 409, 202)
    assert again_.json() == first.json()


async def test_the_wall_leaves_out_a_case_whose_move_is_noted(desk: TestDesk) -> None:
    desk.feed.feedback("p", opened("p", urgency="urgent"), text="x")
    assert shown(desk) == (1, 1)
    desk.outbox.down = True
    await move(desk, "p")
    assert shown(desk) == (0, 0)


def shown(desk: TestDesk) -> tuple[int, int]:
    found = ioc.snapshot(desk.desk)
    return found["urgent_untaken"], len(found["untaken"])
