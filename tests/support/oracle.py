"""The oracle: what has to stand after any fault, by the inputs alone. It shares no code with the product.

Each check returns one line per difference, with the case; an empty list is the truth.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from tests.support.oracle_commits import committed
from tests.support.oracle_logs import LANES, Logs, Place, ends, event_of, read, step_of
from tests.support.oracle_states import of_dossier, of_feedback
from tests.support.oracle_walk import Step

PROJECTED = [f"{lane}.{part}" for lane in LANES for part in ("states", "outcomes")]
PROJECTED += ["feedback.texts", "restricted.texts"]
READ_BY = {
    "langnghe-admit": ["dossier.intake"],
    "langnghe-intake": ["feedback.intake"],
    "langnghe-cases": [f"{lane}.{part}" for lane in LANES for part in ("events", "ticks")],
    "langnghe-projector": PROJECTED,
}


def unread(place: Place, groups: Mapping[str, list[str]] = READ_BY) -> list[str]:
    """Partitions whose commit is not the end: short of it, or past it."""
    found = []
    for group, names in groups.items():
        done = committed(place.bootstrap, place.topic(group))
        for tp, end in ends(place, *names).items():
            if done.get(tp, 0) != end:
                found.append(f"{group}: {tp.topic}/{tp.partition} is committed at {done.get(tp, 0)} of {end}")
    return found


def unprojected(place: Place, database: Path) -> list[str]:
    """Partitions that the read model has not copied to the end."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as model:
        done = {(topic, partition): end for topic, partition, end in model.execute("select * from offsets")}
    return [
        f"read model: {tp.topic}/{tp.partition} is copied up to {done.get(tuple(tp), 0)} of {end}"
        for tp, end in ends(place, *PROJECTED).items() if done.get(tuple(tp), 0) != end
    ]  # fmt: skip


def differences(place: Place, database: Path | None = None, moments: Sequence[datetime] = ()) -> list[str]:
    """Everything that is not as the inputs alone say: now, or at each of the moments between which all came to rest."""
    moments = moments or (datetime.now(UTC),)
    logs = read(place)
    judged = [{*dossiers(logs, now), *feedback(logs, now)} for now in moments]
    found = chain(sorted(set.intersection(*judged)), lost_feedback(logs), *(told(logs, lane) for lane in LANES))
    return [*found, *(in_read_model(logs, database) if database else ())]


def inputs_of_dossiers(logs: Logs) -> tuple[dict[str, list[Step]], set[str]]:
    """The steps by dossier, and the places of the messages that nobody can read."""
    steps: dict[str, list[Step]] = defaultdict(list)
    unreadable = set()
    for record in logs.records["dossier.intake"]:
        found = step_of(record.value)
        if found:
            steps[found[0]].append(found[1])
        else:
            unreadable.add(f"{record.topic}/{record.partition}/{record.offset}")
    return steps, unreadable


def dossiers(logs: Logs, now: datetime) -> Iterator[str]:
    """Every input is in its dossier or a dead letter, and every state is what the steps come to."""
    steps, unreadable = inputs_of_dossiers(logs)
    states = logs.latest("dossier.states")
    yield from (f"{origin}: unreadable, and no dead letter" for origin in sorted(unreadable - logs.dead()))
    yield from (f"{code}: a state without any input" for code in sorted(states.keys() - steps.keys()))
    for code, taken in steps.items():
        if code not in states:
            yield f"{code}: no state, {len(taken)} inputs lost"
        else:
            yield from of_dossier(code, taken, states[code], now)


def lost_feedback(logs: Logs) -> Iterator[str]:
    """Every message is the opening of a case in one of the lanes, or a dead letter."""
    events = [record.value for lane in LANES[1:] for record in logs.records[f"{lane}.events"]]
    opened = {event_of(value)[0] for value in events if b"feedback.opened" in value}
    for record in logs.records["feedback.intake"]:
        origin = f"{record.topic}/{record.partition}/{record.offset}"
        try:
            message = json.loads(record.value)
            case = message.get("data", message)["feedback_id"]
        except (ValueError, TypeError, KeyError):
            case = None
        if case not in opened and origin not in logs.dead():
            yield f"{case}: {origin} is neither opened nor a dead letter"


def feedback(logs: Logs, now: datetime) -> Iterator[str]:
    """In each lane every event is in its case's history, and every state is what the events come to."""
    for lane in ("feedback", "restricted"):
        events = defaultdict(list)
        for record in logs.records[f"{lane}.events"]:
            case, event = event_of(record.value)
            events[case].append(event)
        states = logs.latest(f"{lane}.states")
        for case, taken in events.items():
            if case not in states:
                yield f"{case}: no state in {lane}, {len(taken)} events lost"
            else:
                yield from of_feedback(case, taken, states[case], now)


def told(logs: Logs, lane: str) -> Iterator[str]:
    """After equal ids are removed: no raise of what stands, none before its moment, no retraction of what does not
    stand; and what was last told is what the state says."""
    states, stands, seen = logs.latest(f"{lane}.states"), defaultdict[tuple[str, str], str | None](lambda: None), set()
    for record in logs.records[f"{lane}.outcomes"]:
        envelope = json.loads(record.value)
        data = envelope["data"]
        if envelope["id"] in seen:
            continue
        seen.add(envelope["id"])
        track, _, verb = data["outcome"].partition("_")
        if verb not in {"raised", "retracted"} or track not in {"alert", "duty"}:
            continue
        key = (data["case_id"], track)
        yield from _wrong(record, data, stands[key])
        stands[key] = data["alert_id"] if verb == "raised" else None
    for case, state in states.items():
        for track in ("alert", "duty"):
            if stands[case, track] != state.get(f"{track}_id"):
                yield f"{case}: told {track} {stands[case, track]}, the state has {state.get(f'{track}_id')}"


def _wrong(record: Any, data: dict[str, Any], stands: str | None) -> Iterator[str]:
    case, id_ = data["case_id"], data["alert_id"]
    if data["outcome"].endswith("_raised"):
        if stands == id_:
            yield f"{case}: {id_} is raised while it stands"
        early = datetime.fromisoformat(data["at"]).timestamp() - record.timestamp / 1000
        if early > 0:
            yield f"{case}: {id_} is raised {early:.1f} s before its moment"
    elif stands != id_:
        yield f"{case}: {id_} is retracted while {stands} stands"


def retracted(logs: Logs, lane: str = "dossier") -> list[str]:
    """Alerts that were raised and taken back: none may be, where all inputs lay there before."""
    return sorted({f"{one['case_id']}: {one['alert_id']} was not true" for one in _data(logs, lane)
                   if one["outcome"] == "alert_retracted"})  # fmt: skip


def repeats(logs: Logs, lane: str = "dossier") -> int:
    """Outcomes that were sent again under the id that they had: allowed, and worth knowing."""
    ids = [json.loads(record.value)["id"] for record in logs.records[f"{lane}.outcomes"]]
    return len(ids) - len(set(ids))


def _data(logs: Logs, lane: str) -> Iterator[dict[str, Any]]:
    return (json.loads(record.value)["data"] for record in logs.records[f"{lane}.outcomes"])


def in_read_model(logs: Logs, database: Path) -> Iterator[str]:
    """The read model holds the states and the outcomes of the topics: all of them, once, and no others."""
    names = {"dossier": ("dossiers", "dossier_code"), "feedback": ("feedback", "feedback_id"),
             "restricted": ("restricted", "feedback_id")}  # fmt: skip
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as model:
        for lane, (table, key) in names.items():
            rows = {case: json.loads(state) for case, state in model.execute(f"select {key}, state from {table}")}  # noqa: S608
            yield from _unequal(f"read model, {lane}", logs.latest(f"{lane}.states"), rows)
        for table, lanes in (("outcomes", LANES[:2]), ("restricted_outcomes", LANES[2:])):
            ids = {id_: "" for (id_,) in model.execute(f"select id from {table}")}  # noqa: S608
            sent = {json.loads(r.value)["id"]: "" for lane in lanes for r in logs.records[f"{lane}.outcomes"]}
            yield from _unequal(f"read model, {table}", sent, ids)


def _unequal(where: str, true: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{key}: not in {where}" for key in sorted(true.keys() - found.keys()))
    yield from (f"{key}: in {where}, and nowhere else" for key in sorted(found.keys() - true.keys()))
    both = sorted(true.keys() & found.keys())
    yield from (f"{key}: another state in {where}" for key in both if true[key] != found[key])
