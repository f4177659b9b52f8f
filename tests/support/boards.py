"""The boards asked as Grafana asks them, and a history for them that is made from one look at real processes."""

import json
import re
import subprocess
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from cli.observability.dashboards import BOARDS
from cli.observability.panels import RATE
from tests.support.prometheus import ask_range

SCRAPES_OF_A_RATE = 4  # `$__rate_interval` is as many scrape intervals
MOST_POINTS = 300
GROWS = ("counter", "histogram")
Series = tuple[str, float, bool]  # its labels, its value, whether it grew to it


@dataclass(frozen=True)
class Span:
    """From when to when a reader looks, in seconds since 1970, at a Prometheus that scrapes every so many seconds."""

    begin: float
    end: float
    scrape: float

    @property
    def step(self) -> float:
        return max(self.scrape, (self.end - self.begin) / MOST_POINTS)

    def scrapes(self) -> list[tuple[float, float]]:
        """What share of the span has passed at each, and when it is."""
        count = int((self.end - self.begin) / self.scrape)
        return [(number / count, self.begin + number * self.scrape) for number in range(count + 1)]


def asked(query: str, rate: str = "1m") -> str:
    """A query as Grafana sends it: of all agencies."""
    return query.replace(RATE, rate).replace("$agency", ".+")


def without_data(port: int, span: Span) -> list[str]:
    """The queries of panels that show no number; those of the lists of alerts are not asked."""
    return [name for name, query, begin in _queries(span) if not _has_number(port, query, begin, span)]


def _queries(span: Span) -> Iterator[tuple[str, str, float]]:
    rate = f"{SCRAPES_OF_A_RATE * span.scrape:.0f}s"
    for board in BOARDS:
        for panel in board.panels:
            for query, _ in () if panel.columns else panel.queries:
                begin = span.end if panel.number else span.begin
                yield f"{board.code}: {panel.title}: {query}", asked(query, rate), begin


def _has_number(port: int, query: str, begin: float, span: Span) -> bool:
    found = ask_range(port, query, begin, span.end, span.step)
    return any(value != "NaN" for one in found for _, value in one["values"])


def backfill(processes: Mapping[str, int], span: Span, database: Path) -> None:
    """Blocks of a new Prometheus: what each process, by name and port, exports now stood all the time, and its counters
    grew to it evenly."""
    lines = [
        f"{name}{{{labels}}} {value * share if grows else value} {moment}"
        for name, series in sorted(_scraped(processes).items()) for labels, value, grows in series
        for share, moment in span.scrapes()
    ]  # fmt: skip
    database.mkdir(parents=True)
    file = database.with_suffix(".om")
    file.write_text("\n".join([*lines, "# EOF\n"]), encoding="utf-8")
    subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", file, database, "--quiet"], check=True)


def _scraped(processes: Mapping[str, int]) -> dict[str, list[Series]]:
    """By name what the boards ask for: a history of everything takes promtool a minute."""
    wanted = {name for board in BOARDS for panel in board.panels for query, _ in panel.queries
              for name in re.findall(r"\blangnghe_\w+", query)}  # fmt: skip
    found: dict[str, list[Series]] = defaultdict(list)
    for process, port in processes.items():
        found["up"].append((f'job="langnghe",process="{process}"', 1.0, False))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            families = list(text_string_to_metric_families(answer.read().decode()))
        for family in families:
            for sample in (sample for sample in family.samples if sample.name in wanted):
                labels = {**sample.labels, "job": "langnghe", "process": process}
                told = ",".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in labels.items())
                found[sample.name].append((told, sample.value, family.type in GROWS))
    return found
