"""Real processes, scraped by the Prometheus that `langnghe up` starts: every panel has figures, and they are true."""

import shutil
from pathlib import Path

import pytest

from cli.observability.dashboards import BOARDS
from tests.support.boards import asked
from tests.support.prometheus import ask
from tests.support.system import System, running_system
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.skipif(shutil.which("prometheus") is None, reason="sh deploy/install-system.sh prometheus"),
]
DOSSIERS = 7


def shown(system: System, query: str) -> list[dict]:
    return ask(system.ports.prometheus, asked(query))


def value(system: System, query: str) -> float | None:
    found = shown(system, query)
    return float(found[0]["value"][1]) if found else None


def fill(system: System) -> None:
    for number in range(DOSSIERS):
        event = {"dossier_code": f"H99.11-260901-{number:04}", "status": 2, "occurred_at": "2026-09-01T08:00:00+07:00",
                 "due_at": "2099-09-14T17:00:00+07:00", "level": "commune", "agency": "LG.SYT"}  # fmt: skip
        assert system.post("/api/v1/dossier-events", event).status == 202
    for text in ("Rác thải đổ ngập đường, mùi hôi thối", "Đèn đường hỏng cả tuần nay"):
        assert system.post("/api/v1/feedback", {"text": text, "channel": "hotline"}).status == 202


def without_figures(system: System) -> list[str]:
    return [
        f"{board.code}: {panel.title}: {query}"
        for board in BOARDS for panel in board.panels for query, _ in panel.queries
        if not panel.may_be_empty and not shown(system, query)
    ]  # fmt: skip


def test_every_panel_has_figures_or_says_why_not_and_what_stands_is_what_was_sent(tmp_path: Path) -> None:
    with running_system(tmp_path / "data") as system:
        fill(system)
        eventually(
            lambda: value(system, "sum(langnghe_open_dossiers)") == DOSSIERS, within=120, what="dossiers", every=1
        )
        eventually(lambda: value(system, "sum(langnghe_open_feedback)") == 2, within=60, what="feedback", every=1)
        eventually(lambda: value(system, "count(langnghe_heartbeat_timestamp_seconds)") == 3, within=120,
                   what="three ways of the heartbeat", every=1)  # fmt: skip
        # one scrape that comes too late takes the figures of a process away until the next
        eventually(lambda: not without_figures(system), within=60, what="figures of every panel", every=1)
        eventually(lambda: value(system, 'count(up{job="langnghe"} == 1)') == 6, within=60, what="all up", every=1)
        eventually(lambda: value(system, "sum(langnghe_open_cases)") == DOSSIERS + 2, within=60, what="both", every=1)
        assert value(system, "sum(langnghe_read_model_cases)") == DOSSIERS + 2
        assert value(system, "count(langnghe_partition_owned)") == 2 * value(system, "max(langnghe_partitions)")
        assert (
            value(system, "count(langnghe_calendar_days_left)") == 1
        )  # a worker without a calendar says nothing of it
        watchdog = 'count(ALERTS{alertname="LangNgheWatchdog", alertstate="firing"})'
        eventually(lambda: value(system, watchdog) == 1, within=60, what="the rules were judged", every=1)
        assert value(system, 'count(ALERTS{alertstate="firing", severity="page"})') is None
