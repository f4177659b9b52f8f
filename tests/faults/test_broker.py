"""The broker dies and comes back."""

import signal
import time

import pytest

from tests.support.faults_crew import Crew

pytestmark = pytest.mark.kafka


@pytest.mark.parametrize("seconds", [5, *(pytest.param(long, marks=pytest.mark.long_fault) for long in (20, 120))])
def test_a_broker_killed_and_back_after_seconds_loses_nothing(crew: Crew, seconds: int) -> None:
    down_and_up(crew, signal.SIGKILL, seconds)


@pytest.mark.long_fault
def test_a_broker_restarted_in_order_loses_nothing(crew: Crew) -> None:
    down_and_up(crew, signal.SIGTERM, 0)


def down_and_up(crew: Crew, signal_number: int, seconds: float) -> None:
    """The broker ends in the middle of the work; half of the load comes after it is back."""
    messages = crew.storm(400)
    half = len(messages) // 2
    crew.field.send("dossier.intake", messages[:half])
    crew.field.ground.end(signal_number)
    time.sleep(seconds)  # the fault itself
    crew.field.ground.start()
    crew.field.send("dossier.intake", messages[half:])
    crew.field.settle()
