"""Time limits of feedback as data: the most specific row that fits a case and was in force wins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from casework.counting import Limit
from casework.errors import InvalidField
from casework.feedback_rows import Row, read_rows
from casework.labels import DOMAINS, KINDS, LANES, URGENCIES

STAGES = ("accept", "answer", "publish")
INFO_REQUEST = "info_request"
STARTS = ("received", "accepted", "transferred", "answered", "lane_confirmed")
_KEYS: Mapping[str, Iterable[str]] = {"lane": LANES, "kind": KINDS, "urgency": URGENCIES, "domain": DOMAINS}
_FOLDER, _SUFFIX = "limits/", ".csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What chooses the limits of a piece of feedback."""

    lane: str | None = None
    kind: str | None = None
    urgency: str | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackLimit:
    """One row: blank keys fit everything; a row without an amount says that the stage has no limit.

    `start` is the event from which the limit runs: `received`, `accepted`, `transferred` (receipt or the last
    transfer), `answered` or `lane_confirmed`.
    """

    keys: tuple[str, str, str, str]
    stage: str
    limit: Limit | None
    start: str
    valid_from: date
    valid_to: date

    @property
    def about(self) -> tuple[str, str]:
        """Lane and kind, blank where any will do."""
        return self.keys[:2]

    def fits(self, profile: Profile, on: date) -> bool:
        """Whether the row speaks of such a case, received on that day."""
        values = (profile.lane, profile.kind, profile.urgency, profile.domain)
        return self.valid_from <= on <= self.valid_to and all(
            key in {"", value} for key, value in zip(self.keys, values, strict=True)
        )

    @property
    def rank(self) -> tuple[int, tuple[bool, ...], date]:
        """More keys first; of equally many those of the earlier column, then the later law."""
        named = tuple(map(bool, self.keys))
        return sum(named), named, self.valid_from


class FeedbackLimits:
    """All rows; immutable.

    A place's own regulation replaces the rows of every lane and kind that it names: what it says nothing of has no
    limit there. `place` is its name.
    """

    def __init__(self, rows: Iterable[FeedbackLimit], own: Iterable[FeedbackLimit] = (), place: str = "") -> None:
        own = tuple(own)
        self._place = place
        self._own = {row.about for row in own}
        self._by_stage: dict[str, list[FeedbackLimit]] = {}
        kept = [row for row in rows if row.about not in self._own]
        for row in sorted([*kept, *own], key=lambda row: row.rank, reverse=True):
            self._by_stage.setdefault(row.stage, []).append(row)

    def find(self, stage: str, profile: Profile, on: date) -> FeedbackLimit | None:
        """The row for a stage of a case received on `on`; null where the stage has no limit."""
        rows: Iterable[FeedbackLimit] = self._by_stage.get(stage, ())
        if self.place_of(profile):
            rows = (row for row in rows if row.about == (profile.lane, profile.kind))
        row = next((row for row in rows if row.fits(profile, on)), None)
        return row if row and row.limit else None

    def place_of(self, profile: Profile) -> str:
        """The place whose regulation speaks of such a case, blank where the default holds."""
        return self._place if (profile.lane, profile.kind) in self._own else ""


def parse_limits(lines: Iterable[str], own: Iterable[str] = (), place: str = "") -> FeedbackLimits:
    """Limits in lines of CSV: `lane,kind,urgency,domain,stage,amount,unit,start,source,valid_from,valid_to`.

    `own` are those of a place's regulation. Raises InvalidField naming the line of a row that cannot be used.
    """
    rows = map(_limit, read_rows("Thời hạn phản ánh", lines))
    return FeedbackLimits(rows, map(_limit, read_rows(f"Thời hạn phản ánh ({place})", own)), place)


def profile_text(files: Mapping[str, str], place: str) -> str:
    """The text of the regulation of the setting `feedback_profile` among rule files; nothing where none is set.

    Raises InvalidField naming the setting and the places that have one.
    """
    if not place:
        return ""
    found = files.get(f"{_FOLDER}{place}{_SUFFIX}")
    if found is None:
        places = (name.removeprefix(_FOLDER).removesuffix(_SUFFIX) for name in files if name.startswith(_FOLDER))
        known = ", ".join(sorted(places)) or "chưa có"
        message = f"settings.toml: feedback_profile “{place}” không có; các bộ thời hạn có: {known}."
        raise InvalidField("feedback_profile", "unknown_profile", message)
    return found


def _limit(row: Row) -> FeedbackLimit:
    lane, kind, urgency, domain = (row.known(name, ("", *words)) for name, words in _KEYS.items())
    limit = row.limit()
    return FeedbackLimit(
        keys=(lane, kind, urgency, domain),
        stage=row.known("stage", (*STAGES, INFO_REQUEST)),
        limit=limit,
        start=row.known("start", STARTS) if limit else "",
        valid_from=row.day("valid_from", date.min),
        valid_to=row.day("valid_to", date.max),
    )
