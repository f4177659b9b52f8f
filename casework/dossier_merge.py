"""Transitions of a dossier as a set: order of arrival, repeats and resends leave no trace in it."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from casework.calendar import VIETNAM
from casework.dossier_state import PAYMENT, SUPPLEMENT, Transition

_FEW, _MOST_BYTES = 500, 500_000
_order = attrgetter("at", "status")
_SEVEN_HOURS = timedelta(hours=7)
_TIMES = ("at", "received_at", "due_at", "finished_at", "rescheduled_to", "apologised_at", "step_due_at")
_GREATER = tuple(field.name for field in fields(Transition) if field.name not in ("at", "status", "odd"))


def merge(old: Sequence[Transition], new: Iterable[Transition]) -> tuple[Transition, ...]:
    """All transitions in order of moment, then status; of two that agree in both, each field's greater value."""
    merged = list(old)
    last = _order(merged[-1]) if merged else None
    for step in map(_in_vietnam, new):
        key = _order(step)
        if last is None or key > last:
            merged.append(step)
            last = key
        else:
            _put(merged, step, key)
    return tuple(merged)


def _put(merged: list[Transition], step: Transition, key: tuple[datetime, int]) -> None:
    place = bisect_left(merged, key, key=_order)
    if _order(merged[place]) == key:
        merged[place] = _greater(merged[place], step)
    else:
        merged.insert(place, step)


def trim(transitions: tuple[Transition, ...]) -> tuple[Transition, ...]:
    """The same, but past 500 kB without those in the middle of a run that differ by their moment only.

    The last of such a run carries `repeats_dropped`, which becomes a flag. Requests for supplements are never dropped.
    """
    if len(transitions) < _FEW or sum(map(_size, transitions)) <= _MOST_BYTES:
        return transitions
    kept = list(transitions[:2])
    for step in transitions[2:]:
        if _repeats(kept[-2], kept[-1]) and _repeats(kept[-1], step):
            kept[-1] = replace(step, odd=tuple(sorted({*step.odd, "repeats_dropped"})))
        else:
            kept.append(step)
    return tuple(kept)


def _repeats(earlier: Transition, later: Transition) -> bool:
    alike = replace(later, at=earlier.at, odd=earlier.odd) == earlier
    return alike and later.status not in (SUPPLEMENT, PAYMENT)


def _size(step: Transition) -> int:
    """Bytes of a transition as JSON, about: names and moments by number, texts by length."""
    values = [getattr(step, name) for name in _GREATER]
    return (
        100
        + sum(20 + (len(value) if isinstance(value, str) else 25) for value in values if value)
        + 200 * len(step.listed)
    )


def _greater(one: Transition, other: Transition) -> Transition:
    if one == other:
        return one
    changes: dict[str, Any] = {"odd": tuple(sorted({*one.odd, *other.odd}))}
    for name in _GREATER:
        mine, theirs = getattr(one, name), getattr(other, name)
        if theirs is not None and (mine is None or theirs > mine):
            changes[name] = theirs
    return replace(one, **changes)


def _in_vietnam(step: Transition) -> Transition:
    times = (step.at, step.received_at, step.due_at, step.finished_at, step.rescheduled_to, step.apologised_at,
             step.step_due_at)  # fmt: skip
    for moment in times:
        if moment is not None and moment.tzinfo is not VIETNAM and moment.utcoffset() != _SEVEN_HOURS:
            return _moved(step)
    return step if len(step.odd) < 2 else replace(step, odd=tuple(sorted(set(step.odd))))


def _moved(step: Transition) -> Transition:
    given = {name: getattr(step, name) for name in _TIMES}
    local: dict[str, Any] = {name: moment.astimezone(VIETNAM) for name, moment in given.items() if moment is not None}
    return replace(step, **local, odd=tuple(sorted(set(step.odd))))
