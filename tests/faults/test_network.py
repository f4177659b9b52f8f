"""The network between workers and broker delays, cuts, freezes and loses acknowledgements."""

import time

import pytest

from tests.support.faults import SESSION_SECONDS
from tests.support.faults_crew import Crew
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka
REQUEST_SECONDS = 30.0


@pytest.mark.parametrize("part", ["outcomes", pytest.param("states", marks=pytest.mark.long_fault)])
def test_an_acknowledgement_that_is_lost_costs_nothing(crew: Crew, part: str) -> None:
    lost = []

    def lose() -> bool:
        lost.append(part)
        return False

    crew.proxies("cases-0")[0].on_acknowledgement(crew.field.topics.named(f"dossier.{part}"), lose)
    crew.field.send("dossier.intake", crew.storm(200))
    eventually(lambda: lost, within=60, what=f"{part} acknowledged")
    crew.field.settle()


@pytest.mark.long_fault
def test_connections_that_break_all_the_time_lose_nothing(crew: Crew) -> None:
    for proxy in crew.proxies("cases-0", "cases-1"):
        proxy.cut_share = 0.01
    crew.field.send("dossier.intake", crew.storm(400), seconds=20)
    crew.leave()
    crew.field.settle()


@pytest.mark.long_fault
def test_a_slow_network_loses_nothing(crew: Crew) -> None:
    for proxy in crew.proxies("cases-0", "cases-1"):
        proxy.delay = 0.3
    crew.field.send("dossier.intake", crew.storm(200), seconds=10)
    crew.field.settle(240)


@pytest.mark.long_fault
@pytest.mark.parametrize("seconds", [SESSION_SECONDS + 5, REQUEST_SECONDS + 15])
def test_a_half_open_connection_of_one_worker_loses_nothing(crew: Crew, seconds: float) -> None:
    messages = crew.storm(300)
    half = len(messages) // 2
    crew.field.send("dossier.intake", messages[:half])
    crew.proxies("cases-0")[0].freeze()
    crew.field.send("dossier.intake", messages[half:], seconds=5)
    time.sleep(seconds)  # the fault itself
    crew.leave()
    crew.field.settle()


@pytest.mark.long_fault
def test_workers_that_cannot_reach_the_broker_for_a_minute_lose_nothing(crew: Crew) -> None:
    messages = crew.storm(300)
    half = len(messages) // 2
    crew.field.send("dossier.intake", messages[:half])
    for proxy in crew.proxies("cases-0", "cases-1"):
        proxy.refusing = True
        proxy.cut()
    crew.field.send("dossier.intake", messages[half:])
    time.sleep(60)  # the fault itself
    crew.leave()
    crew.field.settle()
