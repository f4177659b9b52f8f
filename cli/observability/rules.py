"""Prometheus rules from the table: burn rates of the service levels (SRE workbook, "Alerting on SLOs"), thresholds."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from cli.observability.table import Addresses, Level, Table, Threshold

MADE = "# Made by `python -m cli.observability` from deploy/alerts.toml; do not edit.\n"
DASHBOARDS = {"operations": "/d/langnghe-he-thong", "business": "/d/langnghe-toan-tinh"}
# how many times as quickly as allowed, over the long and the short window, and who is told
BURNS = (
    (14.4, "1h", "5m", "page"),
    (6.0, "6h", "30m", "page"),
    (3.0, "1d", "2h", "ticket"),
    (1.0, "3d", "6h", "ticket"),
)
WINDOWS = tuple(dict.fromkeys(window for _, long, short, _ in BURNS for window in (short, long)))
Rule = dict[str, Any]


def rule_files(table: Table) -> dict[str, str]:
    """Every generated file of deploy/prometheus/rules by its name."""
    by_audience = {
        audience: [one for one in table.alerts if one.audience == audience] for audience in ("operations", "business")
    }
    return {
        "service_levels.yml": _file("langnghe-service-levels", _service_levels(table)),
        "system.yml": _file("langnghe-system", (_threshold(one, table.addresses) for one in by_audience["operations"])),
        "business.yml": _file(
            "langnghe-business", (_threshold(one, table.addresses) for one in by_audience["business"])
        ),
    }


def _file(group: str, rules: Iterable[Rule]) -> str:
    content = {"groups": [{"name": group, "rules": list(rules)}]}
    return MADE + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)


def _service_levels(table: Table) -> Iterator[Rule]:
    for level in table.levels:
        for window in WINDOWS:
            yield {"record": _name(level, "bad", window), "expr": _bad(level, window)}
            ratio = f"{_name(level, 'bad', window)} / (sum(increase({level.total}[{window}])) > 0)"
            yield {"record": _name(level, "error_ratio", window), "expr": ratio}
        for burn in BURNS:
            yield _burn(level, table.addresses, *burn)


def _name(level: Level, what: str, window: str) -> str:
    return f"langnghe:{level.code}:{what}_{window}"


def _bad(level: Level, window: str) -> str:
    """How many events of a window were bad: not good, or failed however quick they were."""
    slow = f"sum(increase({level.total}[{window}])) - sum(increase({level.good}[{window}]))"
    return f"{slow} + (sum(increase({level.failed}[{window}])) or vector(0))" if level.failed else slow


def _burn(level: Level, addresses: Addresses, factor: float, long: str, short: str, severity: str) -> Rule:
    allowed = f"{factor * (1 - level.objective):.6g}"
    expr = (
        f"{_name(level, 'error_ratio', long)} > {allowed} and {_name(level, 'error_ratio', short)} > {allowed}"
        f" and {_name(level, 'bad', long)} >= {level.floor}"
    )
    labels = {"severity": severity, "audience": "operations", "runbook": level.anchor}
    labels |= {"level": level.code, "window": long}
    words = {"summary": level.summary, "description": f"{level.description} ({long})"}
    return {
        "alert": f"LangNghe{level.name}Burn",
        "expr": expr,
        "for": "2m" if severity == "page" else "15m",
        "labels": labels,
        "annotations": _annotations(words, level.anchor, "operations", addresses),
    }


def _threshold(alert: Threshold, addresses: Addresses) -> Rule:
    words = {"summary": alert.summary, "description": alert.description}
    return {
        "alert": alert.name,
        "expr": alert.query,
        "for": alert.for_,
        "labels": {"severity": alert.severity, "audience": alert.audience, "runbook": alert.anchor},
        "annotations": _annotations(words, alert.anchor, alert.audience, addresses),
    }


def _annotations(words: Mapping[str, str], anchor: str, audience: str, addresses: Addresses) -> dict[str, str]:
    dashboard = f"{addresses.grafana}{DASHBOARDS[audience]}"
    return {**words, "runbook_url": f"{addresses.runbook}#{anchor}", "dashboard_url": dashboard}
