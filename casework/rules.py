"""All that a fold needs besides the events: calendar, limits, directories and settings, with one hash over them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from casework.agencies import Agencies, parse_agencies
from casework.calendar import Calendar, parse_calendar
from casework.counting import OFFICE_HOURS, OfficeHours, Style
from casework.feedback import FeedbackLimits, parse_limits
from casework.procedures import Procedure, parse_procedures


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Numbers that a province may set; the defaults are those of NĐ 61/2018 and of common practice.

    `supplement_days`: working days after receipt in which the first request for a supplement may come (Art. 19.4);
    `supplement_days_of`: the same for single procedures. `apology_days`: days before the due date by which the apology
    must have been made (Art. 19.9; 0 where the local rule says at expiry). `due_soon_days`: working days before the
    due date of a dossier; `feedback_due_soon_days`: of a stage of feedback. `alert_time`: Vietnam time of day.
    """

    supplement_days: int = 3
    supplement_days_of: tuple[tuple[str, int], ...] = ()
    apology_days: int = 1
    due_soon_days: int = 3
    feedback_due_soon_days: int = 1
    alert_time: time = time(7)
    style: Style = "date"
    hours: OfficeHours = OFFICE_HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The law in force, frozen. `hash` is equal in two processes exactly when files and settings are."""

    calendar: Calendar
    hours: OfficeHours
    agencies: Agencies
    procedures: Mapping[str, Procedure]
    feedback_limits: FeedbackLimits
    settings: Settings
    hash: str


def build_rules(files: Mapping[str, str], settings: Settings | None = None) -> Rules:
    """Rules of the texts of calendar.csv, agencies.csv, procedures.csv and feedback_limits.csv, by file name.

    Raises InvalidField where a row cannot be used, KeyError where a file is missing.
    """
    settings = settings or Settings()
    procedures = parse_procedures(files["procedures.csv"].splitlines(keepends=True))
    return Rules(
        calendar=parse_calendar(files["calendar.csv"].splitlines(keepends=True)),
        hours=settings.hours,
        agencies=parse_agencies(files["agencies.csv"].splitlines(keepends=True)),
        procedures={code: procedure.styled(settings.style) for code, procedure in procedures.items()},
        feedback_limits=parse_limits(files["feedback_limits.csv"].splitlines(keepends=True)),
        settings=settings,
        hash=_hash(files, settings),
    )


def _hash(files: Mapping[str, str], settings: Settings) -> str:
    parts = [f"{name}\n{len(text)}\n{text}" for name, text in sorted(files.items())]
    return hashlib.sha256("\n".join([*parts, repr(settings)]).encode()).hexdigest()[:12]
