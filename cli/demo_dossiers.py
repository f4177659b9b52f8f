"""Invented histories of dossiers on real procedures: each a story with a known end, all of it in office hours."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from casework.agencies import Agency
from casework.calendar import VIETNAM, Calendar
from casework.counting import end_of
from casework.dossiers import Transition
from casework.procedures import Procedure
from casework.rules import Rules
from streams.codec.sources import DEMO

SHORTEST, LONGEST = 4, 20
_HOURS = (8, 10, 14, 16)
_LEVELS = {"Cấp xã": "commune", "Cấp tỉnh": "province"}
_SPREAD_DAYS = 25


@dataclass(frozen=True, slots=True)
class History:
    """One dossier: what its source reports, and how it must stand in the end (`standing` null while it is open)."""

    code: str
    story: str
    transitions: tuple[Transition, ...]
    clock: str
    standing: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A status on the n-th working day after receipt, in one of four slots of that day."""

    day: int
    slot: int
    status: int
    given: Mapping[str, int] | None = None
    """Dates that the step names, as working days after receipt."""


@dataclass(frozen=True, slots=True)
class Story:
    """A course of events for a limit of `limit` working days; `lag` is a small number of days by chance."""

    weight: int
    clock: str
    standing: str | None
    steps: Callable[[int, int], tuple[Step, ...]]


def _begun(limit: int) -> tuple[Step, Step]:
    return Step(0, 0, 2, {"due_at": limit}), Step(0, 2, 4)


STORIES: Mapping[str, Story] = {
    "early": Story(34, "ended", "early", lambda n, _: (*_begun(n), Step(n - 1, 1, 9), Step(n - 1, 2, 10))),
    "on_time": Story(22, "ended", "on_time", lambda n, _: (*_begun(n), Step(n, 1, 9), Step(n, 3, 10))),
    "late": Story(7, "ended", "late", lambda n, lag: (*_begun(n), Step(n + lag, 1, 9), Step(n + lag, 2, 10))),
    "supplement": Story(8, "ended", "early", lambda n, lag: (
        *_begun(n), Step(1, 0, 5), Step(1 + lag, 1, 4, {"due_at": 1 + lag + n}), Step(lag + n, 0, 9))),
    "payment": Story(5, "ended", "on_time", lambda n, lag: (
        *_begun(n), Step(1, 0, 6), Step(1 + lag, 1, 4), Step(n + lag, 0, 9), Step(n + lag, 1, 10))),
    "rescheduled": Story(4, "ended", "on_time", lambda n, lag: (
        *_begun(n), Step(n - 1, 0, 4, {"rescheduled_to": n + lag, "apologised_at": n - 1}), Step(n + lag, 0, 9))),
    "withdrawn": Story(2, "ended", "on_time", lambda n, _: (*_begun(n), Step(1, 0, 7))),
    "refused": Story(3, "refused", None, lambda _n, _: (Step(0, 0, 1), Step(1, 0, 3))),
    "open": Story(11, "running", None, lambda n, _: _begun(n)),
    "open_late": Story(2, "running", None, lambda n, _: _begun(n)),
    "waiting": Story(2, "stopped", None, lambda n, _: (*_begun(n), Step(1, 0, 5))),
}  # fmt: skip


def histories(rules: Rules, today: date, seed: int, count: int) -> Iterator[History]:
    """`count` dossiers that were received before `today`; the same for the same arguments."""
    random = Random(seed)  # noqa: S311 - nothing here is secret, and a run must be repeatable
    procedures = usable_procedures(rules)
    names, weights = list(STORIES), [story.weight for story in STORIES.values()]
    for number in range(count):
        name = random.choices(names, weights)[0]
        yield _history(name, Scene(rules, today, seed, number, random, random.choice(procedures)))


def usable_procedures(rules: Rules) -> list[Procedure]:
    """Procedures of province and commune with a limit in whole working days, neither too short nor too long."""
    return [
        procedure
        for procedure in rules.procedures.values()
        if procedure.level in _LEVELS
        and procedure.limit is not None
        and procedure.limit.unit == "working_days"
        and procedure.limit.amount % 1 == 0
        and SHORTEST <= procedure.limit.amount <= LONGEST
    ]


@dataclass(frozen=True, slots=True)
class Scene:
    """What a story is told with."""

    rules: Rules
    today: date
    seed: int
    number: int
    random: Random
    procedure: Procedure

    @property
    def limit(self) -> int:
        assert self.procedure.limit is not None  # noqa: S101 - usable_procedures has seen to it
        return int(self.procedure.limit.amount)


def _history(name: str, scene: Scene) -> History:
    story, random, limit = STORIES[name], scene.random, scene.limit
    steps = story.steps(limit, random.randint(1, 4))
    calendar = scene.rules.calendar
    received = calendar.add_working(scene.today, -_age(name, steps, limit, random))
    agency = _agency(scene)
    facts = {"procedure_code": scene.procedure.code, "agency": agency.code, "field": scene.procedure.field,
             "level": agency.level, "channel": random.choice("123"), "source": DEMO}  # fmt: skip
    told = tuple(_transition(step, received, calendar, random, facts) for step in steps)
    return History(_code(scene, agency, received), name, told, story.clock, story.standing)


def _age(name: str, steps: tuple[Step, ...], limit: int, random: Random) -> int:
    """Working days from receipt to today: a story is over by yesterday, an open dossier inside its limit or past it."""
    match name:
        case "open":
            return random.randint(1, limit - 1)
        case "open_late":
            return limit + random.randint(1, 5)
        case _:
            return steps[-1].day + 1 + random.randrange(_SPREAD_DAYS)


def _transition(step: Step, received: date, calendar: Calendar, random: Random, facts: Mapping[str, Any]) -> Transition:
    at = _moment(calendar.add_working(received, step.day), _HOURS[step.slot], random)
    named = {name: calendar.add_working(received, day) for name, day in (step.given or {}).items()}
    dates: dict[str, Any] = {name: at if name == "apologised_at" else end_of(day) for name, day in named.items()}
    return Transition(at=at, status=step.status, **dates, **facts)


def _moment(day: date, hour: int, random: Random) -> datetime:
    return datetime.combine(day, time(hour), VIETNAM) + timedelta(seconds=random.randrange(3500))


def _agency(scene: Scene) -> Agency:
    """A commune for its procedures; for the province's own the department of the domain."""
    level, agencies = _LEVELS[scene.procedure.level], scene.rules.agencies
    own = agencies.get(agencies.for_domain(scene.procedure.domain) or "")
    if level == "province" and own is not None and own.valid_to is None:
        return own
    return scene.random.choice([one for one in agencies if one.level == level and one.valid_to is None])


def _code(scene: Scene, agency: Agency, received: date) -> str:
    """A code as TT 04/2025 has it; seed and number make it unlike that of any other run."""
    unit = 1 + [one.code for one in scene.rules.agencies].index(agency.code)
    return f"H99.{unit:03d}.01-{received:%y%m%d}-LG{scene.seed % 1_000_000:06d}{scene.number:06d}"
