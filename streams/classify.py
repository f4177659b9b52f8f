"""The agent `classify`: feedback is cleaned, classified and sealed; its text and its event travel apart.

A suspected tố cáo goes to the restricted topics and nowhere else.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from casework.agencies import Agencies
from casework.feedback import FeedbackEvent
from casework.feedback_state import Alternative
from models.classifier import Classification, Classifier
from models.places import AreaFinder
from models.redact import redact
from streams import codec
from streams.codec import InvalidInput, Reason, Received, Sealer, Text
from streams.codec.errors import invalid
from streams.codec.fields import utc_of_millis
from streams.dead_letters import DeadLetters
from streams.records import Send
from streams.topics import Topics

TEXTS_AT_ONCE = 64
LONGEST_SECONDS = 60.0  # a thousand times what so many texts take: it hangs
RESTRICTED = "to_cao"
ROUNDED_PLACES = 3
BY = "system/classify"
WELL = "Đèn đường hỏng"  # a text that a well classifier can read
Found = tuple[Classification, str | None]
_UNCLASSIFIABLE = invalid("text", "unclassifiable", "bộ phân loại không đọc được nội dung này")


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of feedback read from the intake."""

    feedback_id: str
    source: str
    received: Received
    opening: str
    record: Any

    @property
    def received_at(self) -> datetime:
        return self.received.received_at or utc_of_millis(self.record.timestamp)


class Intake:
    """Turns records of `feedback.intake` into texts, opened events and dead letters.

    `classifier` may be replaced while it works: a batch is judged by one as a whole.
    """

    def __init__(
        self, topics: Topics, classifier: Classifier, areas: AreaFinder, agencies: Agencies, sealer: Sealer,
        dead_letters: DeadLetters
    ) -> None:  # fmt: skip
        self.topics = topics
        self.classifier = classifier
        self.areas = areas
        self.agencies = agencies
        self.sealer = sealer
        self.dead_letters = dead_letters

    async def take(self, records: Sequence[Any]) -> tuple[list[Send], list[Classification], list[codec.Refused]]:
        """What is to be sent for a chunk, what was found for the public lane, and which of it are dead letters.

        Raises TimeoutError where the classifier hangs.
        """
        items, refusals = self._read(records)
        found: list[Found | None] = []
        for start in range(0, len(items), TEXTS_AT_ONCE):
            work = asyncio.to_thread(self._found_each, items[start : start + TEXTS_AT_ONCE])
            found += await asyncio.wait_for(work, LONGEST_SECONDS)
        pairs = list(zip(items, found, strict=True))
        refusals += [(item.record, _UNCLASSIFIABLE) for item, result in pairs if result is None]
        sends = [send for item, result in pairs if result for send in self._sends(item, *result)]
        sends += [self.dead_letters.letter(one, error, utc_of_millis(one.timestamp)) for one, error in refusals]
        refused = [(codec.source_of(record.value), error.reason) for record, error in refusals]
        return sends, [result[0] for result in found if result and result[0].lane != RESTRICTED], refused

    def _found_each(self, items: Sequence[Item]) -> list[Found | None]:
        """What each text is about; None for one at which the classifier raises, while it does well with others.

        Else that one text would end every worker that reads it, and nothing behind it would ever be read.
        """
        try:
            return [*self._found(items)]
        except Exception:  # noqa: BLE001 - of whatever library: the next line tells an ill process from a bad text
            self.classifier.classify([WELL])
            return [self._found_or_none(item) for item in items]

    def _found_or_none(self, item: Item) -> Found | None:
        try:
            return self._found([item])[0]
        except Exception:  # noqa: BLE001 - likewise
            return None

    def _found(self, items: Sequence[Item]) -> list[Found]:
        """What each text is about, and the commune: the one that was given, else the one that the text surely names."""
        results = self.classifier.classify([item.received.text for item in items])
        return [(result, self._area(item.received)) for item, result in zip(items, results, strict=True)]

    def _area(self, received: Received) -> str | None:
        if received.area:
            return redact(received.area)
        return self.areas.area(f"{received.text}\n{received.address or ''}")

    def _read(self, records: Sequence[Any]) -> tuple[list[Item], list[tuple[Any, InvalidInput]]]:
        items, refusals = [], []
        for record in records:
            try:
                position = f"{record.topic}/{record.partition}/{record.offset}"
                items.append(Item(*codec.admit_received(record.value, position), record))
            except InvalidInput as error:
                refusals.append((record, error))
        return items, refusals

    def _sends(self, item: Item, found: Classification, area: str | None) -> tuple[Send, Send]:
        lane = self.topics.lane("restricted" if found.lane == RESTRICTED else "feedback")
        event = self._opened(item, found, area)
        text = codec.encode_text(self._text(item, found, event))
        opened = codec.encode_feedback_event(item.feedback_id, event, item.source)
        headers = codec.on_its_way(item.record.headers, item.record.timestamp)
        return (
            Send(lane.texts or "", codec.text_key(item.feedback_id, event.id), text),
            Send(lane.events, item.feedback_id.encode(), opened, headers),
        )

    def _opened(self, item: Item, found: Classification, area: str | None) -> FeedbackEvent:
        received = item.received
        return FeedbackEvent(
            id=item.opening,
            type="opened",
            at=item.received_at,
            by=BY,
            received_at=item.received_at,
            channel=received.channel,
            agency=self.agencies.match(received.agency) if received.agency else None,
            area=area,
            place=_rounded(received.latitude, received.longitude),
            kind=found.kind,
            domain=found.domain,
            confidence=round(found.confidence, 4),
            alternatives=tuple(Alternative(other.domain, round(other.confidence, 4)) for other in found.alternatives),
            abstained=found.abstained,
            lane=found.lane,
            urgency=found.urgency,
            model_version=found.model_version,
        )

    def _text(self, item: Item, found: Classification, event: FeedbackEvent) -> Text:
        received = item.received
        exact = found.kind == "incident"
        return Text(
            feedback_id=item.feedback_id,
            event_id=event.id,
            text=found.text,
            at=item.received_at,
            source=item.source,
            opens=True,
            sealed=self.sealer.seal(msgspec.json.encode(received)),
            reasons=tuple(
                Reason(reason.text, reason.start, reason.end, round(reason.weight, 4)) for reason in found.reasons
            ),
            lane_signals=found.lane_signals,
            missing=found.missing,
            external_id=received.external_id,
            anonymous=received.anonymous,
            attachments=received.attachments,
            latitude=received.latitude if exact else None,
            longitude=received.longitude if exact else None,
        )


def _rounded(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """About 100 m: enough for a map, not for a house."""
    if latitude is None or longitude is None:
        return None
    return round(latitude, ROUNDED_PLACES), round(longitude, ROUNDED_PLACES)
