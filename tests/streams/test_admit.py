"""Admission: what is odd about a moment is said once, what cannot be read is refused with its source and reason."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from casework.calendar import VIETNAM
from casework.clocks_of_sources import ENOUGH_EVENTS
from streams import codec
from streams.admit import Admission
from streams.codec.sealing import Sealer, new_private_key, public_key
from streams.codec.sources import HEARTBEAT
from streams.dead_letters import DeadLetters
from streams.topics import Topics
from tests.support.rules import rules

NOW = datetime(2026, 9, 14, 11, 0, tzinfo=VIETNAM)
TOPICS = Topics()


@dataclass(frozen=True)
class Record:
    value: bytes
    topic: str = TOPICS.dossier_intake
    partition: int = 0
    offset: int = 0
    key: bytes | None = None
    timestamp: int = int(NOW.timestamp() * 1000)
    headers: tuple = ()


@pytest.fixture
def admission():
    letters = DeadLetters(TOPICS, Sealer(public_key(new_private_key())))
    return Admission(TOPICS.dossier.events, rules().agencies, letters)


def sent(at, source="/mot-cua", **more):
    data = {"dossier_code": "H99.1-260914-0001", "status": 4, "occurred_at": at.isoformat(), **more}
    return Record(json.dumps({"specversion": "1.0", "id": "1", "source": source, "type": "dossier.status_changed",
                              "data": data}).encode())  # fmt: skip


def odd(admission, records):
    sends, refused = admission.admit(records)
    assert refused == []
    return [codec.decode_event(send.value).transition.odd for send in sends]


def morning(number):
    return NOW.replace(hour=1 + number % 11, minute=number % 60)


def test_a_source_whose_hours_are_never_above_twelve_is_flagged_in_its_events(admission):
    found = odd(admission, [sent(morning(number)) for number in range(ENOUGH_EVENTS + 1)])
    assert found == [()] * (ENOUGH_EVENTS - 1) + [("twelve_hour_clock",)] * 2


def test_an_afternoon_in_any_moment_of_an_event_ends_it_but_not_a_promised_date(admission):
    odd(admission, [sent(morning(number), due_at="2026-09-21") for number in range(ENOUGH_EVENTS)])
    afternoon = (NOW - timedelta(days=1)).replace(hour=15).isoformat()
    found = odd(admission, [sent(NOW, due_at="2026-09-21"), sent(NOW, received_at=afternoon), sent(NOW)])
    assert found == [("twelve_hour_clock",), (), ()]


def test_other_sources_and_the_heartbeat_are_not_suspected(admission):
    odd(admission, [sent(morning(number)) for number in range(ENOUGH_EVENTS)])
    odd(admission, [sent(morning(number), source=HEARTBEAT) for number in range(ENOUGH_EVENTS)])
    assert odd(admission, [sent(NOW, source="/khac"), sent(NOW, source=HEARTBEAT)]) == [(), ()]


def test_a_moment_more_than_a_day_ahead_is_odd(admission):
    assert odd(admission, [sent(NOW + timedelta(days=1)), sent(NOW + timedelta(days=1, seconds=1))]) == [
        (), ("future_moment",),
    ]  # fmt: skip


def test_refused_records_name_their_source_and_reason_and_every_record_gives_one_send(admission):
    bare = Record(b'{"MaHoSo":"X","TrangThai":12,"ThoiDiemXuLy":"20260914083000"}')
    records = [Record(b"?"), sent(NOW), sent(NOW, due_at="30/02/2026"), bare]
    sends, refused = admission.admit(records)
    assert refused == [(None, "not_json $"), ("/mot-cua", "bad_date due_at"), (None, "unknown_status status")]
    assert [send.topic == TOPICS.dead_letters for send in sends] == [True, False, True, True]
