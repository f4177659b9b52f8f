"""Drain and admit rates of single worker processes, each on a core of its own, and of stock Faust."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from casework import dossiers
from casework.rules import Rules
from cli.settings import HERE
from streams.codec import StatusChanged
from streams.topics import Topics
from tests.bench.arithmetic import Sample, rate, windows
from tests.bench.figures import Figure, Sizes
from tests.bench.kafka import Stalled, broker_on, fill, follow_commits, kept, told_closed
from tests.bench.load import Dossiers, History, clean, in_order, in_rounds, national
from tests.bench.machine import cpu_seconds, on_core, two_cores
from tests.support.kafka import fresh_topics, read_all
from tests.support.processes import end
from tests.support.system import free_base

PARTITIONS = 12
EXPECTED_DRAIN = 5_000
WINDOW_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Bench:
    """A broker with topics of this run, and where processes under measurement keep their data."""

    bootstrap: str
    topics: Topics
    data: Path
    core: int | None

    @property
    def log(self) -> Path:
        return self.data / "worker.log"

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "KAFKA_BOOTSTRAP": self.bootstrap, "LANGNGHE_TOPIC_PREFIX": self.topics.prefix,
            "LANGNGHE_PARTITIONS": str(self.topics.partitions), "PYTHONPATH": str(HERE),
        }  # fmt: skip
        return os.environ | own

    @contextmanager
    def running(self, *command: str) -> Iterator[int]:
        """The process id of a Python process on the core; ended afterwards."""
        with on_core(self.core), self.log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, *command], env=self.environment, cwd=HERE, stdout=output, stderr=output
            )
        try:
            yield process.pid
        finally:
            end(process)

    def worker(self, name: str) -> tuple[str, ...]:
        base = str(free_base())
        return ("-m", "cli.main", "worker", name, "--data", str(self.data / name), "--port-base", base)


@contextmanager
def bench(data: Path, prefix: str) -> Iterator[Bench]:
    """A broker on one core, the other one for what is measured."""
    core, broker_core = two_cores()
    data.mkdir(parents=True)
    with broker_on(broker_core, data / "kafka") as broker, on_core(broker_core):
        yield Bench(broker.settings.bootstrap, fresh_topics(broker, prefix, PARTITIONS), data, core)


def drain(data: Path, sizes: Sizes, rules: Rules) -> list[Figure]:
    """Clean events through one case worker, first so that each meets its state alone, then as a year brings them."""
    histories = Dossiers(rules).histories(sizes.drain)
    alone = _drain(data / "rounds", "each event alone", histories, in_rounds(histories), rules)
    return alone + _drain(data / "year", "in the order of time", histories, in_order(histories), rules)


def _drain(
    data: Path, name: str, histories: Sequence[History], events: Sequence[StatusChanged], rules: Rules
) -> list[Figure]:
    with bench(data, "drain.") as at:
        topics = at.topics
        fill(at.bootstrap, topics.dossier.events, map(clean, events))
        found = _measure(at, at.worker("cases"), topics.cases_app, topics.dossier.events, len(events))
        states, lost = kept(at.bootstrap, topics.dossier.states, PARTITIONS, _lengths(histories))
        untold = _untold(at, topics.dossier.outcomes, histories, rules)
    written = Figure(f"{name}: states written", states, "records")
    return [*_rates(name, found, EXPECTED_DRAIN), written, *_losses(name, len(events), lost, untold)]


def stock(data: Path, sizes: Sizes, rules: Rules) -> list[Figure]:
    """The same fold on Faust as it comes: a record an event, its own table write, each outcome awaited."""
    histories = Dossiers(rules).histories(sizes.stock)
    with bench(data, "stock.") as at:
        topics = at.topics
        count = fill(at.bootstrap, topics.dossier.events, map(clean, in_rounds(histories)))
        command = ("-m", "tests.bench.stock_worker", at.bootstrap, topics.prefix, str(PARTITIONS), str(data / "stock"))
        group = f"{topics.prefix}stock"
        found = _measure(at, command, group, topics.dossier.events, count)
        _, lost = kept(at.bootstrap, f"{group}-dossier_states-changelog", PARTITIONS, _lengths(histories))
        untold = _untold(at, topics.dossier.outcomes, histories, rules)
    return [*_rates("stock Faust", found), *_losses("stock Faust", count, lost, untold)]


def admit(data: Path, sizes: Sizes, rules: Rules) -> list[Figure]:
    """National payloads through one admit worker."""
    histories = Dossiers(rules).histories(sizes.admit)
    with bench(data, "admit.") as at:
        topics = at.topics
        count = fill(at.bootstrap, topics.dossier_intake, map(national, in_order(histories)))
        found = _measure(at, at.worker("admit"), topics.admit_app, topics.dossier_intake, count)
        passed = {record.value for record in read_all(at.bootstrap, topics.dossier.events, PARTITIONS)}
    lost = Figure("payloads lost", count - len(passed), "payloads", high=0, note=f"of {count:,}")
    return [*_rates("admit worker", found), lost]


def _measure(at: Bench, command: Sequence[str], group: str, topic: str, count: int) -> list[Sample]:
    with at.running(*command) as pid:
        try:
            return follow_commits(at.bootstrap, group, topic, count, lambda: cpu_seconds(pid))
        except Stalled as problem:
            raise Stalled(f"{problem}; the process said: {at.log.read_text()[-2000:]}") from None


def _rates(name: str, samples: Sequence[Sample], expected: float | None = None) -> list[Figure]:
    found = rate(samples)
    slowest, fastest = windows(samples, WINDOW_SECONDS)
    note = (
        f"{found.records:,} records in {found.seconds:.1f} s; "
        f"{slowest:,.0f}-{fastest:,.0f} in single windows of {WINDOW_SECONDS:.0f} s"
    )
    return [
        Figure(f"{name}: rate on one core", found.a_second, "events/s", low=expected, note=note),
        Figure(
            f"{name}: rate by its own CPU time", found.a_cpu_second, "events/CPU s", note=f"{found.cpu_seconds:.1f} s"
        ),
    ]


def _losses(name: str, count: int, lost: int, untold: int) -> list[Figure]:
    return [
        Figure(f"{name}: events lost", lost, "events", high=0, note=f"of {count:,}, looked up in the states"),
        Figure(f"{name}: closings not told", untold, "dossiers", high=0, note="by the outcomes"),
    ]


def _lengths(histories: Sequence[History]) -> Mapping[str, int]:
    return {history.code: len(history.transitions) for history in histories}


def _untold(at: Bench, outcomes: str, histories: Sequence[History], rules: Rules) -> int:
    folded = (dossiers.apply(None, history.code, history.transitions, rules).state for history in histories)
    closed = {state.dossier_code for state in folded if state.clock == "ended"}
    return len(closed - told_closed(at.bootstrap, outcomes, PARTITIONS))
