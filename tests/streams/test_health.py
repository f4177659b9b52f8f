"""What a worker concludes from what it notes every second; the faults themselves are in tests/faults/test_health.py."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from streams import health
from streams.apps import new_app
from streams.health import Health
from tests.support.recovery_worker import settings


@dataclass
class Recovering:
    """A recovery with so many records before it."""

    left: int = 0

    def active_remaining_total(self) -> int:
        return self.left


@dataclass
class Tables:
    recovery: Recovering = field(default_factory=Recovering)


@dataclass
class App:
    """What health asks of a Faust app that has no consumer yet."""

    rebalancing: bool = False
    in_recovery: bool = False
    _consumer: Any = None
    tables: Tables = field(default_factory=Tables)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that `healthy` finds; begins at 1,000 seconds."""
    now = [1_000.0]
    monkeypatch.setattr(health.time, "monotonic", lambda: now[0])
    return now


def pass_time(worker: Health, clock: list[float], seconds: int) -> None:
    """So many seconds on an event loop that turns."""
    for _ in range(seconds):
        clock[0] += 1.0
        worker.sample(clock[0])


def test_a_rebalance_may_last_two_minutes_and_no_longer(clock: list[float]) -> None:
    app = App(rebalancing=True)
    worker = Health(app, watches=False)
    pass_time(worker, clock, 119)
    assert worker.healthy() is None
    pass_time(worker, clock, 5)
    assert worker.healthy() == "rebalancing or recovering for too long"


def test_a_recovery_that_goes_on_may_last_for_ever(clock: list[float]) -> None:
    """Millions of states are read for minutes: a worker that was killed meanwhile would never come to an end."""
    app = App(in_recovery=True)
    worker = Health(app, watches=False)
    for left in range(600, 0, -1):
        app.tables.recovery.left = left
        pass_time(worker, clock, 1)
        assert worker.healthy() is None


def test_a_recovery_that_does_not_move_is_an_illness(clock: list[float]) -> None:
    app = App(in_recovery=True)
    app.tables.recovery.left = 5
    worker = Health(app, watches=False)
    pass_time(worker, clock, 130)
    assert worker.healthy() == "rebalancing or recovering for too long"


def test_a_worker_that_was_stopped_for_ten_minutes_is_not_ill_when_it_wakes(clock: list[float]) -> None:
    app = App(rebalancing=True)
    worker = Health(app, watches=False)
    pass_time(worker, clock, 5)
    clock[0] += 600.0
    worker.sample(clock[0])
    assert worker.healthy() is None


def test_a_loop_that_turns_no_more_is_an_illness(clock: list[float]) -> None:
    worker = Health(App(), watches=False)
    pass_time(worker, clock, 3)
    clock[0] += 21.0
    assert worker.healthy() == "the event loop stands still"


def test_a_worker_that_never_comes_to_read_is_ill(clock: list[float]) -> None:
    worker = Health(App(), watches=False)
    pass_time(worker, clock, 119)
    assert worker.healthy() is None
    pass_time(worker, clock, 5)
    assert worker.healthy() == "not started for too long"


async def test_a_probe_that_asks_while_the_app_starts_makes_no_consumer_of_its_own(tmp_path: Path) -> None:
    """It did: the app then started one consumer and subscribed the other, and the worker crashed."""
    app = new_app("early", settings("127.0.0.1:1", "", tmp_path / "worker"), chunk_size=1)
    app._started.set()
    worker = Health(app, watches=False)
    assert worker.healthy() is None
    assert worker.ready() == "starting"
    assert app._consumer is None


def test_a_probe_that_asks_while_the_consumer_starts_has_nothing_to_complain_of() -> None:
    starting = SimpleNamespace(_thread=SimpleNamespace(_consumer=SimpleNamespace(_coordinator=None)))
    assert Health(App(_consumer=starting)).healthy() is None
