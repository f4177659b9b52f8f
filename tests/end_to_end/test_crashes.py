"""Killed, stopped and restarted processes: what stands afterwards is what the events alone come to."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kafka import KafkaProducer

from casework import watchpoints
from casework.calendar import VIETNAM
from casework.dossiers import DossierState, Transition, apply
from casework.outcomes import Outcome
from cli.settings import HERE
from streams.codec import decode_dossier_state, decode_outcome
from streams.settings import WorkerSettings
from streams.topics import Topics
from tests.support.kafka import PARTITIONS, latest, read_all
from tests.support.offsets import unread
from tests.support.rules import rules
from tests.support.system import STOP_SECONDS, System, free_base, running_system
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka

TOPICS = Topics(partitions=PARTITIONS)
LANE = TOPICS.dossier
DOSSIERS, SLEEPERS = 3_000, 600
SESSION_SECONDS = next(field.default for field in fields(WorkerSettings) if field.name == "session_timeout")
ASLEEP_SECONDS = SESSION_SECONDS + 3
SETTLED_SECONDS = 240.0
FIRST_DAY = datetime(2026, 9, 7, 8, 0, tzinfo=VIETNAM)
Events = dict[str, list[Transition]]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system with two case workers."""
    with running_system(tmp_path_factory.mktemp("pair") / "data", workers=2) as system:
        yield system


def story(code: str, number: int) -> list[Transition]:
    """Three events of a dossier. By number it ends in time, ends late, waits for papers, or is open and overdue."""
    received = FIRST_DAY + timedelta(minutes=number % 500)
    due = received + timedelta(days=20)
    first = Transition(
        at=received, status=2, received_at=received, due_at=due, agency="LG.HCC", procedure_code="2.001159",
        source="/dvcqg",
    )  # fmt: skip
    then = [((4, 1), (9, 5)), ((4, 1), (9, 30)), ((5, 2), (4, 9)), ((4, 1), (4, 2))][number % 4]
    later = (Transition(at=received + timedelta(days), status=status, source="/dvcqg") for status, days in then)
    return [first, *later]


def stories(prefix: str, number: int) -> Events:
    return {f"{prefix}{one:05d}": story(f"{prefix}{one:05d}", one) for one in range(number)}


def wire(code: str, event: Transition) -> bytes:
    given = {
        "dossier_code": code, "status": event.status, "occurred_at": event.at.isoformat(),
        "received_at": event.received_at and event.received_at.isoformat(), "agency": event.agency,
        "due_at": event.due_at and event.due_at.isoformat(), "procedure_code": event.procedure_code,
    }  # fmt: skip
    return json.dumps({name: value for name, value in given.items() if value is not None}).encode()


def in_rounds(events: Events) -> list[tuple[str, bytes]]:
    """First events of all dossiers, then all second, then all third."""
    return [(code, wire(code, steps[turn])) for turn in range(3) for code, steps in events.items()]


def produce(system: System, messages: Sequence[tuple[str, bytes]]) -> None:
    with closing(KafkaProducer(bootstrap_servers=system.bootstrap, acks="all", linger_ms=5)) as producer:
        for future in [producer.send(TOPICS.dossier_intake, value, key=code.encode()) for code, value in messages]:
            future.get(60)


def states(system: System, events: Events) -> dict[str, DossierState]:
    found = latest(system.bootstrap, LANE.states)
    return {code: decode_dossier_state(value) for code, value in found.items() if code in events}


def everything_read(system: System) -> bool:
    return not (
        unread(system.bootstrap, TOPICS.admit_app, TOPICS.dossier_intake)
        or unread(system.bootstrap, TOPICS.cases_app, LANE.events, LANE.ticks)
    )


def facts(state: DossierState) -> DossierState:
    """A state without what depends on which ticks came when."""
    return replace(state, alert=None, alert_id=None, counts={})


def wrong_states(system: System, events: Events) -> list[str]:
    """Codes whose state is not the fold of their events."""
    found = states(system, events)
    return [
        code for code, steps in events.items()
        if code not in found or facts(found[code]) != facts(apply(None, code, steps, rules()).state)
    ]  # fmt: skip


def wrong_alerts(system: System, events: Events) -> list[str]:
    """Codes under another alert than the one that is true now."""
    now = datetime.now(UTC)
    found = states(system, events)
    true = {code: watchpoints.standing(state.watch, now) for code, state in found.items()}
    return [code for code, point in true.items() if found[code].alert != (point and point.alert)]


def told(system: System, events: Events) -> dict[str, list[tuple[Outcome, datetime]]]:
    """Outcomes of each dossier in order, each id once, with the time at which Kafka took it."""
    seen: set[str] = set()
    by_case = defaultdict(list)
    for record in read_all(system.bootstrap, LANE.outcomes):
        outcome = decode_outcome(record.value)
        if outcome.case_id in events and outcome.id not in seen:
            seen.add(outcome.id)
            by_case[outcome.case_id].append((outcome, datetime.fromtimestamp(record.timestamp / 1000, UTC)))
    return by_case


def check_outcomes(system: System, events: Events) -> None:
    """No raise after a raise without a retraction, none before its moment, and what is raised is what stands."""
    current = states(system, events)
    for code, outcomes in told(system, events).items():
        open_alerts: Counter[str | None] = Counter()
        for outcome, at in outcomes:
            if outcome.outcome == "alert_raised":
                assert at >= outcome.at, f"{outcome.alert_id} was raised before its moment"
                open_alerts[outcome.alert_id] += 1
                assert open_alerts[outcome.alert_id] == 1, f"{outcome.alert_id} was raised twice"
            elif outcome.outcome == "alert_retracted":
                open_alerts[outcome.alert_id] -= 1
        if alert_id := current[code].alert_id:
            assert open_alerts[alert_id] == 1, f"{alert_id} stands and was never told"


def check_all(system: System, events: Events) -> None:
    """Waits until all is read and every true alert stands, then compares everything with the events alone."""
    eventually(lambda: everything_read(system), within=SETTLED_SECONDS, what="intake and events read", every=1.0)
    assert wrong_states(system, events) == []
    eventually(lambda: not wrong_alerts(system, events), within=SETTLED_SECONDS, what="true alerts stand", every=2.0)
    check_outcomes(system, events)
    eventually(lambda: everything_read(system), within=SETTLED_SECONDS, what="ticks read", every=1.0)


def test_a_case_worker_killed_in_the_middle_loses_nothing_and_tells_nothing_twice(pair: System) -> None:
    events = stories("H99.1-260907-K", DOSSIERS)
    messages = in_rounds(events)
    half = len(messages) // 2
    (victim,) = pair.pids("worker cases --number 0")
    produce(pair, messages[:half])
    eventually(lambda: states(pair, events), within=SETTLED_SECONDS, what="first states", every=0.1)
    os.kill(victim, signal.SIGKILL)
    produce(pair, messages[half:])
    check_all(pair, events)
    successor = eventually(lambda: pair.pids("worker cases --number 0"), within=60, what="the worker is back")
    assert successor != [victim]


@contextmanager
def asleep(*pids: int) -> Iterator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def test_a_case_worker_that_sleeps_through_a_takeover_loses_nothing(pair: System) -> None:
    eventually(lambda: pair.get("/readyz").status == 200, within=SETTLED_SECONDS, what="both workers ready", every=0.5)
    events = stories("H99.1-260907-S", SLEEPERS)
    messages = in_rounds(events)
    third = len(messages) // 3
    (sleeper,) = pair.pids("worker cases --number 1")
    produce(pair, messages[:third])
    (supervisor,) = pair.pids("cli.main up")
    with asleep(supervisor, sleeper):  # who does not answer for so long would be ended
        produce(pair, messages[third : 2 * third])
        time.sleep(ASLEEP_SECONDS)
    produce(pair, messages[2 * third :])
    check_all(pair, events)
    assert pair.pids("worker cases --number 1") == [sleeper], "the sleeper was restarted, so nothing was fenced"


def test_after_a_restart_of_everything_the_same_states_are_shown(pair: System) -> None:
    eventually(lambda: pair.get("/readyz").status == 200, within=SETTLED_SECONDS, what="both workers ready", every=0.5)
    events = stories("H99.1-260907-R", 40)
    produce(pair, in_rounds(events))
    check_all(pair, events)
    shown = eventually(lambda: as_shown(pair, events), within=SETTLED_SECONDS, what="every dossier shown", every=1.0)
    began = time.monotonic()
    assert pair.stop() == 0
    assert time.monotonic() - began <= STOP_SECONDS
    assert pair.pids("") == []
    pair.start()
    assert as_shown(pair, events) == shown
    assert wrong_states(pair, events) == []


def as_shown(system: System, events: Events) -> dict[str, object] | None:
    """Every dossier as the API gives it, or None while one does not show what its table holds."""
    current = states(system, events)
    answers = {code: system.get(f"/api/v1/dossiers/{code}", "supervisor") for code in events}
    shown = {code: answer.json() for code, answer in answers.items() if answer.status == 200}
    complete = len(shown) == len(events) and all(shown[code]["alert"] == current[code].alert for code in events)
    return shown if complete else None


def refused(data: Path, base: int) -> str:
    """What a `langnghe up` that must not start says."""
    command = [sys.executable, "-m", "cli.main", "up", "--data", str(data), "--port-base", str(base)]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=60, check=False,
                          env=os.environ | {"PYTHONPATH": str(HERE)})  # fmt: skip
    assert done.returncode != 0
    said = (done.stdout + done.stderr).strip()
    assert len(said.splitlines()) == 1, said
    return said


def test_a_second_start_on_the_same_data_is_refused_in_one_line(pair: System) -> None:
    assert f"{pair.data} đang được một langnghe khác dùng" in refused(pair.data, free_base())


def test_a_start_on_a_used_port_is_refused_in_one_line(tmp_path: Path) -> None:
    base = free_base()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", base + 31))
        taken.listen()
        assert f"cổng {base + 31} đang có chương trình khác dùng" in refused(tmp_path / "data", base)
