"""A changed calendar over many open dossiers: how long until all are watched and written under it, and events wait."""

import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any

from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

from casework.calendar import VIETNAM, Calendar
from casework.rules import Rules
from cli.rules import load_rules
from streams.codec import decode_outcome
from streams.topics import SPECS
from tests.bench.arithmetic import percentile
from tests.bench.figures import Figure, Sizes
from tests.bench.following import PARTITIONS, Bench
from tests.bench.kafka import Stalled, behind, broker_on, each, fill, follow_commits
from tests.bench.load import Dossiers, clean, fresh, in_turn, national, open_histories
from tests.support.kafka import fresh_topics
from tests.support.offsets import ends
from tests.support.system import free_base
from tests.support.waiting import eventually

WORKERS = 2
RATE = 50
DOSSIERS_A_MINUTE = RATE * 60 // 4
MOST_SECONDS = 600.0
READ_SECONDS = 60.0
BACKLOG_SECONDS = 3.0
CALM_SECONDS = 8
EXPECTED_SECONDS = 60
CALENDAR = "calendar.csv"
LIVE = "RC"
PROGRESS = ("langnghe_cases_to_refold", "langnghe_partition_owned", "langnghe_partitions_to_look_through")


@dataclass(frozen=True, slots=True)
class Cluster(Bench):
    """A bench with a directory of rules of its own; its workers run on any core."""

    @property
    def rules(self) -> Path:
        return self.data / "rules"

    @property
    def environment(self) -> dict[str, str]:
        return Bench.environment.__get__(self) | {"LANGNGHE_RULES": str(self.rules)}

    @contextmanager
    def workers(self, *names: str) -> Iterator[int]:
        """Workers by name; a number behind a dash is that of a case worker. Gives the base of their ports."""
        base = free_base()
        common = ("--data", str(self.data / "workers"), "--port-base", str(base))
        with ExitStack() as stack:
            for name in names:
                kind, _, number = name.partition("-")
                more = ("--number", number) if number else ()
                stack.enter_context(self.running("-m", "cli.main", "worker", kind, *common, *more))
            yield base

    def change_calendar(self, calendar: Calendar) -> Rules:
        """One more day off: the first working day after today that the calendar says nothing of."""
        after = (datetime.now(VIETNAM).date() + timedelta(days=number) for number in count(1))
        text = (files("casework") / "data" / CALENDAR).read_text(encoding="utf-8").rstrip("\n")
        day = next(day for day in after if calendar.is_working(day) and str(day) not in text)
        (self.rules / CALENDAR).write_text(f"{text}\n{_day_off(text, day)}\n", encoding="utf-8")
        return load_rules(self.rules)


def _day_off(calendar: str, day: date) -> str:
    """A row of the calendar, with as many columns as it has."""
    row = {"date": str(day), "kind": "local_closure", "name": "Nghỉ theo quyết định của tỉnh", "counted": "yes",
           "source": "QĐ 1/QĐ-UBND"}  # fmt: skip
    return ",".join(row.get(name, "") for name in calendar.splitlines()[0].split(","))


def _told(base: int, *names: str) -> list[float]:
    """Gauges of dossiers summed over the case workers, in the order of the names. Raises OSError."""
    found = dict.fromkeys(names, 0.0)
    for number in range(WORKERS):
        with urllib.request.urlopen(f"http://127.0.0.1:{base + 1 + number}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        for line in lines:
            name, _, rest = line.partition("{")
            if name in found and 'kind="dossier"' in rest:
                found[name] += float(line.rpartition(" ")[2])
    return list(found.values())


def recalculate(data: Path, sizes: Sizes, rules: Rules) -> list[Figure]:
    """States made by the workers, then the workers started again under another calendar, events flowing meanwhile."""
    dossiers, cases = sizes.open_dossiers, [f"cases-{number}" for number in range(WORKERS)]
    with _cluster(data) as at:
        _build(at, cases, dossiers, rules)
        written = sum(ends(at.bootstrap, at.topics.dossier.states, partitions=PARTITIONS).values())
        new = at.change_calendar(rules.calendar)
        began = time.time()
        with at.workers("admit", *cases) as base:
            with _flowing(at) as sent:
                watched = _wait_until_folded_again(at, base, written + dossiers)
            _wait_until_read(at)
        return _figures(_seen(at, new.hash, began), sent, began, watched, dossiers)


@contextmanager
def _cluster(data: Path) -> Iterator[Cluster]:
    """Nothing is pinned: case workers, Kafka and the sender share what there is."""
    (data / "rules").mkdir(parents=True)
    with broker_on(None, data / "kafka") as broker:
        bootstrap = broker.settings.bootstrap
        _stamped_by_kafka(bootstrap, "recalc.dossier.states")
        topics = fresh_topics(broker, "recalc.", PARTITIONS)
        yield Cluster(bootstrap, topics, data, None)


def _stamped_by_kafka(bootstrap: str, topic: str) -> None:
    """The times of its records are then those at which they can be read."""
    spec = next(spec for spec in SPECS if topic.endswith(spec.name))
    config = {**spec.config, "message.timestamp.type": "LogAppendTime"}
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        admin.create_topics([NewTopic(topic, PARTITIONS, 1, topic_configs=config)])
        admin.wait_for_topics([topic])


def _build(at: Cluster, cases: list[str], dossiers: int, rules: Rules) -> None:
    """The states of so many open dossiers, and every alert that is true of them by then."""
    lane, group = at.topics.dossier, at.topics.cases_app
    histories = open_histories(Dossiers(rules), dossiers, datetime.now(VIETNAM))
    sent = fill(at.bootstrap, lane.events, map(clean, in_turn(histories)))
    with at.workers(*cases):
        follow_commits(at.bootstrap, group, lane.events, sent, lambda: 0.0)
        _wait_for_calm(lambda: behind(at.bootstrap, group, lane.ticks, PARTITIONS))


def _wait_for_calm(unread: Callable[[], int]) -> None:
    """What was past on arrival ticks five seconds after the last event, a few thousand a round. Raises Stalled."""
    deadline = time.monotonic() + MOST_SECONDS
    calm = 0
    while calm < CALM_SECONDS:
        if time.monotonic() > deadline:
            raise Stalled(f"{unread()} ticks unread")
        time.sleep(1.0)
        calm = 0 if unread() else calm + 1


@contextmanager
def _flowing(at: Cluster) -> Iterator[dict[tuple[str, int], float]]:
    """National payloads at a steady rate until the end; when each was due to be sent, by code and its how-manieth."""
    sent: dict[tuple[str, int], float] = {}
    stop = threading.Event()

    def flow() -> None:
        start, number = time.time(), 0
        with closing(KafkaProducer(bootstrap_servers=at.bootstrap, acks="all", linger_ms=0)) as producer:
            while not stop.wait(max(0.0, start + number / RATE - time.time())):
                minute, place = divmod(number, RATE * 60)
                code, turn, event = fresh(DOSSIERS_A_MINUTE, place, datetime.now(VIETNAM), f"{LIVE}{minute}")
                key, value = national(event)
                producer.send(at.topics.dossier_intake, value, key=key)
                sent[code, turn] = start + number / RATE
                number += 1

    thread = threading.Thread(target=flow)
    thread.start()
    try:
        yield sent
    finally:
        stop.set()
        thread.join(30)


def _wait_until_folded_again(at: Cluster, base: int, states: int) -> float:
    """Until so many states were written and no worker has any case left; since when all are watched by new rules."""
    deadline, watched = time.monotonic() + MOST_SECONDS, 0.0
    while True:
        left, owned, ahead = _progress(base)
        watched = (watched or time.time()) if (owned, ahead) == (PARTITIONS, 0) else 0.0
        if not left and sum(ends(at.bootstrap, at.topics.dossier.states, partitions=PARTITIONS).values()) >= states:
            return watched or time.time()
        if time.monotonic() > deadline:
            raise Stalled(f"{left:.0f} cases left; the workers said: {at.log.read_text()[-2000:]}")
        time.sleep(0.5)


def _wait_until_read(at: Cluster) -> None:
    """Until the last live event is folded."""
    topics = at.topics
    read = ((topics.admit_app, topics.dossier_intake), (topics.cases_app, topics.dossier.events))
    for group, topic in read:
        eventually(lambda group=group, topic=topic: not behind(at.bootstrap, group, topic, PARTITIONS),
                   within=READ_SECONDS, what=f"{topic} read", every=0.5)  # fmt: skip


def _progress(base: int) -> list[float]:
    """Of each of these the sum; as at the start while a worker does not answer."""
    try:
        return _told(
            base, "langnghe_cases_to_refold", "langnghe_partition_owned", "langnghe_partitions_to_look_through"
        )
    except OSError:
        return [1.0, 0.0, 0.0]


@dataclass(slots=True)
class Seen:
    """What stands on the states topic in the end: times in seconds since 1970."""

    current: dict[str, bool] = field(default_factory=dict)
    first_current: dict[str, float] = field(default_factory=dict)
    live: dict[tuple[str, int], float] = field(default_factory=dict)
    late: float = 0.0  # when the last alert was told whose moment was past when the rules changed


def _seen(at: Cluster, rules: str, began: float) -> Seen:
    """When each dossier was first written under the rules of that hash, and when each live event was folded."""
    seen, wanted = Seen(), f'"rules":"{rules}"'.encode()
    for record in each(at.bootstrap, at.topics.dossier.states, PARTITIONS):
        if record.value is None:
            continue  # a worker's claim
        code, stamp = record.key.decode(), record.timestamp / 1000
        if code.startswith(LIVE):
            for turn in range(1, record.value.count(b'"status":') + 1):
                seen.live.setdefault((code, turn), stamp)
            continue
        seen.current[code] = wanted in record.value
        if seen.current[code]:
            seen.first_current.setdefault(code, stamp)
    outcomes = each(at.bootstrap, at.topics.dossier.outcomes, PARTITIONS)
    seen.late = max((one.timestamp / 1000 for one in outcomes if _is_late(one, began)), default=0.0)
    return seen


def _is_late(record: Any, began: float) -> bool:
    """Whether an outcome raised an alert after `began` whose moment was past by then."""
    if record.timestamp / 1000 < began or record.key.startswith(LIVE.encode()):
        return False
    outcome = decode_outcome(record.value)
    return outcome.outcome == "alert_raised" and outcome.at.timestamp() < began


def _figures(
    seen: Seen, sent: Mapping[tuple[str, int], float], began: float, watched: float, dossiers: int
) -> list[Figure]:
    first, last = min(seen.first_current.values()), max(seen.first_current.values())
    # what was sent while no worker ran is read first, and says nothing about folding again
    counted = {place: at for place, at in sent.items() if first + BACKLOG_SECONDS <= at <= last}
    during = [seen.live[place] - at for place, at in counted.items() if place in seen.live]
    waits = [wait * 1000 for wait in during] or [0.0]
    note = f"{dossiers:,} open dossiers, {WORKERS} case workers, {len(sent):,} live events at {RATE}/s"
    old = dossiers - sum(seen.current.values())
    lost = len(sent.keys() - seen.live.keys())
    return [
        Figure(
            "from the start of the workers until every alert stands at its new moment",
            watched - began,
            "s",
            high=EXPECTED_SECONDS,
            note=note,
        ),
        Figure(
            "from the start of the workers until every alert of a moment past by then is told", seen.late - began, "s"
        ),
        Figure("from the start of the workers until the last state is written", last - began, "s"),
        Figure("from the first state under the new calendar to the last", last - first, "s"),
        Figure("rate", dossiers / max(0.001, last - first), "dossiers/s"),
        Figure("states left under the old calendar", old, "states", high=0, note="read from the states topic"),
        Figure("live events meanwhile, p50", percentile(waits, 0.5), "ms", note=f"{len(during):,} events"),
        Figure("live events meanwhile, p99", percentile(waits, 0.99), "ms"),
        Figure("live events meanwhile, slowest", max(waits), "ms"),
        Figure("live events lost", lost, "events", high=0, note=f"of {len(sent):,}"),
    ]
