"""Invented feedback: texts of the training corpus, which nobody ever sent, with a commune, a channel and a moment."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from casework.rules import Rules
from cli.outgoing import Outgoing
from streams import codec
from streams.codec import Received
from streams.codec.sources import DEMO

_CHANNELS = {"hotline": 40, "app": 25, "portal": 15, "zalo": 12, "email": 5, "in_person": 3}
_SPREAD = timedelta(hours=36)
_OFFICE = "Ủy ban nhân dân "


def feedback(
    texts: Sequence[str], rules: Rules, now: datetime, seed: int, count: int, topic: str
) -> Iterator[Outgoing]:
    """`count` messages for the intake that came in over the day and a half before `now`, oldest first."""
    random = Random(f"feedback {seed}")  # noqa: S311 - nothing here is secret, and a run must be repeatable
    communes = [agency for agency in rules.agencies if agency.level == "commune" and agency.valid_to is None]
    channels = random.choices(list(_CHANNELS), list(_CHANNELS.values()), k=count)
    for number, channel in enumerate(channels):
        area = random.choice(communes).name.removeprefix(_OFFICE)
        received = Received(
            text=f"{random.choice(texts)} ({area})",
            channel=channel,
            feedback_id=f"DEMO-{seed}-{number:06d}",
            received_at=now - _SPREAD * ((count - number) / count),
            area=area[0].upper() + area[1:],
        )
        yield _outgoing(received, now, topic)


def _outgoing(received: Received, now: datetime, topic: str) -> Outgoing:
    id_ = received.feedback_id or ""
    value = codec.encode_received(received, id=id_, source=DEMO, at=received.received_at or now)
    return Outgoing(topic, id_.encode(), value)
