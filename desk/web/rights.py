"""Which role may decide what, and what each decision must say."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from casework import labels
from casework.agencies import UNKNOWN, Agencies
from casework.errors import InvalidField
from streams.codec.errors import invalid
from streams.codec.feedback import feedback_id
from streams.codec.fields import END_OF_DAY, Reader, moment, one_of, word

PUBLIC: Mapping[str, frozenset[str]] = {
    "operator": frozenset(
        {
            "accepted",
            "assigned",
            "corrected",
            "info_requested",
            "info_received",
            "merged",
            "moved",
            "rejected",
            "withdrawn",
            "rated",
            "reopened",
        }
    ),
    "handler": frozenset({"accepted", "returned", "info_requested", "info_received", "answered"}),
    "supervisor": frozenset({"extended", "urged", "directed", "published", "lane_confirmed", "reopened"}),
    "admin": frozenset({"erased"}),
}
RESTRICTED = frozenset(
    {
        "accepted",
        "assigned",
        "corrected",
        "info_requested",
        "info_received",
        "answered",
        "rejected",
        "extended",
        "lane_confirmed",
        "withdrawn",
        "reopened",
        "released",
    }
)
PREFIX = "feedback."
NEEDS_TEXT = frozenset({"answered", "info_requested"})
LONGEST_TEXT = 20_000
LISTED = {"domain": labels.DOMAINS, "kind": labels.KINDS, "lane": labels.LANES, "urgency": labels.URGENCIES}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "assigned": ("agency",),
    "extended": ("until",),
    "rejected": ("door",),
    "returned": ("reason",),
    "rated": ("rating",),
    "merged": ("into",),
    "directed": ("until",),
}
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "corrected": tuple(LISTED),
    "extended": ("document_number",),
    "directed": ("document_number",),
    "urged": ("document_number",),
    "lane_confirmed": ("accepted_at",),
}


def may(role: str, decision: str, restricted: bool) -> bool:
    """Whether a role may take a decision (without prefix) on a case of that lane."""
    if role == "inspector":
        return restricted and decision in RESTRICTED
    return not restricted and decision in PUBLIC.get(role, ())


def may_ever(role: str, decision: str) -> bool:
    """Whether a role may take the decision on any case: asked before any case is looked up."""
    return may(role, decision, restricted=False) or may(role, decision, restricted=True)


def decision_of(data: Mapping[str, Any]) -> str:
    """The `type` without its prefix. Raises InvalidInput."""
    given = data.get("type")
    known = RESTRICTED.union(*PUBLIC.values())
    name = given.removeprefix(PREFIX) if isinstance(given, str) and given.startswith(PREFIX) else ""
    if name not in known:
        allowed = ", ".join(PREFIX + one for one in sorted(known))
        raise invalid("type", "unknown_type", f"phải là một trong: {allowed}")
    return name


def read_fields(decision: str, data: Mapping[str, Any], agencies: Agencies) -> dict[str, Any]:
    """The fields of a decision, checked; null ones left out. Raises InvalidInput with all that is wrong."""
    reader, readers = Reader(data), _readers(agencies)
    found = {name: reader.required(name, readers[name]) for name in REQUIRED.get(decision, ())}
    found |= {name: reader.optional(name, readers[name]) for name in OPTIONAL.get(decision, ())}
    read_text = reader.required if decision in NEEDS_TEXT else reader.optional
    found["text"] = read_text("text", _text)
    if decision == "corrected" and not reader.errors and not any(found[name] for name in LISTED):
        reader.errors.append(InvalidField("domain", "missing", "ghi ít nhất một trong: domain, kind, lane, urgency"))
    reader.finish()
    return {name: value for name, value in found.items() if value is not None}


def _readers(agencies: Agencies) -> dict[str, Callable[[str, Any], Any]]:
    listed = {name: partial(one_of, allowed=tuple(words)) for name, words in LISTED.items()}
    short = partial(word, longest=100)
    return listed | {
        "agency": partial(_agency, agencies=agencies),
        "until": partial(moment, day_means=END_OF_DAY),
        "accepted_at": moment,
        "document_number": short,
        "door": short,
        "reason": short,
        "into": feedback_id,
        "rating": partial(one_of, allowed=("like", "dislike", "neutral")),
    }


def _agency(field: str, value: object, agencies: Agencies) -> str:
    code = agencies.match(word(field, value, longest=300))
    if code == UNKNOWN:
        raise InvalidField(field, "unknown_agency", "không có đơn vị tên này; ghi mã hoặc tên trong danh mục đơn vị")
    return code


def _text(field: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidField(field, "bad_type", "phải là đoạn văn có chữ")
    if len(value) > LONGEST_TEXT:
        raise InvalidField(field, "too_long", f"dài quá {LONGEST_TEXT} ký tự; rút gọn hoặc gửi thành tệp đính kèm")
    return value.strip()
