"""The load: histories of dossiers on real procedures, national payloads, texts. The same at every run."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from random import Random
from typing import Any

from casework.calendar import VIETNAM
from casework.counting import end_of
from casework.dossiers import Transition
from casework.procedures import Procedure
from casework.rules import Rules
from cli.settings import HERE
from streams import codec
from streams.codec import Received, StatusChanged

SOURCE = "/bench"
FIRST_DAY = datetime(2026, 1, 5, 7, 30, tzinfo=VIETNAM)
DAYS = 250
HOURS = (3, 20, 75, 240)  # between two transitions: a dossier takes about two weeks
# statuses of a history, with how many of 20 dossiers take it: 4.6 transitions on average
SHAPES = {(1, 2, 4, 9, 10): 9, (2, 4, 9, 10): 4, (2, 5, 4, 9, 10): 3, (1, 2, 4, 4): 2, (2, 4, 4, 9): 2}
# statuses of open dossiers, with how many of 20 stand so: 2.4 transitions on average
OPEN_SHAPES = {(1, 2): 5, (2, 4): 6, (1, 2, 4): 5, (2, 5): 1, (2, 5, 4): 1, (1, 2, 4, 4): 2}
OPEN_MINUTES = 14 * 24 * 60
FRESH_STATUSES = (2, 4, 4, 9)
_NATIONAL = {"received_at": "NgayTiepNhan", "due_at": "NgayHenTra", "finished_at": "NgayKetThucXuLy"}


@dataclass(frozen=True, slots=True)
class History:
    """One dossier and all its transitions, in order."""

    code: str
    transitions: tuple[Transition, ...]


class Dossiers:
    """Makes histories; the n-th is the same for every maker of equal `seed`."""

    def __init__(self, rules: Rules, seed: int = 766) -> None:
        self._random = Random(seed)
        self._procedures = [procedure for procedure in rules.procedures.values() if procedure.limit]
        self._agencies = [agency.code for agency in rules.agencies if agency.valid_to is None]

    def histories(self, events: int) -> list[History]:
        """As many dossiers as give at least that number of events."""
        found: list[History] = []
        left = events
        while left > 0:
            found.append(self.history(len(found)))
            left -= len(found[-1].transitions)
        return found

    def history(self, number: int) -> History:
        statuses = self._random.choices(list(SHAPES), list(SHAPES.values()))[0]
        start = FIRST_DAY + timedelta(days=self._random.randrange(DAYS), minutes=self._random.randrange(500))
        procedure, agency = self._random.choice(self._procedures), self._random.choice(self._agencies)
        code = f"H99.{number % 40 + 1}-{start:%y%m%d}-{number:07d}"
        moments = self._moments(start, len(statuses))
        return History(code, tuple(self._transitions(statuses, moments, procedure, agency)))

    def open_history(self, number: int, now: datetime) -> History:
        """A dossier of the last two weeks that is not done; a third was promised a date, the others have a limit."""
        statuses = self._random.choices(list(OPEN_SHAPES), list(OPEN_SHAPES.values()))[0]
        start = now - timedelta(minutes=self._random.randrange(60, OPEN_MINUTES))
        procedure, agency = self._random.choice(self._procedures), self._random.choice(self._agencies)
        moments = [start + (now - start) * turn / len(statuses) for turn in range(len(statuses))]
        steps = self._transitions(statuses, moments, procedure, agency)
        if number % 3:
            steps = (replace(step, due_at=None) for step in steps)
        return History(f"H99.{number % 40 + 1}-{start:%y%m%d}-{number:07d}", tuple(steps))

    def _moments(self, start: datetime, count: int) -> list[datetime]:
        found = [start]
        for _ in range(count - 1):
            found.append(found[-1] + timedelta(hours=self._random.choice(HOURS), seconds=len(found)))
        return found

    def _transitions(
        self, statuses: Sequence[int], moments: Sequence[datetime], procedure: Procedure, agency: str
    ) -> Iterator[Transition]:
        promised = end_of((moments[0] + timedelta(days=self._random.choice((7, 14, 21)))).date())
        for number, (status, at) in enumerate(zip(statuses, moments, strict=True)):
            given: dict[str, Any] = {"finished_at": at} if status == 9 else {}
            if number == 0:
                given |= {"procedure_code": procedure.code, "field": procedure.field, "channel": "1"}
            if status == 2:
                given |= {"received_at": at, "due_at": promised, "agency": agency}
            yield Transition(at=at, status=status, source=SOURCE, **given)


def open_histories(dossiers: Dossiers, count: int, now: datetime) -> Iterator[History]:
    """Open dossiers, received in the two weeks before `now`."""
    second = now.replace(microsecond=0)
    return (dossiers.open_history(number, second) for number in range(count))


def fresh(pool: int, number: int, at: datetime, prefix: str) -> tuple[str, int, StatusChanged]:
    """Code, how many transitions it then has, and event: `pool` dossiers of today that take four statuses in turn."""
    turn, which = divmod(number, pool)
    code = f"{prefix}.1-{at:%y%m%d}-{which:07d}"
    status = FRESH_STATUSES[turn % len(FRESH_STATUSES)]
    given: dict[str, Any] = {"finished_at": at} if status == 9 else {}
    if status == 2:
        given = {"received_at": at, "due_at": end_of((at + timedelta(days=20)).date()), "channel": "1"}
    step = Transition(at=at, status=status, source=SOURCE, **given)
    return code, turn + 1, StatusChanged(codec.stable_id(code, status, at), SOURCE, code, step)


def in_order(histories: Iterable[History]) -> list[StatusChanged]:
    """All events in the order in which a province would have sent them."""
    return sorted(_events(histories), key=lambda event: event.transition.at)


def in_turn(histories: Iterable[History]) -> Iterator[StatusChanged]:
    """All events, those of a dossier one after the other: mostly in one chunk, the quickest way to its state."""
    return (event for history in histories for event in _events([history]))


def in_rounds(histories: Iterable[History]) -> list[StatusChanged]:
    """First the first event of every dossier, then the second ones…: hardly two of a dossier fall into one chunk."""
    rounds = zip_longest(*([*_events([history])] for history in histories))
    return [event for events in rounds for event in events if event is not None]


def _events(histories: Iterable[History]) -> Iterator[StatusChanged]:
    for history in histories:
        for step in history.transitions:
            yield StatusChanged(codec.stable_id(history.code, step.status, step.at), SOURCE, history.code, step)


def clean(event: StatusChanged) -> tuple[bytes, bytes]:
    """Key and value on `dossier.events`."""
    return event.dossier_code.encode(), codec.encode_event(event)


def national(event: StatusChanged) -> tuple[bytes, bytes]:
    """Key and value of the bare national payload on `dossier.intake`; its personal fields hold words, no person."""
    step = event.transition
    payload = {
        "MaHoSo": event.dossier_code, "TrangThai": str(step.status), "ThoiDiemXuLy": _compact(step.at),
        "ChuHoSo": "Người nộp hồ sơ", "TrichYeuHoSo": "Trích yếu", "MaTTHC": step.procedure_code,
        "TenLinhVuc": step.field, "DonViXuLy": step.agency, "KenhThucHien": step.channel,
    }  # fmt: skip
    payload |= {theirs: _compact(getattr(step, ours)) for ours, theirs in _NATIONAL.items() if getattr(step, ours)}
    given = {name: value for name, value in payload.items() if value is not None}
    return event.dossier_code.encode(), json.dumps(given, ensure_ascii=False).encode()


def _compact(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%Y%m%d%H%M%S}"


def texts(count: int) -> list[str]:
    """Texts composed of those of the training corpus, each different: past its size, two of them in a row."""
    parts = sorted((HERE / "models" / "corpus").glob("part*.jsonl"))
    lines = (line for path in parts for line in path.read_text(encoding="utf-8").splitlines())
    known = [json.loads(line)["text"] for line in lines]
    size = len(known)
    pairs = ((number % size, (number // size * 7919 + number) % size) for number in range(count))
    return [known[one] if one == other else f"{known[one]} {known[other]}" for one, other in pairs]


def feedback(number: int, text: str, at: datetime, prefix: str = "bench") -> tuple[bytes, bytes]:
    """Key and value of a `feedback.received` on `feedback.intake`."""
    case = f"{prefix}-{number:07d}"
    received = Received(text=text, channel="portal", feedback_id=case, received_at=at)
    return case.encode(), codec.encode_received(received, id=codec.stable_id(case), source=SOURCE, at=at)
