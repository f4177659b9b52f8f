"""What stands in Kafka, read raw for the oracle: bytes to plain Python, and nothing of the product in between."""

import json
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from tests.support.oracle_agencies import code_of
from tests.support.oracle_calendar import VIETNAM
from tests.support.oracle_feedback import Event
from tests.support.oracle_walk import Step

MOMENTS = ("received_at", "due_at", "finished_at", "rescheduled_to", "apologised_at", "step_due_at")
WORDS = ("procedure_code", "agency", "field")
LISTED = {"level": {"province", "district", "commune", "vertical"}, "channel": {"1", "2", "3"}}
NATIONAL = {
    "dossier_code": "MaHoSo", "status": "TrangThai", "occurred_at": "ThoiDiemXuLy", "received_at": "NgayTiepNhan",
    "due_at": "NgayHenTra", "finished_at": "NgayKetThucXuLy", "procedure_code": "MaTTHC",
    "step_due_at": "NgayKetThucTheoQuyDinh", "agency": "DonViXuLy", "channel": "KenhThucHien",
    "field": "MaLinhVuc",
}  # fmt: skip
HEARTBEAT = b"HB-"
LANES = ("dossier", "feedback", "restricted")


@dataclass(frozen=True)
class Place:
    """Topics under a prefix on a broker."""

    bootstrap: str
    prefix: str
    partitions: int

    def topic(self, name: str) -> str:
        return f"{self.prefix}{name}"

    def of(self, name: str) -> list[TopicPartition]:
        return [TopicPartition(self.topic(name), number) for number in range(self.partitions)]


@dataclass
class Logs:
    """Every record of the topics that matter, in the order of each partition."""

    records: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def latest(self, name: str) -> dict[str, dict[str, Any]]:
        """The last state of each case; what was deleted is absent."""
        found = {record.key.decode(): record.value for record in self.records[name]}
        return {key: json.loads(value) for key, value in found.items() if value is not None}

    def dead(self) -> set[str]:
        return {record.key.decode() for record in self.records["dead.letters"]}


def read(place: Place) -> Logs:
    """Everything up to the ends of this moment but the heartbeat's cases, which are in no figure and no read model."""
    names = ["dossier.intake", "feedback.intake", "dead.letters"]
    names += [f"{lane}.{part}" for lane in LANES for part in ("events", "states", "outcomes")]
    places = {tp: name for name in names for tp in place.of(name)}
    logs = Logs()
    with closing(_consumer(place)) as consumer:
        consumer.assign(list(places))
        consumer.seek_to_beginning(*places)
        ends = consumer.end_offsets(list(places))
        while any(consumer.position(tp) < end for tp, end in ends.items()):
            for tp, found in consumer.poll(timeout_ms=300, max_records=20_000).items():
                logs.records[places[tp]] += (one for one in found if not (one.key or b"").startswith(HEARTBEAT))
    return logs


def ends(place: Place, *names: str) -> dict[TopicPartition, int]:
    """One past the last record of each partition."""
    with closing(_consumer(place)) as consumer:
        found: dict[TopicPartition, int] = consumer.end_offsets([tp for name in names for tp in place.of(name)])
        return found


def _consumer(place: Place) -> KafkaConsumer:
    return KafkaConsumer(bootstrap_servers=place.bootstrap, enable_auto_commit=False, group_id=None, check_crcs=False,
                         max_partition_fetch_bytes=4 << 20)  # fmt: skip


def step_of(value: bytes | None) -> tuple[str, Step] | None:
    """Code and step of a message of the dossiers' intake; None for one that nobody can read."""
    try:
        data = json.loads(value or b"")
        data = data.get("data", data)
        told = {ours: data.get(ours) or data.get(theirs) for ours, theirs in NATIONAL.items()}
        told |= {name: data.get(name) for name in ("rescheduled_to", "apologised_at", "level")}
        more: dict[str, Any] = {name: _moment(told[name]) for name in MOMENTS if told[name]}
        more |= {name: str(told[name]) for name in WORDS if told[name]}
        more |= {name: str(told[name]) for name, known in LISTED.items() if str(told[name]) in known}
        more |= {"agency": code_of(more["agency"])} if "agency" in more else {}
        step = Step(_moment(told["occurred_at"]), int(told["status"]), **more)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return (str(told["dossier_code"]), step) if told["dossier_code"] and step.status in range(1, 11) else None


def event_of(value: bytes) -> tuple[str, Event]:
    """Case and event of a message of `feedback.events` or `restricted.events`."""
    envelope = json.loads(value)
    data = envelope["data"]
    data |= {name: _moment(data[name]) for name in ("received_at", "until", "accepted_at") if data.get(name)}
    event = Event(_moment(data["at"]), envelope["id"], envelope["type"].removeprefix("feedback."), data)
    return str(data["feedback_id"]), event


def _moment(text: Any) -> datetime:
    compact = "%Y%m%d%H%M%S"
    found = datetime.strptime(text, compact) if str(text).isdigit() else datetime.fromisoformat(text)  # noqa: DTZ007
    return found.astimezone(VIETNAM) if found.tzinfo else found.replace(tzinfo=VIETNAM)
