"""A real Prometheus on the processes of a test, with the rules and the files of targets that `langnghe up` gives it."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from cli.observability.start import watch_over, watchers
from cli.settings import Settings, read_settings
from cli.supervise import Supervisor


def ask(port: int, query: str) -> list[dict[str, Any]]:
    """What a query finds now; nothing while Prometheus does not answer. Raises AssertionError where it refuses it."""
    return _asked(port, "query", query=query)


def ask_range(port: int, query: str, begin: float, end: float, step: float) -> list[dict[str, Any]]:
    """What it finds between two moments, in seconds since 1970, as `ask`."""
    return _asked(port, "query_range", query=query, start=str(begin), end=str(end), step=str(step))


def _asked(port: int, path: str, *, query: str, **span: str) -> list[dict[str, Any]]:
    url = f"http://127.0.0.1:{port}/api/v1/{path}?{urllib.parse.urlencode({'query': query, **span})}"
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            found: list[dict[str, Any]] = json.load(answer)["data"]["result"]
            return found
    except urllib.error.HTTPError as problem:
        if problem.code == HTTPStatus.SERVICE_UNAVAILABLE:  # it is starting
            return []
        raise AssertionError(f"{query}: {problem.read().decode()}") from None
    except OSError:
        return []


@dataclass(frozen=True)
class Prometheus:
    """One that runs."""

    settings: Settings

    def watch_over(self, processes: dict[str, int]) -> None:
        """From now on it asks these, by name and port, and no others."""
        watch_over(self.settings, processes)

    def counts(self, query: str, labels: Sequence[str]) -> Counter[tuple[str, ...]]:
        """The values of a query by labels, without those that are 0."""
        found = ask(self.settings.ports.prometheus, query)
        return +Counter(
            {tuple(one["metric"].get(label, "") for label in labels): int(one["value"][1]) for one in found}
        )

    def value(self, query: str) -> float | None:
        found = ask(self.settings.ports.prometheus, query)
        return float(found[0]["value"][1]) if found else None


def every_second(config: Path) -> str:
    """Lets a Prometheus look and judge so often; the option by which an alert that it could tell nobody yet is told
    as soon as somebody is there."""
    config.write_text(re.sub(r"(interval|timeout): \d+s", r"\1: 1s", config.read_text()))
    return "--rules.alert.resend-delay=1s"


@contextmanager
def running_prometheus(data: Path, base: int) -> Iterator[Prometheus]:
    """It looks every second at nobody yet; its Alertmanager is not started."""
    settings, supervisor = read_settings({}, data, base), Supervisor(print)
    child = next(child for child in watchers(settings, {}) if child.name == "prometheus")
    every_second(settings.data / "prometheus" / "prometheus.yml")
    supervisor.start(child)
    try:
        yield Prometheus(settings)
    finally:
        supervisor.stop([(["prometheus"], 5.0)])
