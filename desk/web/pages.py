"""Rendering of pages: Jinja2 templates with the words of the labels."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from casework import labels
from casework.agencies import Agencies
from casework.calendar import VIETNAM
from casework.wording import due_words
from desk.web import words

HERE = Path(__file__).resolve().parent.parent
STATIC = HERE / "static"
NAVIGATION = {
    "operator": (("/tiep-nhan", "Tiếp nhận"), ("/theo-doi", "Theo dõi, đôn đốc"), ("/giam-sat", "Màn hình giám sát")),
    "handler": (("/theo-doi", "Theo dõi, đôn đốc"),),
    "supervisor": (("/theo-doi", "Theo dõi, đôn đốc"), ("/giam-sat", "Màn hình giám sát")),
    "inspector": (("/don-thu", "Đơn thư"), ("/theo-doi", "Theo dõi, đôn đốc"), ("/giam-sat", "Màn hình giám sát")),
    "wall": (("/giam-sat", "Màn hình giám sát"),),
    "source": (),
    "admin": (("/chat-luong-phan-loai", "Chất lượng phân loại"), ("/giam-sat", "Màn hình giám sát")),
}
HOME = {"operator": "/tiep-nhan", "inspector": "/don-thu", "wall": "/giam-sat", "admin": "/giam-sat", "source": "/docs"}


class Pages:
    """Templates of the desk. `agencies` turns codes into names, `now` says which of them still exist."""

    def __init__(self, agencies: Agencies, version: str, now: Callable[[], datetime]) -> None:
        self._agencies, self._now = agencies, now
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {"labels": labels, "version": version, "navigation": NAVIGATION, "words": words}
        self._environment.filters |= {
            "moment": moment_text,
            "day": day_text,
            "agency": self.agency_text,
            "heir": self.heir,
            "label": label,
            "marked": marked,
            "case_name": words.case_name,
            "person": words.person,
            "due": due_text,
            "merged": merged,
            "percent": percent_text,
            "count": count_text,
        }

    def render(self, template: str, request: Request, **values: Any) -> str:
        defaults = {"account": None, "path": request.url.path, "is_demo": False}
        return self._environment.get_template(template).render(defaults | values)

    def answer(self, template: str, request: Request, **values: Any) -> HTMLResponse:
        return HTMLResponse(self.render(template, request, **values), headers={"Cache-Control": "no-store"})

    def agency_name(self, code: str | None) -> str:
        """The name people know; an unlisted code as it is; “Chưa giao” for none."""
        return self._agencies.name(code) if code else "Chưa giao"

    def agency_text(self, code: str | None) -> str:
        """The name, and of an agency that is no more also who does its work today: `Sở … (nay là Sở …)`."""
        name, heir = self.agency_name(code), self.heir(code)
        return f"{name} (nay là {heir})" if heir else name

    def heir(self, code: str | None) -> str | None:
        """The name of the agency that took over; null where nobody did."""
        today = self._agencies.restated(code or "", self._now().astimezone(VIETNAM).date())
        return None if today == (code or "") else self.agency_name(today)


def home(role: str) -> str:
    return HOME.get(role, "/theo-doi")


def moment_text(moment: datetime | str | None) -> str:
    """`08:30 ngày 14/9/2026` in Vietnam time."""
    if not moment:
        return "—"
    at = (datetime.fromisoformat(moment) if isinstance(moment, str) else moment).astimezone(VIETNAM)
    return f"{at:%H:%M} ngày {at.day}/{at.month}/{at.year}"


def day_text(day: date | str | None) -> str:
    """`14/9/2026`; of a moment, its day in Vietnam."""
    if not day:
        return "—"
    if isinstance(day, str):
        day = datetime.fromisoformat(day).astimezone(VIETNAM) if "T" in day else date.fromisoformat(day)
    return f"{day.day}/{day.month}/{day.year}"


def due_text(moment: datetime | str | None) -> str:
    """`thứ Hai 14/9/2026` of what is due with a day, else `08:30 thứ Hai 14/9/2026`."""
    if not moment:
        return "—"
    return due_words(datetime.fromisoformat(moment) if isinstance(moment, str) else moment)


def percent_text(share: float) -> str:
    """`91,2 %`."""
    return f"{share * 100:.1f}".replace(".", ",") + "\u00a0%"


def count_text(number: int) -> str:
    """`6.109`, as numbers are written in Vietnam."""
    return f"{number:,}".replace(",", ".")


def merged(filters: Mapping[str, str], **others: str) -> dict[str, str]:
    """Filters of a link: those that stand, with others in their place; empty ones left out."""
    return {name: value for name, value in {**filters, **others}.items() if value}


def label(code: Any, words: Mapping[Any, str]) -> str:
    """The label of a code; a code that has none as it is."""
    return "—" if code is None else words.get(code, str(code))


def marked(text: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is a reason; overlapping spans are joined."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(spans):
        begin = max(start, at)
        if end > begin:
            pieces += [(text[at:begin], False), (text[begin:end], True)]
            at = end
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]
