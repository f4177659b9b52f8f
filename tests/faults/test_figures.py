"""The figures in a real Prometheus are the oracle's while workers come, go and are killed, and count nobody twice."""

import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from streams.beats import case_of, is_beat
from streams.lag import heartbeat
from tests.support.boards import Span, backfill, without_data
from tests.support.faults import Field, new_field, now
from tests.support.faults_ground import Ground
from tests.support.faults_load import Load, in_turns, shaken
from tests.support.kafka import read_all
from tests.support.oracle_figures import LABELS, figures
from tests.support.oracle_logs import read
from tests.support.prometheus import Prometheus, running_prometheus
from tests.support.system import free_base
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.skipif(shutil.which("prometheus") is None, reason="sh deploy/install-system.sh prometheus"),
]
DOSSIERS, OPEN_OF_TWELVE = 120, 5  # of the load's twelve shapes those of number 3, 4, 5, 7 and 11 stay open
OPEN_OF_RARE = 2
REPORTS = 18
WITHIN = 120.0
EACH_ONCE = "sum(max by (kind, alert, partition) (langnghe_open_cases))"  # as alerts and dashboards add up


@pytest.fixture(scope="module")
def field(shared_ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    with new_field(shared_ground, tmp_path_factory.mktemp("figures") / "data") as found:
        yield found


@pytest.fixture(scope="module")
def prometheus(field: Field, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """It has seen how the first load came to one worker, and shows the oracle's figures of it."""
    for name in ("admit", "intake", "projector", "lag", "cases-0"):
        field.worker(name)
    with running_prometheus(tmp_path_factory.mktemp("prometheus"), field.base) as found:
        watch(field, found)
        for worker in field.workers:
            worker.wait_ready()
        all_up = f"count(up == 1) == {len(field.workers)}"
        eventually(lambda: found.value(all_up), within=WITHIN, what="Prometheus sees all of them at 0", every=0.2)
        field.send("dossier.intake", beats(field, 48, 26))
        feed_rare(field)
        feed(field, 1)
        settle(field, found, 1)
        yield found


def watch(field: Field, prometheus: Prometheus) -> None:
    prometheus.watch_over(processes(field))


def processes(field: Field) -> dict[str, int]:
    return {worker.name: worker.port for worker in field.workers}


def feed(field: Field, turn: int, seconds: float = 0.0) -> None:
    """Dossiers and feedback of a turn, with what people decided on the feedback that is not for the inspector."""
    load = Load(turn, now() - timedelta(minutes=2))  # nothing falls overdue while the figures are compared
    field.send("dossier.intake", shaken(in_turns(load.dossiers(f"H99.{turn}-260907-", DOSSIERS)), turn), seconds)
    reports = load.feedback(f"PA-{turn}-", REPORTS)
    field.send("feedback.intake", reports)
    field.send("feedback.events", load.decisions([one for number, one in enumerate(reports) if number % 6 != 5]))
    chosen = zip(reports, ("land", "traffic", "environment"), strict=False)
    field.send("feedback.events", [load.said(case, "corrected", domain=domain) for (case, _), domain in chosen])


def feed_rare(field: Field) -> None:
    """What the boards show and a turn may not have; somebody acts on a report that already stands."""
    load = Load(0, now())
    field.send("dossier.intake", load.rare("H99.0-260908-0000"))
    [(case, text)] = load.feedback("PA-0-", 1)
    field.send("feedback.intake", [(case, text)])
    field.settle_reading()
    field.send("feedback.events", [load.said(case, "assigned", agency="LG.VP")])


def beats(field: Field, first: int, last: int) -> list[tuple[str, bytes]]:
    """The heartbeat's dossiers of the hours from so many ago to so many ago."""
    hours = [datetime.now(UTC) - timedelta(hours=hours) for hours in range(first, last - 1, -1)]
    return [(key.decode(), value) for _, key, value in (next(heartbeat(field.topics, hour)) for hour in hours)]


def kept_and_dropped(field: Field) -> tuple[int, int]:
    """How many of the heartbeat's dossiers of the last day stand, and of those before that do, in whose partition
    another came since; a partition to which none came keeps them until then."""
    day_ago = case_of(datetime.now(UTC) - timedelta(days=1)).encode()
    last = {(one.partition, one.key): one.value for one in
            read_all(field.place.bootstrap, field.topics.dossier.states) if is_beat(one.key)}  # fmt: skip
    recent = {partition for partition, key in last if key > day_ago}
    stand = [(partition, key > day_ago) for (partition, key), value in last.items() if value is not None]
    return sum(new for _, new in stand), sum(not new and partition in recent for partition, new in stand)


@dataclass(frozen=True)
class Compared:
    """True where Prometheus adds up to what it should; else of each metric what is too much, and what is missing."""

    wrong: Mapping[str, object]

    def __bool__(self) -> bool:
        return not self.wrong


def compare(field: Field, prometheus: Prometheus) -> Compared:
    """Every figure against the inputs alone; 0 and none are the same."""
    true, wrong = figures(read(field.place), datetime.now(UTC)), {}
    for name, labels in LABELS.items():
        shown = prometheus.counts(f"sum by ({', '.join(labels)}) ({name})", labels)
        if shown != true[name]:
            wrong[name] = (shown - true[name], true[name] - shown)
    return Compared(wrong)


def last(seconds: float) -> Span:
    now = time.time()
    return Span(now - seconds, now, 15.0)


def day_until(moment: float) -> Span:
    end = moment // 300 * 300
    return Span(end - 24 * 3600, end, 300.0)


def compare_boards(port: int, span: Span) -> Compared:
    """Each query of a panel that shows nothing."""
    return Compared(dict.fromkeys(without_data(port, span)))


def settle(field: Field, prometheus: Prometheus, turns: int) -> None:
    """Waits until all is read, stands as the oracle says, and Prometheus shows the oracle's figures and no others."""
    field.settle()
    eventually(lambda: compare(field, prometheus), within=WITHIN, what="the figures are true", every=1.0)
    assert prometheus.value("sum(langnghe_open_dossiers)") == turns * DOSSIERS * OPEN_OF_TWELVE / 12 + OPEN_OF_RARE
    assert prometheus.value("max(sum by (kind, partition) (langnghe_partition_owned))") == 1
    assert prometheus.value("count(langnghe_partition_owned)") == 2 * field.topics.partitions


def test_every_query_of_the_boards_has_numbers_at_once_and_over_a_day_of_history(
    field: Field, prometheus: Prometheus, tmp_path: Path
) -> None:
    port, day = prometheus.settings.ports.prometheus, day_until(time.time())
    eventually(lambda: compare_boards(port, last(600.0)), within=WITHIN, what="numbers", every=1)
    backfill(processes(field), day, tmp_path / "prometheus" / "data")
    with running_prometheus(tmp_path, free_base()) as filled:
        port = filled.settings.ports.prometheus
        eventually(lambda: compare_boards(port, day), within=WITHIN, what="numbers of yesterday", every=0.2)


def test_sums_are_the_oracles_from_one_worker_to_three_through_a_kill_and_back_to_one(
    field: Field, prometheus: Prometheus
) -> None:
    field.send("dossier.intake", beats(field, 22, 0))
    second, third = field.worker("cases-1"), field.worker("cases-2")
    watch(field, prometheus)
    feed(field, 2, seconds=4.0)
    settle(field, prometheus, 2)
    third.kill()
    field.workers.remove(third)  # it stays one of those that Prometheus asks
    feed(field, 3)
    settle(field, prometheus, 3)
    before, began = prometheus.value(EACH_ONCE), time.monotonic()
    field.remove(second)
    settle(field, prometheus, 3)
    since = f"{time.monotonic() - began:.0f}s"
    assert prometheus.value(f"max_over_time(({EACH_ONCE})[{since}:1s])") == before
    assert prometheus.value("count(langnghe_heartbeat_timestamp_seconds)") == 3  # it was there, and in no figure
    kept, left = kept_and_dropped(field)
    assert (kept >= 22, left) == (True, 0)
