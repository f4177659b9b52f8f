"""Moves between the public and the restricted lane: noted whole before anything is sent, finished at the latest at
the next start. From the note until the read model shows that the case has left, nobody sees it or decides on it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Engine, Row, and_, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from casework.feedback import FeedbackEvent, FeedbackState
from desk.outbox import Message, Outbox, OutboxError
from desk.store.queries import has_left
from desk.web.accounts import Accounts, moves
from streams.codec import Text, encode_feedback_event, encode_text, mark, since, stable_id, text_key
from streams.topics import Lane

Group = Sequence[Message]
_TICK = timedelta(microseconds=1)
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[list[Message]]).decode
_SENT = _encode([])  # what is left of the messages once Kafka has them


def to_restricted(
    state: FeedbackState, texts: dict[str, Text], moved: FeedbackEvent, note: Text | None, here: Lane, there: Lane
) -> list[Group]:
    """The messages of an operator's move, in order. There the case is named a suspected tố cáo by a correction.

    `brought` says that it stands there again, should it have left that lane before.
    """
    brought = replace(moved, id=stable_id(moved.id, "brought"), type="brought")
    named = replace(moved, id=stable_id(moved.id, "corrected"), type="corrected", lane="to_cao")
    notes = [replace_id(note, named.id)] if note else []
    return [
        [_text_message(there, text, moved) for text in [*texts.values(), *notes]],
        [_event_message(there, state.feedback_id, event) for event in [*state.history, brought, named]],
        [_event_message(here, state.feedback_id, moved)],
        [_tombstone(here, state.feedback_id, event_id, moved) for event_id in texts],
    ]


def to_public(
    state: FeedbackState, texts: dict[str, Text], released: FeedbackEvent, note: Text | None, here: Lane, there: Lane
) -> list[Group]:
    """The messages of an inspector's release, in order; `released` goes to both lanes before the case leaves."""
    moved = replace(released, id=_leave_after(released.id), type="moved", at=released.at + _TICK)
    notes = [note] if note else []
    return [
        [_text_message(there, text, released) for text in [*texts.values(), *notes]],
        [_event_message(there, state.feedback_id, event) for event in [released, *state.history]],
        [_event_message(here, state.feedback_id, event) for event in (released, moved)],
        [_tombstone(here, state.feedback_id, event_id, moved) for event_id in texts],
    ]


def _leave_after(released: str) -> str:
    """The id of the `moved` that follows a release in the restricted lane."""
    return stable_id(released, "moved")


def replace_id(text: Text, event_id: str) -> Text:
    return msgspec.structs.replace(text, event_id=event_id)


def _text_message(lane: Lane, text: Text, brought: FeedbackEvent) -> Message:
    return Message(str(lane.texts), text_key(text.feedback_id, text.event_id), encode_text(text), _since(brought))


def _tombstone(lane: Lane, feedback_id: str, event_id: str, left: FeedbackEvent) -> Message:
    return Message(str(lane.texts), text_key(feedback_id, event_id), None, _since(left))


def _since(move: FeedbackEvent) -> tuple[tuple[str, bytes], ...]:
    """Without it a late record of one move could undo what a later one did."""
    return since(mark(move.at))


def _event_message(lane: Lane, feedback_id: str, event: FeedbackEvent) -> Message:
    return Message(lane.events, feedback_id.encode(), encode_feedback_event(feedback_id, event, event.source))


class Moves:
    """Moves under way, in the web's own database."""

    def __init__(self, accounts: Accounts, outbox: Outbox, read_model: Engine) -> None:
        self._accounts, self._outbox, self._read_model = accounts, outbox, read_model

    def note(self, case_id: str, event_id: str, groups: Sequence[Group]) -> None:
        """From here on the move will be finished, whatever happens to this process."""
        row = {"case_id": case_id, "event_id": event_id, "messages": _encode([list(group) for group in groups])}
        with self._accounts.begin(lasting=True) as connection:
            connection.execute(insert(moves).values(row).on_conflict_do_nothing())

    def under_way(self) -> frozenset[str]:
        """The cases that are in neither lane for anybody."""
        return frozenset(row.case_id for row in self._noted() if not self._is_over(row))

    def finish(self, case_id: str | None = None) -> None:
        """Sends what is noted, of one case or of all, all over again where it was begun: the ids are the same.

        What was sent before and is seen to have left is forgotten. Raises OutboxError after all have been tried: one
        that Kafka refuses keeps none waiting but the later ones of its case.
        """
        failed: dict[str, OutboxError] = {}
        for row in self._noted():
            if case_id in (None, row.case_id) and row.case_id not in failed:
                try:
                    self._finish(row)
                except OutboxError as problem:
                    failed[row.case_id] = problem
        if failed:
            raise next(iter(failed.values()))

    def _finish(self, move: Row[Any]) -> None:
        row = and_(moves.c.case_id == move.case_id, moves.c.event_id == move.event_id)
        if not move.sent:
            with self._accounts.begin() as connection:
                messages = connection.execute(select(moves.c.messages).where(row)).scalar()
            for group in _decode(messages or _SENT):
                if group:
                    self._outbox.send(group)
        change = delete(moves) if self._is_over(move) else update(moves).values(messages=_SENT)
        with self._accounts.begin() as connection:
            connection.execute(change.where(row))

    def _noted(self) -> Sequence[Row[Any]]:
        """Without the messages, which may be many megabytes while Kafka is away."""
        sent = (moves.c.messages == _SENT).label("sent")
        with self._accounts.begin() as connection:
            return connection.execute(select(moves.c.case_id, moves.c.event_id, sent)).all()

    def _is_over(self, move: Row[Any]) -> bool:
        if not move.sent:
            return False
        with self._read_model.connect() as connection:
            return has_left(connection, move.case_id, {move.event_id, _leave_after(move.event_id)})
