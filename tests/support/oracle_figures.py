"""The figures of the province counted a second time, from the inputs alone: what the sums in Prometheus must be."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from tests.support import oracle_dossiers, oracle_feedback
from tests.support.oracle import inputs_of_dossiers
from tests.support.oracle_calendar import VIETNAM
from tests.support.oracle_feedback import Event
from tests.support.oracle_logs import Logs, event_of
from tests.support.oracle_states import RANK
from tests.support.oracle_walk import Walk

Counts = Counter[tuple[str, ...]]
Counted = tuple[str, tuple[str, ...]]
OVER = {"ended", "refused"}
OPEN_STAGES = {"opened", "assigned", "returned", "info_requested", "accepted"}
PROPOSED_DAYS = 30
# each metric with the labels by which it is added up
LABELS: Mapping[str, tuple[str, ...]] = {
    "langnghe_open_cases": ("kind", "alert"),
    "langnghe_read_model_cases": ("kind",),
    "langnghe_open_dossiers": ("level", "alert"),
    "langnghe_agency_open_dossiers": ("agency", "alert"),
    "langnghe_dossier_duties": ("duty",),
    "langnghe_violating_cases": ("kind", "rule"),
    "langnghe_month_received_dossiers": ("level",),
    "langnghe_month_ended_dossiers": ("level", "standing"),
    "langnghe_open_feedback": ("domain", "alert"),
    "langnghe_open_feedback_by_channel": ("channel", "urgency"),
    "langnghe_agency_open_feedback": ("agency", "alert"),
    "langnghe_untaken_feedback": ("urgency",),
    "langnghe_oldest_untaken_timestamp_seconds": ("urgency",),
    "langnghe_month_received_feedback": ("domain", "channel"),
    "langnghe_proposals": ("domain", "fate"),
    "langnghe_dead_letters_end": (),
}


def figures(logs: Logs, now: datetime) -> dict[str, Counts]:
    """By metric, how many of each labels there are; of the oldest its second since 1970."""
    found: dict[str, Counts] = {name: Counter() for name in LABELS}
    reports = list(_reports(logs))
    for name, labels in (*_dossiers(logs, now), *chain(*(_report(*one, now) for one in reports))):
        found[name][labels] += 1
    return found | {"langnghe_oldest_untaken_timestamp_seconds": _oldest_untaken(case for case, _ in reports)}


def _dossiers(logs: Logs, now: datetime) -> Iterator[Counted]:
    said = {}
    for record in logs.records["dossier.intake"]:
        data = json.loads(record.value)
        said[data.get("dossier_code") or data["MaHoSo"]] = (data["level"], data["agency"])
    steps, unreadable = inputs_of_dossiers(logs)
    yield from (("langnghe_dead_letters_end", ()) for _ in unreadable)
    for code, taken in steps.items():
        yield from _dossier(oracle_dossiers.walk(taken), *said[code], now)


def _dossier(found: Walk, level: str, agency: str, now: datetime) -> Iterator[Counted]:
    alert = max((one.name for one in found.alerts() if one.since <= now), key=RANK.__getitem__, default="none")
    this_month = found.ended is not None and found.ended >= _month(now)
    if found.clock not in OVER:
        yield "langnghe_open_cases", ("dossier", alert)
        yield "langnghe_read_model_cases", ("dossier",)
    if found.clock in {"running", "stopped"}:
        yield "langnghe_open_dossiers", (level, alert)
        yield "langnghe_agency_open_dossiers", (agency, alert)
    if found.clock in {"running", "stopped"} or this_month:
        yield from (("langnghe_violating_cases", ("dossier", rule)) for rule in found.violations)
    if (duty := found.duty()) and duty.since <= now:
        yield "langnghe_dossier_duties", (duty.name,)
    if found.received and found.received >= _month(now):
        yield "langnghe_month_received_dossiers", (level,)
    if this_month:
        yield "langnghe_month_ended_dossiers", (level, found.standing or "none")


def _reports(logs: Logs) -> Iterator[tuple[oracle_feedback.Case, list[Event]]]:
    """Each case, and its events in their order."""
    events = defaultdict(list)
    for record in logs.records["feedback.events"]:
        case, event = event_of(record.value)
        events[case].append(event)
    for taken in events.values():
        found = oracle_feedback.walk(taken)
        assert found is not None
        yield found, sorted(taken, key=lambda event: event[:2])


def _oldest_untaken(cases: Iterable[oracle_feedback.Case]) -> Counts:
    found: Counts = Counter()
    for case in cases:
        if case.stage == "opened":
            urgency, second = (case.profile["urgency"],), int(case.received.timestamp())
            found[urgency] = min(found.get(urgency, second), second)
    return found


def _report(found: oracle_feedback.Case, events: list[Event], now: datetime) -> Iterator[Counted]:
    opened = next(event.fields for event in events if event.type == "opened")
    come = [point for point in found.alerts() if point.since <= now]
    top = max(come, key=lambda point: (RANK[point.name], -point.due_at.timestamp()), default=None)
    alert = top.name if top else "none"
    domain, channel, urgency = found.profile["domain"], opened["channel"], found.profile["urgency"]
    if found.stage in OPEN_STAGES or top:  # what is answered stays watched until it is published
        yield "langnghe_open_cases", ("feedback", alert)
        yield "langnghe_read_model_cases", ("feedback",)
    if found.stage in OPEN_STAGES:
        yield "langnghe_open_feedback", (domain, alert)
        yield "langnghe_open_feedback_by_channel", (channel, urgency)
        yield "langnghe_agency_open_feedback", (found.agency or opened["agency"], alert)
        yield from (("langnghe_violating_cases", ("feedback", rule)) for rule in found.violations)
    if found.stage == "opened":
        yield "langnghe_untaken_feedback", (urgency,)
    if found.received >= _month(now):
        yield "langnghe_month_received_feedback", (domain, channel)
    if found.received >= now - timedelta(days=PROPOSED_DAYS):
        chosen = [event.fields["domain"] for event in events if event.type == "corrected" and event.fields["domain"]]
        yield from (("langnghe_proposals", (opened["domain"], fate)) for fate in _fates(opened, chosen))


def _fates(opened: Mapping[str, Any], chosen: list[str]) -> Iterator[str]:
    """What became of a proposal, given the domains that people chose one after the other."""
    yield "made"
    if opened["abstained"]:
        yield "abstained"
    if chosen:
        yield "checked"
        if chosen[-1] != opened["domain"]:
            yield "changed"


def _month(now: datetime) -> datetime:
    return now.astimezone(VIETNAM).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
