"""deploy/alerts.toml: service levels and thresholds, each with its reason; and the pages of deploy/runbook.md."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

Row = TypeVar("Row")
SEVERITIES = ("page", "ticket", "none")
AUDIENCES = ("operations", "business")


class TableError(ValueError):
    """A row of the table that cannot be used; says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A service level: of the events counted by `total`, the share `objective` (0-1) is to be `good`.

    `good` and `failed` (those that went wrong however quick they were) are counters; `floor` is how many bad events
    the window must hold for an alert. `anchor` is a heading of the runbook.
    """

    name: str
    code: str
    objective: float
    floor: int
    total: str
    good: str
    summary: str
    description: str
    anchor: str
    reason: str
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """An alert that fires when `expr`, with its threshold put in, has had a value for as long as `for_` says."""

    name: str
    expr: str
    threshold: float
    for_: str
    severity: str
    summary: str
    description: str
    anchor: str
    reason: str
    audience: str = "operations"

    @property
    def query(self) -> str:
        """The expression as Prometheus takes it."""
        return " ".join(self.expr.replace("{threshold}", f"{self.threshold:g}").split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where people of this province open the pages of the web, Grafana and the runbook: no slash at the end."""

    web: str
    grafana: str
    runbook: str


@dataclass(frozen=True, slots=True)
class Table:
    """All of it, in the order of the file."""

    levels: tuple[Level, ...]
    alerts: tuple[Threshold, ...]
    addresses: Addresses


def read_table(path: Path) -> Table:
    """Raises TableError."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    alerts = tuple(_row(Threshold, row | {"for_": row.get("for")}) for row in found["alert"])
    for alert in alerts:
        if alert.severity not in SEVERITIES or alert.audience not in AUDIENCES or "{threshold}" not in alert.expr:
            raise TableError(f"{alert.name}: severity, audience or the threshold in expr")
    addresses = _row(Addresses, found["addresses"])
    return Table(tuple(_row(Level, row) for row in found["level"]), alerts, addresses)


def read_headings(runbook: Path) -> dict[str, str]:
    """What each page of the runbook is called, by its anchor."""
    return dict(re.findall(r'^## <a id="([a-z0-9-]+)"></a>(.+)$', runbook.read_text(encoding="utf-8"), re.MULTILINE))


def _row(kind: type[Row], row: Mapping[str, Any]) -> Row:
    known, named = {field.name for field in fields(kind)}, row.get("name", kind.__name__)  # type: ignore[arg-type]
    given = {name: value for name, value in row.items() if name != "for"}
    if unknown := given.keys() - known:
        raise TableError(f"{named}: {', '.join(sorted(unknown))}")
    try:
        return kind(**given)
    except TypeError as error:
        raise TableError(f"{named}: {error}") from None
