"""Real processes, scraped by the Prometheus that `langnghe up` starts: every panel has figures, and they are true."""

import shutil

import pytest

from cli.observability.dashboards import BOARDS
from tests.support.boards import asked
from tests.support.prometheus import ask
from tests.support.system import System
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.skipif(shutil.which("prometheus") is None, reason="sh deploy/install-system.sh prometheus"),
]
DOSSIERS = 7
SENT = {"open_dossiers": DOSSIERS, "open_feedback": 2, "open_cases": DOSSIERS + 2, "read_model_cases": DOSSIERS + 2}
AGO = "offset 40s"  # two scrapes and more
ALL_UP = 'count(up{job="langnghe"} == 1) == 6'
WITHIN = 180.0


def shown(system: System, query: str) -> list[dict]:
    return ask(system.ports.prometheus, asked(query))


def value(system: System, query: str) -> float | None:
    found = shown(system, query)
    return float(found[0]["value"][1]) if found else None


def standing(system: System, when: str = "") -> dict[str, float]:
    """What the figures add up to; none and 0 are the same."""
    return {name: value(system, f"sum(langnghe_{name} {when})") or 0.0 for name in SENT}


def unchanged(system: System) -> dict[str, float] | None:
    """What stands of other tests, once Prometheus has seen all of it."""
    found = standing(system)
    seen = value(system, ALL_UP) and value(system, ALL_UP.replace("}", f"}} {AGO}"))
    still = found == standing(system, AGO) and found["open_cases"] == found["read_model_cases"]
    return found if seen and still else None


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


def test_every_panel_has_figures_or_says_why_not_and_what_stands_is_what_was_sent(system: System) -> None:
    before = eventually(lambda: unchanged(system), within=WITHIN, what="nothing is on its way", every=1)
    fill(system)
    stands = {name: before[name] + more for name, more in SENT.items()}
    eventually(lambda: standing(system) == stands, within=WITHIN, what=f"{stands}", every=1)
    eventually(lambda: value(system, "count(langnghe_heartbeat_timestamp_seconds)") == 3, within=WITHIN,
               what="three ways of the heartbeat", every=1)  # fmt: skip
    # one scrape that comes too late takes the figures of a process away until the next
    eventually(lambda: not without_figures(system), within=60, what="figures of every panel", every=1)
    eventually(lambda: value(system, ALL_UP), within=60, what="all up", every=1)
    assert value(system, "count(langnghe_partition_owned)") == 2 * value(system, "max(langnghe_partitions)")
    assert value(system, "count(langnghe_calendar_days_left)") == 1  # a worker without a calendar says nothing of it
    watchdog = 'count(ALERTS{alertname="LangNgheWatchdog", alertstate="firing"})'
    eventually(lambda: value(system, watchdog) == 1, within=60, what="the rules were judged", every=1)
    assert value(system, 'count(ALERTS{alertstate="firing", severity="page"})') is None
