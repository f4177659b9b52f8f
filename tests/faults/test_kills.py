"""kill -9 at the worst moments: what stands afterwards is what the inputs alone come to."""

import json
import signal
import time
from datetime import timedelta

import pytest

from tests.support.faults import SESSION_SECONDS, Field, now
from tests.support.faults_crew import Crew
from tests.support.faults_load import LIMITED, Message
from tests.support.faults_sick import BUSY, WELL
from tests.support.offsets import count
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka
TAKEOVER_SECONDS = 60.0


def received(code: str) -> Message:
    """A dossier whose time ran out days ago."""
    return step(code, 2, 40, received_at=ago(40), due_at=ago(20))


def stopped(code: str) -> Message:
    """A supplement was asked for, and has not come, before its time ran out."""
    return step(code, 5, 30)


def step(code: str, status: int, days_ago: int, **told: str) -> Message:
    data = {"dossier_code": code, "status": status, "occurred_at": ago(days_ago), "procedure_code": LIMITED, **told}
    return code, json.dumps(data).encode()


def ago(days: int) -> str:
    return (now() - timedelta(days=days)).isoformat()


def test_a_case_worker_killed_in_the_middle_of_the_load_loses_nothing(crew: Crew) -> None:
    messages, written = crew.storm(600), crew.written()
    half = len(messages) // 2
    crew.field.send("dossier.intake", messages[:half])
    eventually(lambda: crew.written() > written, within=60, what="some states")
    crew.first.kill()
    crew.field.send("dossier.intake", messages[half:])
    crew.first.start()
    crew.field.settle()


@pytest.mark.parametrize("part", ["outcomes", pytest.param("states", marks=pytest.mark.long_fault)])
def test_a_case_worker_killed_when_its_outcomes_or_states_were_just_acknowledged(crew: Crew, part: str) -> None:
    killed = []

    def kill() -> bool:
        crew.first.signal(signal.SIGKILL)
        killed.append(part)
        return False

    crew.proxies("cases-0")[0].on_acknowledgement(crew.field.topics.named(f"dossier.{part}"), kill)
    crew.field.send("dossier.intake", crew.storm(200))
    eventually(lambda: killed, within=TAKEOVER_SECONDS, what=f"{part} acknowledged")
    assert crew.first.process is not None
    crew.first.process.wait(10)
    crew.first.start()
    crew.field.settle()


@pytest.mark.parametrize("part", ["states", pytest.param("outcomes", marks=pytest.mark.long_fault)])
def test_a_worker_stopped_before_or_after_it_tells_and_woken_never_overwrites_its_successor(
    crew: Crew, part: str
) -> None:
    stopped = []

    def stop() -> bool:
        crew.first.signal(signal.SIGSTOP)
        stopped.append(time.monotonic())
        return True

    messages = crew.storm(200)
    third = len(messages) // 3
    crew.proxies("cases-0")[0].on_acknowledgement(crew.field.topics.named(f"dossier.{part}"), stop)
    crew.field.send("dossier.intake", messages[:third])
    eventually(lambda: stopped, within=TAKEOVER_SECONDS, what=f"{part} acknowledged")
    crew.field.send("dossier.intake", messages[third : 2 * third])
    crew.field.settle_reading()
    crew.first.signal(signal.SIGCONT)
    time.sleep(2.0)  # what it was about to write would be written by now
    crew.second.kill()
    crew.field.send("dossier.intake", messages[2 * third :])
    crew.field.settle()
    assert crew.first.runs(), "the sleeper was restarted, so nothing was fenced"


@pytest.mark.parametrize("part", ["outcomes", pytest.param("states", marks=pytest.mark.long_fault)])
def test_an_alert_that_was_told_before_a_crash_is_taken_back_though_the_repeat_reads_what_undoes_it(
    crew: Crew, part: str
) -> None:
    """Twenty dossiers are overdue; one tells it and is killed; then it is learnt that their clocks stood still."""
    killed, topics = [], crew.field.topics
    codes = [f"H99.T{part[0]}-260907-{number:05d}" for number in range(20)]

    def kill() -> bool:
        crew.first.signal(signal.SIGKILL)
        killed.append(part)
        return part == "states"

    written = crew.written()
    crew.field.send("dossier.intake", [received(code) for code in codes])
    eventually(lambda: crew.written() >= written + len(codes), within=60, what="all are received")
    crew.proxies("cases-0")[0].on_acknowledgement(topics.named(f"dossier.{part}"), kill)
    eventually(lambda: killed, within=TAKEOVER_SECONDS, what=f"{part} of an alert acknowledged", every=0.05)
    crew.field.send("dossier.intake", [stopped(code) for code in codes])
    assert crew.first.process is not None
    crew.first.process.wait(10)
    crew.first.start()
    crew.field.settle()


def test_states_that_a_sleeper_had_sent_before_it_slept_never_stand_over_its_successor_s(crew: Crew) -> None:
    proxy, stopped = crew.proxies("cases-0")[0], []

    def stop() -> None:
        crew.first.signal(signal.SIGSTOP)
        stopped.append(crew.written())

    messages = crew.storm(200)
    third = len(messages) // 3
    proxy.hold_request(crew.field.topics.dossier.states, stop)
    crew.field.send("dossier.intake", messages[:third])
    eventually(lambda: stopped, within=TAKEOVER_SECONDS, what="states on their way")
    crew.field.send("dossier.intake", messages[third : 2 * third])
    crew.field.settle_reading()
    written = crew.written()
    proxy.release()
    eventually(lambda: crew.written() > written, within=TAKEOVER_SECONDS, what="the sleeper's states arrive")
    crew.first.signal(signal.SIGCONT)
    crew.field.send("dossier.intake", messages[2 * third :])
    crew.field.settle()
    assert crew.first.runs(), "the sleeper was restarted, so nothing was fenced"


def test_what_a_sleeper_wrote_last_is_written_again_though_nothing_more_happens_there(crew: Crew) -> None:
    proxy, stopped = crew.proxies("cases-0")[0], []
    codes = [f"H99.U-260907-{number:05d}" for number in range(40)]

    def stop() -> None:
        crew.first.signal(signal.SIGSTOP)
        stopped.append(crew.written())

    proxy.hold_request(crew.field.topics.dossier.states, stop)
    crew.field.send("dossier.intake", [step(code, 2, 1, received_at=ago(1), due_at=ago(-20)) for code in codes])
    eventually(lambda: stopped, within=TAKEOVER_SECONDS, what="states on their way")
    crew.field.send("dossier.intake", [step(code, 4, 0) for code in codes])
    crew.field.settle_reading()
    written = crew.written()
    proxy.release()
    eventually(lambda: crew.written() > written, within=TAKEOVER_SECONDS, what="the sleeper's states arrive")
    late = crew.written()
    eventually(lambda: crew.written() > late, within=TAKEOVER_SECONDS, what="their owner writes them again")
    crew.first.signal(signal.SIGCONT)
    crew.field.settle()


@pytest.mark.long_fault
def test_a_case_worker_stopped_past_its_session_and_woken_loses_nothing(crew: Crew) -> None:
    messages = crew.storm(300)
    half = len(messages) // 2
    crew.field.send("dossier.intake", messages[:half])
    crew.second.signal(signal.SIGSTOP)
    crew.field.send("dossier.intake", messages[half:])
    time.sleep(SESSION_SECONDS + 3)  # the fault itself lasts so long
    crew.second.signal(signal.SIGCONT)
    crew.field.settle()


@pytest.mark.long_fault
@pytest.mark.parametrize("delay", [0.5, 2.0, 4.0, 6.0])
def test_a_case_worker_killed_while_it_joins_or_recovers_loses_nothing(field: Field, delay: float) -> None:
    field.crew("admit", "cases-0", "projector")
    field.send("dossier.intake", field.storm("H99.1-260907-", 400))
    eventually(lambda: count(field.ground.bootstrap, field.topics.dossier.states), within=60, what="some states")
    joining = field.worker("cases-1")
    time.sleep(delay)
    joining.kill()
    field.send("dossier.intake", field.storm("H99.2-260907-", 100))
    joining.start()
    time.sleep(delay)
    field.workers[1].kill()
    field.workers[1].start()
    field.settle()


def test_a_case_worker_whose_recovery_rebalances_break_off_keeps_no_store_that_lacks_states(field: Field) -> None:
    well, messages = field.data / "well", field.storm("H99.1-260907-", 100)
    field.crew("admit", "cases-0", "projector")
    field.send("dossier.intake", messages[: len(messages) // 2])
    field.settle()
    field.worker("cases-1", illness="starves", environment={WELL: str(well)})
    eventually((field.data / BUSY).exists, within=60, what="tables are being recovered")
    for third in ("cases-2", "cases-3"):
        field.worker(third).wait_ready()
    well.touch()
    field.send("dossier.intake", messages[len(messages) // 2 :])
    field.settle()


@pytest.mark.long_fault
def test_thirty_kills_in_a_row_lose_nothing(field: Field) -> None:
    _, *victims, _ = field.crew("admit", "cases-0", "cases-1", "projector")
    for number in range(30):
        field.send("dossier.intake", field.storm(f"H99.{number}-260907-", 60, number), seconds=1.0)
        victim = victims[number % 2]
        victim.kill()
        victim.start()
    field.settle()


@pytest.mark.long_fault
def test_the_projector_and_the_admit_worker_killed_again_and_again_lose_nothing(field: Field) -> None:
    admit, _, projector = field.crew("admit", "cases-0", "projector")
    for number in range(6):
        field.send("dossier.intake", field.storm(f"H99.{number}-260907-", 150, number), seconds=2.0)
        for victim in (projector, admit):
            victim.kill()
            victim.start()
    field.settle()
