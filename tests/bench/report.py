"""The results: kept in docs/benchmarks.json part by part, written out as docs/benchmarks.md."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cli.settings import HERE
from tests.bench.figures import Figure, Sizes

RESULTS = HERE / "docs" / "benchmarks.json"
QUICK_RESULTS = HERE / "build" / "bench-quick.json"
DOCUMENT = HERE / "docs" / "benchmarks.md"
TITLES = {
    "folding": "Folding dossiers, no Kafka",
    "classifying": "Classifying texts, no Kafka",
    "drain": "Dossier events through one case worker",
    "stock": "The same on Faust as it comes",
    "admit": "National payloads through one admit worker",
    "recalculate": "A changed calendar over many open dossiers",
    "up": "`langnghe up`: start and memory",
    "latency": "Latency from the scheduled send to the states topic",
    "feedback": "Feedback from intake to the read model",
}
HOW = {
    "folding": "Whole histories at once, then one transition after the other, pinned to one core, by CPU time, with "
    "Python's collector of cycles off.",
    "classifying": "What `langnghe classify` does with the texts, pinned to one core.",
    "drain": "Histories of 4-5 transitions on procedures of the national list, all on `dossier.events` (12 "
    "partitions) before the worker starts: once the first event of every dossier, then the second ones and so on, so "
    "that each event is folded into a state that was read and is written again; once in the order of time, where a "
    "chunk of a backlog holds several events of a dossier and folds them together. The worker is pinned to one core, "
    "Kafka and the benchmark to another. Counted from the first to the last committed offset: every outcome and every "
    "state (RocksDB and its changelog) is acknowledged by Kafka before its offset is committed.",
    "stock": "An unchunked `faust.App` with the same fold and wire format: one record an event, the table written by "
    "`table[key] = value` (not awaited, as Faust does), each outcome sent and awaited. Fewer events, because it is "
    "slower.",
    "admit": "Bare national payloads on `dossier.intake` before the worker starts; pinned and counted as above.",
    "recalculate": "Open dossiers of the last two weeks, their states made by the case workers themselves. The workers "
    "are stopped and started again with one more day off in the calendar, while national payloads come at a steady "
    "rate on `dossier.intake` through the admit worker. Two case workers, 12 partitions; nothing is pinned, Kafka and "
    "the sender share the machine. Times are those at which Kafka took a state (LogAppendTime), so that no reader "
    "takes part. Live events count from the moment at which their send was due, and while states are folded again.",
    "up": "All processes with the defaults: one case worker, 12 partitions, SQLite, Kafka included.",
    "latency": "All of `langnghe up`, nothing pinned, sender and reader on the same machine. The time runs from the "
    "moment at which the send was due, not from when it was made, so that a sender held up hides nothing. The first "
    "seconds are warm-up.",
    "feedback": "All of `langnghe up`; texts are composed of those of the training corpus. From the first send to the "
    "last row in SQLite: classified, redacted, sealed, followed, projected.",
}
HONEST = """
## How far to trust these figures

* One run a part, on a machine that does other things too: the load average of the minute before each part is noted. A
  part that begins under a load near the number of cores is measured too low and too slow.
* Sender, broker, workers and reader share the machine. Rates by CPU time leave out what others took of the core; rates
  by the wall clock do not.
* Commits come every half second, so rates between them are good to about a second in the length of the run.
* On a shared virtual machine repeated runs differ by 10-20 %, p99 and the slowest event by more: one pause of the disk
  or of Kafka's garbage collector makes the slowest event.
* Kafka acknowledges from memory (one replica, no fsync a record), as in every default installation.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """What was measured of a part, on what, when, and the load average of the minute before."""

    machine: Mapping[str, str]
    measured: str
    load: float
    sizes: Mapping[str, float]
    figures: Sequence[Mapping[str, Any]]


def part(machine: Mapping[str, str], figures: Sequence[Figure], load: float, sizes: Sizes, now: datetime) -> Part:
    found = [figure.record() | {"met": figure.met} for figure in figures]
    return Part(machine, f"{now:%Y-%m-%d %H:%M}", round(load, 1), asdict(sizes), found)


def keep(path: Path, parts: Mapping[str, Part]) -> dict[str, Any]:
    """Adds parts to those measured before, on whatever machine, and writes all."""
    known = json.loads(path.read_text()) if path.exists() else {}
    results = known | {name: asdict(found) for name, found in parts.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    return results


def document(results: Mapping[str, Any]) -> str:
    """The page of all parts measured so far; the machine is that of the latest, others say what was different."""
    machine = max(results.values(), key=lambda found: str(found["measured"]))["machine"]
    lines = ["# Benchmarks", "", "Made by `make bench`; single parts by `make bench ARGS='--only drain,latency'`.", ""]
    lines += ["| machine | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in machine.items())]
    for name in TITLES:
        if name in results:
            lines += _section(name, results[name], machine)
    return "\n".join([*lines, HONEST])


def _section(name: str, found: Mapping[str, Any], machine: Mapping[str, str]) -> list[str]:
    when = f"Measured {found['measured']}, load average before {found['load']}: `python -m tests.bench --only {name}`."
    other = [f"{what} {value}" for what, value in found["machine"].items() if value != machine.get(what)]
    when += f" Different then: {'; '.join(other)}." if other else ""
    head = ["| measured | result | expected | | |", "| --- | --- | --- | --- | --- |"]
    return ["", f"## {TITLES[name]}", "", f"{HOW[name]} {when}", "", *head, *map(_row, found["figures"])]


def _row(figure: Mapping[str, Any]) -> str:
    verdict = {True: "met", False: "**not met**", None: ""}[figure["met"]]
    result = f"{_number(figure['value'])} {figure['unit']}"
    return f"| {figure['name']} | {result} | {_expected(figure)} | {verdict} | {figure['note']} |"


def _expected(figure: Mapping[str, Any]) -> str:
    if figure["low"] is not None:
        return f"≥ {_number(figure['low'])}"
    return "" if figure["high"] is None else f"≤ {_number(figure['high'])}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"


def as_text(figures: Sequence[Figure]) -> str:
    """One line a figure, for the terminal."""
    marks = {True: "  ✓", False: "  ✗", None: ""}
    return "\n".join(f"  {one.name}: {_number(one.value)} {one.unit}{marks[one.met]}  {one.note}" for one in figures)
