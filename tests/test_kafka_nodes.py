"""The script that starts Kafka in containers, run natively: one node, and three that join and outlive one of them."""

import signal
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient

from streams.broker import answers
from streams.provision import check_topics, create_topics
from streams.topics import Topics
from tests.support.kafka import read_all
from tests.support.kafka_nodes import nodes
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # kafka-python's sockets to the dead
]
SECONDS = 120.0
TOPICS = Topics("", 2)


def brokers(bootstrap: str) -> int:
    if not answers(bootstrap):
        return 0
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap, bootstrap_timeout_ms=5000)) as admin:
        return len(admin.describe_cluster()["brokers"])


def test_one_node_has_the_topics_as_designed(tmp_path: Path) -> None:
    with nodes(tmp_path, 1) as ([address], _):
        eventually(lambda: answers(address), within=SECONDS, what="the node answers", every=0.3)
        create_topics(address, TOPICS)
        eventually(lambda: check_topics(address, TOPICS) == [], within=SECONDS, what="topics as designed", every=0.3)


def test_three_nodes_keep_three_copies_and_go_on_without_the_first(tmp_path: Path) -> None:
    with nodes(tmp_path, 3) as (addresses, running):
        whole = ",".join(addresses)
        # a producer that hears of one node alone never learns of the others once that has gone
        eventually(lambda: all(brokers(one) == 3 for one in addresses), within=SECONDS, what="three brokers", every=0.5)
        create_topics(whole, TOPICS, replication=3)
        producer = KafkaProducer(bootstrap_servers=whole, acks="all")
        producer.send(TOPICS.dossier_intake, b"before").get(30)
        eventually(lambda: voters(whole) == 3, within=SECONDS, what="three voters", every=0.5)
        running[0].send_signal(signal.SIGKILL)
        producer.send(TOPICS.dossier_intake, b"after").get(90)
        producer.close()
        rest = ",".join(addresses[1:])
        found = [record.value for record in read_all(rest, TOPICS.dossier_intake, TOPICS.partitions)]
        assert sorted(found) == [b"after", b"before"]


def voters(bootstrap: str) -> int:
    """Controllers that vote: with fewer than three the loss of one ends everything."""
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap, bootstrap_timeout_ms=5000)) as admin:
        return len(admin.describe_metadata_quorum()["topics"][0]["partitions"][0]["current_voters"])
