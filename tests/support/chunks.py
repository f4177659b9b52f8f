"""Chunks of records for a following agent, and what they leave in a table that is a mapping."""

from dataclasses import dataclass
from datetime import datetime

from casework.calendar import VIETNAM
from casework.dossiers import Transition
from streams import codec
from streams.advance import DOSSIERS, advance
from streams.codec import StatusChanged, Tick
from tests.support.dossiers import small_rules
from tests.support.rules import rules

DOSSIER_TICKS, FEEDBACK_TICKS = "dossier.ticks", "feedback.ticks"
A, B = "H99.1-260302-0001", "H99.1-260302-0002"
NOW = datetime(2026, 9, 14, 8, tzinfo=VIETNAM)


@dataclass(frozen=True)
class Record:
    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


def told(code: str, transition: Transition) -> Record:
    source = "/mot-cua"
    changed = StatusChanged(codec.stable_id(code, transition.at, transition.status), source, code, transition)
    return Record("dossier.events", code.encode(), codec.encode_event(changed))


def ticked(
    code: str, alert_id: str, *, late: bool = False, topic: str = DOSSIER_TICKS, moment: datetime = NOW
) -> Record:
    return Record(topic, code.encode(), codec.encode_tick(Tick(alert_id, moment, late)))


def said(feedback_event, feedback_id="PA-1") -> Record:
    value = codec.encode_feedback_event(feedback_id, feedback_event, "/langnghe/web")
    return Record("feedback.events", feedback_id.encode(), value)


def run(records, table=None, kind=DOSSIERS):
    """A chunk against a table given as a mapping, which is not changed."""
    ticks, under = (DOSSIER_TICKS, small_rules()) if kind is DOSSIERS else (FEEDBACK_TICKS, rules())
    return advance(kind, under, (table or {}).get, records, ticks)


def dossier_in(done, code=A):
    return codec.decode_dossier_state(done.states[code.encode()])


def kept(*chunks, kind=DOSSIERS):
    """The table after chunks, and all that was told."""
    table, outcomes = {}, []
    for chunk in chunks:
        done = run(chunk, table, kind)
        table.update(done.states)
        outcomes += done.outcomes
    return table, outcomes
