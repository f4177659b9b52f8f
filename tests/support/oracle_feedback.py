"""The clock of a piece of feedback told a second time, from the page of the law and the file of limits alone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from tests.support.oracle_calendar import end_of
from tests.support.oracle_limits import KEYS, Deadline, Point, climb, ends, points, row_of

STAGES = ("accept", "answer", "publish")
ENDS = {
    "assigned": ("accept",), "accepted": ("accept",), "answered": ("accept", "answer"), "published": STAGES,
    "rejected": ("accept", "answer"), "merged": ("accept", "answer"), "withdrawn": ("accept", "answer"),
}  # fmt: skip
OVER = {"answered", "rejected", "merged", "published", "withdrawn"}
DON = {"khieu_nai", "to_cao"}
UNTAKEN = {"opened", "returned"}


class Event(NamedTuple):
    """One event of a case in Vietnam time; `fields` are those of its type."""

    at: datetime
    id: str
    type: str
    fields: dict[str, Any]


class Held(NamedTuple):
    """An agency's turn as the state shows it."""

    agency: str | None
    since: datetime
    until: datetime | None


@dataclass
class Case:
    """Where a piece of feedback stands after its events; `home` took it in, `agency` was given it and has it still."""

    profile: dict[str, str]
    received: datetime
    home: str | None
    climbs_from: datetime
    stage: str = "opened"
    asked_at_stage: str = "opened"
    agency: str | None = None
    given: str | None = None
    transfers: int = 0
    extended: datetime | None = None
    reopened: int = 0
    urged: int = 0
    directed: datetime | None = None
    ratings: Counter[str] = field(default_factory=lambda: Counter(like=0, dislike=0, neutral=0))
    starts: dict[str, datetime] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    violations: set[str] = field(default_factory=set)
    holders: list[Held] = field(default_factory=list)

    def take(self, event: Event) -> None:
        if event.type == "released":
            self.climbs_from = event.at
        if event.type == "rated":
            self.ratings[event.fields["rating"]] += 1
        if event.type == "lane_confirmed" and self.profile["lane"] in DON:
            self.confirm(event)
        elif event.type == "reopened" and self.stage in OVER:
            self.reopen(event)
        elif self.stage not in OVER or (event.type == "published" and self.stage == "answered"):
            self.go_on(event)
        self.hold(event.at)

    def go_on(self, event: Event) -> None:
        """An event of a case that is not over."""
        self.urged += event.type == "urged"
        if event.type == "directed":
            self.directed = event.fields.get("until") or self.directed
        steps = {"info_requested": self.ask, "info_received": self.told, "extended": self.extend,
                 "returned": self.give_back, "assigned": self.hand_on}  # fmt: skip
        if event.type in ENDS:
            self.ended |= set(ENDS[event.type])
            self.stage = event.type
        if event.type == "answered":
            self.starts["answered"] = event.at
        if event.type in steps:
            steps[event.type](event)

    def reopen(self, event: Event) -> None:
        self.ended -= {"answer", "publish"}
        self.starts.pop("answered", None)
        self.starts["reopened"] = event.at
        self.extended = self.directed = None
        self.reopened += 1
        self.stage = "assigned" if self.agency else "accepted"

    def confirm(self, event: Event) -> None:
        """It is a đơn from now on, to be decided as of its acceptance, also where it was over (Luật Khiếu nại, 28)."""
        if self.stage in OVER:
            self.extended = self.directed = None
            self.starts.pop("answered", None)
        self.starts["lane_confirmed"] = event.fields.get("accepted_at") or event.at
        self.ended = {"accept"}
        self.stage = "accepted"

    def hand_on(self, event: Event) -> None:
        self.agency = event.fields["agency"]
        if self.given and self.given != self.agency:
            self.transfers += 1
            self.starts["transferred"] = event.at
        self.given = self.agency

    def give_back(self, event: Event) -> None:
        """Not ours: back to whoever took it in, whose climb begins anew."""
        if self.stage != "returned":
            self.climbs_from = event.at
        self.stage, self.agency = "returned", None

    def ask(self, event: Event) -> None:
        deadline = self.deadline("info_request")
        if deadline and event.at.replace(microsecond=0) > deadline.at:
            self.violations.add("late_info_request")
        if self.stage != "info_requested":
            self.asked_at_stage, self.stage = self.stage, "info_requested"

    def told(self, event: Event) -> None:
        if self.stage == "info_requested":
            self.stage = self.asked_at_stage

    def extend(self, event: Event) -> None:
        """Once, in time, to a later day; a đơn only by a document."""
        deadline, until = self.deadline("answer"), event.fields.get("until")
        if deadline is None or until is None or self.extended:
            return
        if self.profile["lane"] in DON and not event.fields.get("document_number"):
            return
        if event.at.replace(microsecond=0) <= deadline.at < end_of(until.date()):
            self.extended = end_of(until.date())

    def hold(self, moment: datetime) -> None:
        """Passes the case on to whoever has it now; nobody held it for no time at all."""
        agency, last = self.agency or self.home, self.holders[-1] if self.holders else None
        since = moment
        if last and last.until is None:
            if self.stage not in OVER and last.agency == agency:
                return
            self.holders.pop()
            since = max(moment, last.since)
            if since > last.since:
                self.holders.append(last._replace(until=since))
        if self.stage not in OVER:
            before = self.holders[-1] if self.holders else None
            if before and (before.agency, before.until) == (agency, since):
                self.holders[-1] = before._replace(until=None)
            else:
                self.holders.append(Held(agency, since, None))

    def deadline(self, stage: str) -> Deadline | None:
        row = row_of(stage, self.profile, self.received)
        if row is None or not row["amount"] or row["start"] not in self.starts:
            return None
        start = self.starts[row["start"]]
        if stage == "answer":
            start = max(start, self.starts.get("reopened", start))
        found = ends(start, float(row["amount"]), row["unit"])
        return max(found, Deadline(self.extended, False)) if stage == "answer" and self.extended else found

    def alerts(self) -> list[Point]:
        """When each alert of the stages that run becomes true."""
        running = [stage for stage in STAGES if stage not in self.ended]
        return [point for stage in running for point in points(stage, self.deadline(stage))]

    def escalation(self, now: datetime) -> tuple[str, str] | None:
        """The highest step that has heard of the case because nobody accepts it, and since when nobody does."""
        if self.stage not in UNTAKEN or self.profile["lane"] in DON or self.profile["kind"] == "praise":
            return None
        come = [one for one in climb(self.profile["urgency"], self.climbs_from) if one[0] <= now]
        return (max(come)[1], self.climbs_from.isoformat()) if come else None


def walk(events: Iterable[Event]) -> Case | None:
    """The case after events in any order and any number; None before it is opened."""
    ordered = sorted({event.id: event for event in events}.values(), key=lambda event: event[:2])
    opened = next((event for event in ordered if event.type == "opened"), None)
    if opened is None:
        return None
    profile = {key: opened.fields.get(key) or "" for key in KEYS}
    for event in ordered:
        if event.type in {"corrected", "lane_confirmed"}:
            profile |= {key: event.fields[key] for key in KEYS if event.fields.get(key)}
        elif event.type == "released" and profile["lane"] == "to_cao":
            profile["lane"] = "phan_anh_kien_nghi"
    received, home = opened.fields["received_at"], opened.fields.get("agency")
    case = Case(profile, received, home, received, starts={"received": received, "transferred": received})
    case.holders.append(Held(home, received, None))
    for event in ordered:
        case.take(event)
    return case
