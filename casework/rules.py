"""All that a fold needs besides the events: calendar, limits, directories and settings, with one hash over them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from casework.agencies import Agencies, parse_agencies
from casework.calendar import Calendar, parse_calendar
from casework.counting import OfficeHours
from casework.escalation import EscalationStep, parse_escalation
from casework.feedback import FeedbackLimits, parse_limits
from casework.feedback_limits import profile_text
from casework.procedures import AgencyLimits, Procedure, parse_agency_limits, parse_procedures, promised
from casework.settings import Settings, parse_settings

__all__ = ["FILES", "Rules", "Settings", "build_rules"]

# Raised whenever a fold gives another state of the same events, so that states of an older program are folded again.
PROGRAM = "4"
PARTS = ("agencies", "calendar", "limits", "procedures", "settings", "program")
FILES = {
    "agencies.csv": "agencies",
    "agency_limits.csv": "procedures",
    "calendar.csv": "calendar",
    "committed.csv": "procedures",
    "escalation.csv": "limits",
    "feedback_limits.csv": "limits",
    "procedures.csv": "procedures",
    "settings.toml": "settings",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The law in force, frozen. `hash` is equal in two processes exactly when files and settings are.

    It has one group of letters for each of PARTS, so that it also tells what changed.
    """

    calendar: Calendar
    hours: OfficeHours
    agencies: Agencies
    procedures: Mapping[str, Procedure]
    agency_limits: AgencyLimits
    feedback_limits: FeedbackLimits
    escalation: tuple[EscalationStep, ...] = ()
    settings: Settings
    hash: str

    def hours_for(self, agency: str | None) -> OfficeHours:
        """Office hours of an agency that has its own, else those of the province."""
        own = self.settings.hours_of
        return next((hours for code, hours in own if code == agency), self.hours) if own else self.hours

    def cause_since(self, other: str) -> str:
        """Which parts are not as they were under the hash `other`, with commas; `rules` where that cannot be told."""
        return _cause(other, self.hash)


@lru_cache(maxsize=64)
def _cause(old: str, new: str) -> str:
    before, after = old.split("-"), new.split("-")
    if len(before) != len(after):
        return "rules"
    return ",".join(part for part, a, b in zip(PARTS, before, after, strict=False) if a != b) or "rules"


def build_rules(files: Mapping[str, str], settings: Settings | None = None) -> Rules:
    """Rules of the texts of the FILES, by file name; settings.toml may be missing, and `settings` goes before it.

    Raises InvalidField where a row or a setting cannot be used, KeyError where a file is missing.
    """
    settings = settings or parse_settings(files.get("settings.toml", ""))
    procedures = parse_procedures(files["procedures.csv"].splitlines(keepends=True))
    procedures = promised(procedures, files.get("committed.csv", "").splitlines(keepends=True), settings.committed_cut)
    place = settings.feedback_profile
    local = profile_text(files, place).splitlines(keepends=True)
    return Rules(
        calendar=parse_calendar(files["calendar.csv"].splitlines(keepends=True)),
        hours=settings.hours,
        agencies=parse_agencies(files["agencies.csv"].splitlines(keepends=True)),
        procedures={code: procedure.styled(settings.style) for code, procedure in procedures.items()},
        agency_limits=parse_agency_limits(files.get("agency_limits.csv", "").splitlines(keepends=True), settings.style),
        feedback_limits=parse_limits(files["feedback_limits.csv"].splitlines(keepends=True), local, place),
        escalation=parse_escalation(files.get("escalation.csv", "").splitlines(keepends=True), settings.style),
        settings=settings,
        hash=_hash(files, settings),
    )


def _hash(files: Mapping[str, str], settings: Settings) -> str:
    texts: dict[str, list[str]] = {part: [] for part in PARTS} | {"settings": [repr(settings)], "program": [PROGRAM]}
    texts["limits"] = [profile_text(files, settings.feedback_profile)]
    for name, part in FILES.items():
        if part != "settings":
            texts[part] += [name, str(len(files.get(name, ""))), files.get(name, "")]
    return "-".join(hashlib.sha256("\n".join(texts[part]).encode()).hexdigest()[:6] for part in PARTS)
