"""What people corrected becomes rows to learn from; nothing that ever was near the restricted lane does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from casework.feedback import FeedbackEvent
from casework.labels import DOMAINS, KINDS, LANES, URGENCIES
from models.corpus_rows import Row

AUTHOR = "corrections"
"""Rows of corrections stand together as one writer: cross-validation never learns from the one it is judged on."""
_RESTRICTED = "to_cao"
_NEVER = frozenset({"moved", "released", "erased"})
_LISTED: Mapping[str, Mapping[str, str]] = {"domain": DOMAINS, "kind": KINDS, "lane": LANES, "urgency": URGENCIES}


def corrected_row(feedback_id: str, history: Iterable[FeedbackEvent], texts: Mapping[str, str]) -> Row | None:
    """The row that the last correction of a case makes, or None where there is nothing to learn or it must not be.

    `texts` holds redacted texts by event id. A label that was not corrected is the one that the person saw and left.
    """
    events = sorted(history, key=lambda event: (event.at, event.id))
    opened = next((event for event in events if event.type == "opened"), None)
    corrected = [event for event in events if event.type == "corrected"]
    if opened is None or not corrected or any(map(_forbids, events)):
        return None
    labels = {name: _last(name, [opened, *corrected]) for name in _LISTED}
    text = texts.get(opened.id, "").strip()
    if not text or any(labels[name] not in allowed for name, allowed in _LISTED.items()):
        return None
    return Row(id=feedback_id, text=text, author=AUTHOR, **labels)  # type: ignore[arg-type]  # codes, just checked


def allowed(rows: Iterable[Row], exam: Sequence[Row]) -> list[Row]:
    """Rows that may be learnt: none of the restricted lane, none that the exam asks for, the last of each id."""
    asked = {row.text for row in exam}
    kept = {row.id: replace(row, author=AUTHOR) for row in rows if row.lane != _RESTRICTED and row.text not in asked}
    return list(kept.values())


def _forbids(event: FeedbackEvent) -> bool:
    return event.type in _NEVER or event.lane == _RESTRICTED


def _last(name: str, events: Sequence[FeedbackEvent]) -> str | None:
    said = [value for event in events if (value := getattr(event, name))]
    return said[-1] if said else None
