"""The agent `admit_dossiers`: whatever the province's systems send becomes clean, keyed events, or a dead letter."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from casework.agencies import Agencies
from casework.clocks_of_sources import ClocksOfSources
from casework.dossiers import Transition
from streams import codec
from streams.codec import InvalidInput, StatusChanged
from streams.codec.fields import utc_of_millis
from streams.codec.sources import HEARTBEAT
from streams.dead_letters import DeadLetters
from streams.records import Send

FUTURE = timedelta(days=1)


class Admission:
    """Turns records of `dossier.intake` into records of `dossier.events` and dead letters.

    `heard` is told of the source of each record that can be read.
    """

    def __init__(
        self,
        events_topic: str,
        agencies: Agencies,
        dead_letters: DeadLetters,
        heard: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.events_topic = events_topic
        self.agencies = agencies
        self.dead_letters = dead_letters
        self.heard = heard
        self.clocks = ClocksOfSources()

    def admit(self, records: Sequence[Any]) -> tuple[list[Send], list[codec.Refused]]:
        """What is to be sent for a chunk, in its order, and which of it are dead letters."""
        sends = []
        refused = []
        for record in records:
            try:
                sends.append(self._event(record))
            except InvalidInput as error:
                refused.append((codec.source_of(record.value), error.reason))
                sends.append(self.dead_letters.letter(record, error, utc_of_millis(record.timestamp)))
        return sends, refused

    def _event(self, record: Any) -> Send:
        event = self._judged(codec.admit(record.value), record)
        self.heard(event.source)
        headers = codec.on_its_way(record.headers, record.timestamp)
        return Send(self.events_topic, event.dossier_code.encode(), codec.encode_event(event), headers)

    def _judged(self, event: StatusChanged, record: Any) -> StatusChanged:
        """The agency as a code, and what is odd about the moments at admission: said once, here."""
        transition = event.transition
        if transition.agency is not None:
            transition = replace(transition, agency=self.agencies.match(transition.agency))
        odd = tuple(self._odd(event.source, transition, utc_of_millis(record.timestamp)))
        if odd:
            transition = replace(transition, odd=(*transition.odd, *odd))
        return StatusChanged(event.id, event.source, event.dossier_code, transition)

    def _odd(self, source: str, transition: Transition, admitted: datetime) -> Iterator[str]:
        if transition.at > admitted + FUTURE:
            yield "future_moment"
        # promised dates are left out: without a time they are read as the end of their day
        moments = [at for at in (transition.at, transition.received_at, transition.finished_at) if at is not None]
        if source != HEARTBEAT and self.clocks.has_twelve_hours(source, moments):
            yield "twelve_hour_clock"
