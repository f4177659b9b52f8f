"""The heartbeat's cases: new each hour, and dropped from the table of states after a day, or it would grow for ever."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from casework.calendar import VIETNAM
from streams import codec
from streams.codec.sources import BEAT

PREFIX = BEAT.encode()
KEPT = timedelta(days=1)


def case_of(moment: datetime) -> str:
    """The case to which a beat of that moment belongs."""
    return f"{BEAT}{moment.astimezone(VIETNAM):%Y%m%d%H}"


def is_beat(key: bytes | None) -> bool:
    """Whether a record is of the heartbeat, by its key."""
    return key is not None and key.startswith(PREFIX)


def past(rows: Iterable[tuple[bytes, bytes]], now: datetime) -> list[bytes]:
    """Of keys and states those that are to be dropped; a case of another source with such a key stays."""
    last = case_of(now - KEPT).encode()
    return [key for key, state in rows if is_beat(key) and key < last and not codec.decode_watched(state).counted]
