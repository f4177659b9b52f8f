"""Cases in memory under a deadline watch; times are seconds after a fixed morning."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casework.calendar import VIETNAM
from casework.watchpoints import Watchpoint
from streams.codec.states import Watched
from streams.watch import DeadlineWatch

START = datetime(2026, 9, 14, 8, 0, tzinfo=VIETNAM)
KEY = b"H99.1-260914-0001"


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def stamp(seconds: float) -> float:
    return at(seconds).timestamp()


def point(seconds, alert="overdue", due=1000, stage=None, track="alert"):
    alert_id = f"{due}:{stage}:{alert}"
    return Watchpoint(moment=at(seconds), alert=alert, alert_id=alert_id, due_at=at(due), stage=stage, track=track)


def watched(*points, **stands):
    return Watched(watch=points, **stands)


@dataclass
class Cases:
    """A table of states in memory with the watch over it; all on partition 0 unless told otherwise."""

    table: dict = field(default_factory=dict)
    watch: DeadlineWatch = field(init=False)

    def __post_init__(self):
        self.watch = DeadlineWatch(lambda partition, key: self.table.get((partition, key)))

    def put(self, seconds, *points, key=KEY, partition=0, quiet=False, **stands):
        """A state is written at `seconds` and noted by the watch."""
        state = self.table[partition, key] = watched(*points, **stands)
        self.watch.index(partition, key, state, at(seconds), quiet=quiet)

    def due(self, seconds, read_until=None, partition=0):
        """Keys that are due, with alert and stage; `read_until` in seconds, too."""
        read = None if read_until is None else stamp(read_until)
        return sorted((due.key, due.tick.alert_id) for due in self.watch.due(partition, at(seconds), read))


def ids(found):
    return [alert_id for _, alert_id in found]
