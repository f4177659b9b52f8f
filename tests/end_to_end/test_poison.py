"""What cannot be read ends as one dead letter each and holds nothing up behind it."""

import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any

import pytest
from kafka import KafkaProducer

from streams.codec import Opener
from streams.topics import Topics
from tests.support.kafka import PARTITIONS, read_all
from tests.support.system import System
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka

TOPICS = Topics(partitions=PARTITIONS)
WITHIN = 60.0
MARKER = "zimbapuly"  # stands in every bad message that can carry a word: it must not be readable anywhere afterwards
RUBBISH = b"\xff\xfe\x00" + MARKER.encode()


def envelope(type_: str, data: Mapping[str, Any]) -> bytes:
    return _bytes({"specversion": "1.0", "id": f"poison-{MARKER}", "source": "/test", "type": type_, "data": data})


def _bytes(value: object) -> bytes:
    return json.dumps(value).encode()


def dossier(code: str, **changes: Any) -> bytes:
    return _bytes({"dossier_code": code, "status": 2, "occurred_at": "2026-11-20T08:00:00+07:00"} | changes)


def feedback(feedback_id: str, **changes: Any) -> bytes:
    return _bytes({"feedback_id": feedback_id, "text": "Cống trước trường học bị tắc", "channel": "portal"} | changes)


GOOD_DOSSIERS = [f"H99.1-261120-90{number}" for number in range(6)]
GOOD_FEEDBACK = [f"poison-good-{number}" for number in range(6)]
BAD_DOSSIERS = {
    RUBBISH: "not_json $",
    dossier(MARKER, occurred_at="30/02/2026"): "bad_date occurred_at",
    dossier(MARKER, status=11): "unknown_status status",
    envelope("feedback.received", {"dossier_code": MARKER}): "unknown_type type",
    _bytes({"MaHoSo": MARKER}): "missing status",
}
BAD_FEEDBACK = {
    RUBBISH: "not_json $",
    feedback("poison-date", text=MARKER, received_at="30/02/2026"): "bad_date received_at",
    feedback("poison-channel", text=MARKER, channel=MARKER): "bad_value channel",
    envelope("dossier.status_changed", {"text": MARKER}): "unknown_type type",
    feedback("poison-empty", text=" "): "missing text",
}


def send_mixed(bootstrap: str, topic: str, good: list[bytes], bad: list[bytes]) -> dict[str, bytes]:
    """Good and bad messages by turns in one partition; origin and bytes of the bad ones."""
    origins = {}
    with closing(KafkaProducer(bootstrap_servers=bootstrap, acks="all")) as producer:
        for good_one, bad_one in zip(good, [*bad, None], strict=True):
            producer.send(topic, good_one, key=b"one-key").get(30)
            if bad_one is not None:
                place = producer.send(topic, bad_one, key=b"one-key").get(30)
                origins[f"{place.topic}/{place.partition}/{place.offset}"] = bad_one
    return origins


def letters(system: System, origins: Mapping[str, bytes]) -> list[Any]:
    found = read_all(system.bootstrap, TOPICS.dead_letters)
    return [record for record in found if record.key.decode() in origins]


def check_letters(system: System, origins: Mapping[str, bytes], reasons: Mapping[bytes, str]) -> None:
    eventually(lambda: len(letters(system, origins)) >= len(origins), within=WITHIN, what="dead letters", every=0.5)
    found = letters(system, origins)
    assert sorted(record.key.decode() for record in found) == sorted(origins)
    opener = Opener.of((system.data / "keys" / "desk.key").read_bytes())
    for record in found:
        headers = dict(record.headers)
        original = origins[record.key.decode()]
        assert headers["origin"] == record.key
        assert headers["reason"].decode() == reasons[original]
        assert MARKER not in repr(record)
        opened = json.loads(opener.open(json.loads(record.value)))
        assert opened == {"key": "one-key", "value": original.decode("latin-1")}


def wait_shown(system: System, kind: str, ids: Iterable[str]) -> None:
    for id_ in ids:
        eventually(
            lambda id_=id_: system.get(f"/api/v1/{kind}/{id_}", "supervisor").status == 200,
            within=WITHIN, what=f"{id_} shown", every=0.3,
        )  # fmt: skip


def test_unreadable_dossier_events_end_as_sealed_dead_letters_and_the_good_ones_go_through(system: System) -> None:
    good = [dossier(code) for code in GOOD_DOSSIERS]
    origins = send_mixed(system.bootstrap, TOPICS.dossier_intake, good, list(BAD_DOSSIERS))
    wait_shown(system, "dossiers", GOOD_DOSSIERS)
    check_letters(system, origins, BAD_DOSSIERS)


def test_unreadable_feedback_ends_as_sealed_dead_letters_and_the_good_ones_go_through(system: System) -> None:
    good = [feedback(feedback_id) for feedback_id in GOOD_FEEDBACK]
    origins = send_mixed(system.bootstrap, TOPICS.feedback_intake, good, list(BAD_FEEDBACK))
    wait_shown(system, "feedback", GOOD_FEEDBACK)
    check_letters(system, origins, BAD_FEEDBACK)
