"""The agent `admit_dossiers`: whatever the province's systems send becomes clean, keyed events, or a dead letter."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from casework.agencies import Agencies
from streams import codec
from streams.codec import InvalidInput, StatusChanged
from streams.codec.fields import utc_of_millis
from streams.dead_letters import DeadLetters
from streams.records import Send

FUTURE = timedelta(days=1)


class Admission:
    """Turns records of `dossier.intake` into records of `dossier.events` and dead letters."""

    def __init__(self, events_topic: str, agencies: Agencies, dead_letters: DeadLetters) -> None:
        self.events_topic = events_topic
        self.agencies = agencies
        self.dead_letters = dead_letters

    def admit(self, records: Sequence[Any]) -> tuple[list[Send], int]:
        """What is to be sent for a chunk, in its order, and how many of it are dead letters."""
        sends = []
        dead = 0
        for record in records:
            try:
                sends.append(self._event(record))
            except InvalidInput as error:
                dead += 1
                sends.append(self.dead_letters.letter(record, error, utc_of_millis(record.timestamp)))
        return sends, dead

    def _event(self, record: Any) -> Send:
        event = self._judged(codec.admit(record.value), record)
        return Send(self.events_topic, event.dossier_code.encode(), codec.encode_event(event), tuple(record.headers))

    def _judged(self, event: StatusChanged, record: Any) -> StatusChanged:
        """The agency as a code, and whether the moment lay in the future at admission: said once, here."""
        transition = event.transition
        if transition.agency is not None:
            transition = replace(transition, agency=self.agencies.match(transition.agency))
        if transition.at > utc_of_millis(record.timestamp) + FUTURE:
            transition = replace(transition, odd=(*transition.odd, "future_moment"))
        return StatusChanged(event.id, event.source, event.dossier_code, transition)
