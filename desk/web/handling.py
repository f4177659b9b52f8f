"""What may be done next with a case of feedback, and who is proposed to handle it."""

from collections.abc import Mapping

from casework import labels
from casework.agencies import UNKNOWN, Agencies, Agency
from casework.feedback import FeedbackState
from desk.store.queries import OPEN_STAGES, UNTAKEN_STAGES
from desk.web import rights

_OFFICE = "Ủy ban nhân dân "
_HELD = ("accepted", "assigned", "info_requested")
_CLOSED = ("answered", "published", "rejected", "withdrawn", "merged")
FORMS: Mapping[str, tuple[str, ...]] = {  # in the order of the page, each with the stages that it fits
    "info_received": ("info_requested",),
    "published": ("answered",),
    "assigned": OPEN_STAGES,
    "answered": OPEN_STAGES,
    "urged": OPEN_STAGES,
    "directed": OPEN_STAGES,
    "accepted": UNTAKEN_STAGES,
    "corrected": OPEN_STAGES,
    "info_requested": ("received", "opened", "accepted", "assigned", "returned"),
    "returned": _HELD,
    "rejected": OPEN_STAGES,
    "extended": OPEN_STAGES,
    "merged": OPEN_STAGES,
    "withdrawn": OPEN_STAGES,
    "reopened": _CLOSED,
    "moved": OPEN_STAGES + _CLOSED,
    "released": OPEN_STAGES + _CLOSED,
}


def forms_for(role: str, state: FeedbackState, restricted: bool) -> list[str]:
    """The decisions that the role may take and that mean something at this stage; the likeliest first."""
    return [form for form, stages in FORMS.items() if state.stage in stages and rights.may(role, form, restricted)]


def proposed_agency(agencies: Agencies, domain: str | None, area: object) -> str | None:
    """The agency of the domain, else the commune that the place names."""
    return agencies.for_domain(domain or "") or _commune(agencies, area)


def _commune(agencies: Agencies, area: object) -> str | None:
    code = agencies.match(area) if isinstance(area, str) and area.strip() else UNKNOWN
    return code if agencies.get(code) else None


def communes(agencies: Agencies) -> list[str]:
    """Names of places, without those of their offices."""
    offices = (agency.name for agency in agencies if agency.level == "commune" and agency.valid_to is None)
    names = (name.removeprefix(_OFFICE) for name in offices)
    return [name[:1].upper() + name[1:] for name in names]


def choices(agencies: Agencies) -> list[tuple[str, list[Agency]]]:
    """The agencies that exist now, by level, for a list to choose from."""
    levels = {level: [a for a in agencies if a.level == level and a.valid_to is None] for level in labels.LEVELS}
    return [(labels.LEVELS[level], found) for level, found in levels.items() if found]
