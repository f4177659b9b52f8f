"""What was erased is gone from the broker's files once Kafka has compacted, which the settings promise within a day."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from tests.support.faults import Field, now
from tests.support.faults_load import Load
from tests.support.faults_web import langnghe
from tests.support.waiting import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.long_fault]
MARKER = "quynhdolamthi"
QUICK = {"segment.ms": "3000", "max.compaction.lag.ms": "3000", "min.cleanable.dirty.ratio": "0.01"}
COMPACTED_SECONDS = 180.0


def make_quick(field: Field) -> None:
    """A day of the promise becomes three seconds."""
    texts = ConfigResource(ConfigResourceType.TOPIC, str(field.topics.feedback.texts), configs=QUICK)
    with closing(KafkaAdminClient(bootstrap_servers=field.ground.bootstrap)) as admin:
        admin.alter_configs([texts])


def holders(field: Field) -> Iterator[Path]:
    """Files of the topic of texts in which the marker stands."""
    for folder in (field.ground.settings.data / "log").glob(f"{field.topics.feedback.texts}-*"):
        yield from (file for file in folder.glob("*.log") if MARKER.encode() in file.read_bytes())


def beaten_clean(field: Field) -> bool:
    """One beat to every partition, as the lag exporter sends them hourly; whether no file holds the marker any more."""
    with closing(KafkaProducer(bootstrap_servers=field.ground.bootstrap, acks="all")) as producer:
        for partition in range(field.topics.partitions):
            producer.send(str(field.topics.feedback.texts), None, key=b"HB/beat", partition=partition).get(30)
    return not list(holders(field))


def test_the_text_of_an_erased_case_that_was_sent_again_leaves_the_files_of_the_broker(field: Field) -> None:
    make_quick(field)
    field.crew("intake", "cases-0", "projector")
    ((case, value),) = Load(1, now()).feedback("PA-", 1)
    report = (case, value.replace(b'"text": "', f'"text": "{MARKER} '.encode()))
    field.send("feedback.intake", [report])
    field.settle()
    assert list(holders(field))
    assert langnghe(field, "erase", case, "--yes").wait(60) == 0
    field.send("feedback.intake", [report])
    field.settle()
    eventually(lambda: beaten_clean(field), within=COMPACTED_SECONDS, what="the text is gone from all files", every=1.0)
