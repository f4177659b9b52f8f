"""Whether a matter has come back: the same thing at the same place, soon after it was said to be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.calendar import VIETNAM
from casework.wording import spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is compared of a case: `place` is rounded latitude and longitude, `area` the name of a commune."""

    feedback_id: str
    domain: str | None
    place: tuple[float, float] | None
    area: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An earlier case that was closed, at the moment of its answer or, where that is later, of its publication."""

    report: Report
    closed_at: datetime


def recurrence_of(report: Report, settled: Iterable[Settled], days: int) -> Settled | None:
    """The case that `report` repeats; the one closed last of several.

    It repeats a case of the same domain and rounded place (of the same area where neither has a place) when it was
    received after that was closed and no later than `days` days after it, by dates in Vietnam. Without a domain, or
    without place and area, nothing is repeated.
    """
    found = (case for case in settled if _same(report, case.report) and _soon(report.received_at, case, days))
    return max(found, key=lambda case: (case.closed_at, case.report.feedback_id), default=None)


def _same(one: Report, other: Report) -> bool:
    if one.feedback_id == other.feedback_id or one.domain is None or one.domain != other.domain:
        return False
    if one.place is not None or other.place is not None:
        return one.place == other.place
    return bool(one.area) and spoken(one.area or "") == spoken(other.area or "")


def _soon(received_at: datetime, case: Settled, days: int) -> bool:
    last = case.closed_at.astimezone(VIETNAM).date() + timedelta(days=days)
    return received_at > case.closed_at and received_at.astimezone(VIETNAM).date() <= last
