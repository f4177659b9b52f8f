"""Workers come and go, roll over, are stopped, blocked and rebalanced without end."""

import signal
import time

import pytest

from tests.support.faults import Field
from tests.support.faults_crew import Crew

pytestmark = [pytest.mark.kafka, pytest.mark.long_fault]
STORM_SECONDS = 300.0


def test_from_one_worker_to_three_and_back_under_load_nothing_is_lost(field: Field) -> None:
    _, first, _ = field.crew("admit", "cases-0", "projector")
    for number, name in enumerate(("cases-1", "cases-2")):
        field.send("dossier.intake", field.storm(f"H99.{number}-260907-", 150, number), seconds=3.0)
        field.worker(name)
    field.send("dossier.intake", field.storm("H99.8-260907-", 200), seconds=8.0)
    field.remove(first)
    field.send("dossier.intake", field.storm("H99.9-260907-", 150), seconds=4.0)
    field.remove(next(worker for worker in field.workers if worker.name == "cases-1"))
    field.settle()


def test_a_rolling_restart_under_load_loses_nothing(field: Field) -> None:
    workers = field.crew("admit", "cases-0", "cases-1", "projector")
    for number, worker in enumerate(workers):
        field.send("dossier.intake", field.storm(f"H99.{number}-260907-", 150, number), seconds=3.0)
        worker.stop()
        worker.start()
        worker.wait_ready()
    field.settle()


def test_a_storm_of_rebalances_loses_nothing(field: Field) -> None:
    field.crew("admit", "cases-0", "cases-1", "projector")
    third = field.worker("cases-2")
    began, number = time.monotonic(), 0
    while time.monotonic() - began < STORM_SECONDS:
        number += 1
        field.send("dossier.intake", field.storm(f"H99.{number}-260907-", 20, number), seconds=4.0)
        third.stop() if number % 2 else third.kill()
        third.start()
        time.sleep(number % 7)
    field.settle(240)


def test_an_event_loop_that_stands_still_for_eight_seconds_loses_nothing(field: Field) -> None:
    field.crew("admit", "projector")
    blocked = field.worker("cases-0", illness="blocks")
    other = field.worker("cases-1")
    for worker in (blocked, other):
        worker.wait_ready()
    for number in range(3):
        field.send("dossier.intake", field.storm(f"H99.{number}-260907-", 150, number), seconds=2.0)
        blocked.signal(signal.SIGUSR1)
    field.settle()
    assert blocked.restarts == 0


def test_workers_stopped_in_turn_past_their_sessions_lose_nothing(crew: Crew) -> None:
    for name in ("cases-0", "cases-1", "admit", "projector"):
        messages = crew.storm(200)
        crew.field.send("dossier.intake", messages[:100])
        crew[name].signal(signal.SIGSTOP)
        crew.field.send("dossier.intake", messages[100:])
        time.sleep(12)  # the fault itself
        crew[name].signal(signal.SIGCONT)
    crew.field.settle()
