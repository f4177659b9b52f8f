"""A calendar that changes under open dossiers, and sources whose data is odd: what is told, stands and counts."""

import json
import os
import signal
import threading
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from http.client import HTTPException
from pathlib import Path

import pytest
from kafka import KafkaProducer

from casework.calendar import VIETNAM, Calendar
from casework.clocks_of_sources import ENOUGH_EVENTS
from casework.dossiers import DossierState, Transition, apply
from casework.outcomes import Outcome
from casework.rules import Rules
from cli.doctor import metrics_urls, running_rules, same_rules
from cli.rules import load_rules
from cli.settings import read_settings
from streams.codec import admit, decode_dossier_state, decode_outcome
from streams.topics import Topics
from tests.support.kafka import PARTITIONS, latest, read_all
from tests.support.offsets import unread
from tests.support.rules import files
from tests.support.system import System, running_system
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka

TOPICS = Topics(partitions=PARTITIONS)
LANE = TOPICS.dossier
WITHIN = 240.0
MANY = 2_000
SOURCE, MORNING_SOURCE = "/mot-cua/thu", "/mot-cua/xa-12"
Events = dict[str, list[bytes]]


@dataclass(frozen=True)
class Dates:
    """A dossier of ten working days, due on the last working day, and a day off that moves that to the next one."""

    calendar: Calendar
    today: date

    @cached_property
    def due(self) -> date:
        return self.calendar.add_working(self.today, -1)

    @cached_property
    def received(self) -> date:
        return self.calendar.add_working(self.due, -10)

    @cached_property
    def day_off(self) -> date:
        days = (self.calendar.add_working(self.due, -number) for number in range(1, 9))
        return next(day for day in days if str(day) not in files()["calendar.csv"])

    @cached_property
    def new_due(self) -> date:
        return self.calendar.add_working(self.due, 1)


OLD = load_rules()
DATES = Dates(OLD.calendar, datetime.now(VIETNAM).date())
TEN_DAYS = next(code for code, one in OLD.procedures.items() if one.limit and (one.limit.unit, one.limit.amount) ==
                ("working_days", 10))  # fmt: skip


@dataclass(frozen=True)
class Province:
    """A system with rule files of its own."""

    system: System
    directory: Path

    def add_day_off(self, day: date) -> Rules:
        row = {"date": str(day), "kind": "local_closure", "name": "Nghỉ theo quyết định của tỉnh", "counted": "yes",
               "source": "QĐ 1/QĐ-UBND"}  # fmt: skip
        text = files()["calendar.csv"].rstrip("\n")
        line = ",".join(row.get(name, "") for name in text.splitlines()[0].split(","))
        (self.directory / "calendar.csv").write_text(f"{text}\n{line}\n", encoding="utf-8")
        return load_rules(self.directory)

    def metric(self, port: int, start: str) -> float:
        """The sum of the samples that begin so; raises OSError while the process does not answer."""
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(start))

    def produce(self, values: list[bytes]) -> None:
        with closing(KafkaProducer(bootstrap_servers=self.system.bootstrap, acks="all", linger_ms=5)) as producer:
            for future in [producer.send(TOPICS.dossier_intake, value) for value in values]:
                future.get(60)

    def states(self) -> dict[str, DossierState]:
        found = latest(self.system.bootstrap, LANE.states)
        return {code: decode_dossier_state(value) for code, value in found.items() if not code.startswith("HB-")}

    def told(self) -> dict[str, list[Outcome]]:
        """Outcomes by dossier in order, each id once: a repeat after a crash has the id that it had."""
        found: dict[str, dict[str, Outcome]] = defaultdict(dict)
        for record in read_all(self.system.bootstrap, LANE.outcomes):
            outcome = decode_outcome(record.value)
            found[outcome.case_id].setdefault(outcome.id, outcome)
        return {code: list(outcomes.values()) for code, outcomes in found.items()}

    def everything_read(self) -> bool:
        bootstrap = self.system.bootstrap
        return not (
            unread(bootstrap, TOPICS.admit_app, TOPICS.dossier_intake)
            or unread(bootstrap, TOPICS.cases_app, LANE.events, LANE.ticks)
        )

    def settled(self) -> None:
        eventually(self.everything_read, within=WITHIN, what="intake, events and ticks read", every=0.5)

    def case_worker(self) -> int:
        (pid,) = eventually(lambda: self.system.pids("worker cases"), within=60, what="the case worker runs")
        return pid


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    directory = tmp_path_factory.mktemp("rules")
    data = tmp_path_factory.mktemp("province") / "data"
    with running_system(data, environment={"LANGNGHE_RULES": str(directory)}) as system:
        yield Province(system, directory)


def wire(code: str, at: datetime, status: int, source: str = SOURCE, **more: str) -> bytes:
    data = {"dossier_code": code, "status": status, "occurred_at": at.isoformat(), **more}
    return json.dumps({"specversion": "1.0", "id": f"{code}-{status}-{at}", "source": source,
                       "type": "dossier.status_changed", "data": data}).encode()  # fmt: skip


def afternoon(day: date) -> datetime:
    return datetime.combine(day, time(15, 5), VIETNAM)


def received(code: str) -> bytes:
    return wire(code, afternoon(DATES.received), 2, procedure_code=TEN_DAYS)


def folded(values: list[bytes], rules: Rules) -> DossierState:
    """The state that the events alone come to, without what depends on ticks."""
    events = [admit(value) for value in values]
    steps: list[Transition] = [replace(event.transition, source=event.source) for event in events]
    return facts(apply(None, events[0].dossier_code, steps, rules).state)


def facts(state: DossierState) -> DossierState:
    return replace(state, alert=None, alert_id=None, duty=None, duty_id=None, counts={})


@contextmanager
def flowing(province: Province, events: Events) -> Iterator[None]:
    """New dossiers, twenty a second, until the end; they are added to `events`."""
    stop = threading.Event()

    def flow() -> None:
        with closing(KafkaProducer(bootstrap_servers=province.system.bootstrap, acks="all")) as producer:
            number = 0
            while not stop.wait(0.05):
                code = f"H99.7-{DATES.received:%y%m%d}-{number:06d}"
                producer.send(TOPICS.dossier_intake, value := received(code)).get(60)
                events[code] = [value]
                number += 1

    thread = threading.Thread(target=flow)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def code_of(number: int) -> str:
    return f"H99.1-{DATES.received:%y%m%d}-{number:06d}"


OPEN, CLOSED = code_of(0), f"H99.2-{DATES.received:%y%m%d}-000001"
OLD_ALERT = f"{OPEN}:{DATES.due}:overdue"


def prepared() -> Events:
    """Open dossiers that are overdue by a day, and one that ended today, late."""
    events = {code: [received(code)] for code in map(code_of, range(MANY))}
    ended = wire(CLOSED, datetime.combine(DATES.today, time(0, 0, 1), VIETNAM), 9)
    return {**events, CLOSED: [received(CLOSED), ended]}


def alerted(province: Province) -> bool:
    states = province.states()
    return len(states) > MANY and all(state.alert == "overdue" for code, state in states.items() if code != CLOSED)


def under(province: Province, codes: set[str]) -> set[str]:
    return {state.rules for code, state in province.states().items() if code in codes}


def killed_in_the_middle(province: Province) -> None:
    """Ends the case worker as soon as it has begun to fold again; fails where it is through before that is seen."""
    port = province.system.ports.cases(0)

    def some_left() -> bool:
        try:
            return 0 < province.metric(port, 'langnghe_cases_to_refold{kind="dossier"}') < MANY
        except (OSError, HTTPException):  # it is on its way down or up
            return False

    eventually(some_left, within=60, what="folding again has begun", every=0.01)
    os.kill(province.case_worker(), signal.SIGKILL)


def test_a_changed_calendar_moves_every_dossier_once_though_the_worker_is_killed_and_events_flow(
    province: Province,
) -> None:
    events = prepared()
    province.produce([value for values in events.values() for value in values])
    province.settled()
    eventually(lambda: alerted(province), within=WITHIN, what="all are overdue", every=2.0)
    before = province.states()
    assert (before[OPEN].due, before[CLOSED].standing) == (DATES.due, "late")

    new = province.add_day_off(DATES.day_off)
    first = set(events)
    with flowing(province, events):
        os.kill(province.case_worker(), signal.SIGTERM)
        killed_in_the_middle(province)
        eventually(lambda: under(province, first) == {new.hash}, within=WITHIN, every=2.0,
                   what="every dossier under the new calendar")  # fmt: skip
    province.settled()
    states = eventually(lambda: (found := province.states()).keys() >= events.keys() and found, within=WITHIN,
                        what="every dossier that came meanwhile", every=1.0)  # fmt: skip
    assert [code for code, values in events.items() if facts(states[code]) != folded(values, new)] == []
    check_told(province.told(), first)
    stands = eventually(lambda: province.states()[OPEN].alert, within=60, what="the new alert stands", every=1.0)
    assert stands == "apology_due"


def check_told(told: dict[str, list[Outcome]], codes: set[str]) -> None:
    """Each dossier was recalculated once, from and to and why; the old date's alert is gone, the end judged anew."""
    moved = (str(DATES.due), str(DATES.new_due), "calendar")
    wrong = [code for code in codes if [(one.from_, one.to, one.cause) for one in told[code]
                                        if one.outcome == "recalculated"] != [moved]]  # fmt: skip
    assert wrong == []
    retracted = [one.alert_id for one in told[OPEN] if one.outcome == "alert_retracted"]
    assert retracted == [OLD_ALERT]
    raised = {code: [one.alert_id for one in told[code] if one.outcome == "alert_raised"] for code in codes}
    assert [code for code, ids in raised.items() if len(ids) != len(set(ids))] == []
    judged = [one.standing for one in told[CLOSED] if one.outcome == "closed"]
    assert judged[-2:] in (["late", "on_time"], ["late", "early"])  # before them where the end came before the receipt


def test_processes_with_other_rules_are_named(province: Province) -> None:
    """The test before has restarted the case worker alone."""
    settings = read_settings({"LANGNGHE_RULES": str(province.directory)}, province.system.data, province.system.base)
    running = eventually(lambda: (found := running_rules(metrics_urls(settings))).keys() >= {"cases-0"} and found,
                         within=60, what="the case worker answers", every=0.5)  # fmt: skip
    assert running.keys() >= {"cases-0", "admit", "intake", "projector", "lag"}
    finding = same_rules(running, load_rules(province.directory).hash)
    assert not finding.good
    assert "Các tiến trình chạy với bộ quy tắc khác nhau" in finding.words
    assert "cases-0" not in finding.words.rpartition("khởi động lại")[2]


def test_a_source_with_a_12_hour_clock_is_flagged_and_counted_and_what_it_cannot_say_is_refused(
    province: Province,
) -> None:
    day = DATES.today - timedelta(days=2)
    codes = [f"H99.3-{day:%y%m%d}-{number:06d}" for number in range(ENOUGH_EVENTS + 20)]
    mornings = [datetime.combine(day, time(1 + number % 12, number % 60), VIETNAM) for number in range(len(codes))]
    values = [wire(code, at, 4, MORNING_SOURCE) for code, at in zip(codes, mornings, strict=True)]
    province.produce([*values, wire("H99.3-1", mornings[0], 4, MORNING_SOURCE, due_at="30/02/2026"), b"?"])
    province.settled()
    found = province.states()
    flagged = [code for code in codes if "twelve_hour_clock" in found[code].flags]
    assert len(flagged) == 21
    ports = province.system.ports
    labels = f'{{flag="twelve_hour_clock",source="{MORNING_SOURCE}"}}'
    assert province.metric(ports.cases(0), f"langnghe_flagged_total{labels}") == len(flagged)
    refused = f'langnghe_refused_total{{reason="bad_date due_at",source="{MORNING_SOURCE}"}}'
    assert province.metric(ports.admit, refused) == 1
    assert province.metric(ports.admit, 'langnghe_refused_total{reason="not_json $",source="unknown"}') == 1
