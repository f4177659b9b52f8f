"""Topics that are wrong, gone or emptied, and data directories of another run."""

import time
from contextlib import closing

import pytest
from kafka.admin import KafkaAdminClient, NewPartitions

from streams.provision import create_topics
from tests.support.faults import Field
from tests.support.faults_web import langnghe
from tests.support.waiting import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.long_fault]
LANES = ("dossier", "feedback", "restricted")
PARTS = ("events", "states", "outcomes", "ticks")


def delete(field: Field, *names: str, away: float = 0.0) -> None:
    """Deletes topics and makes them anew, empty; they are away for so many seconds."""
    topics = [field.topics.named(name) for name in names]
    with closing(KafkaAdminClient(bootstrap_servers=field.ground.bootstrap)) as admin:
        admin.delete_topics(topics)
        eventually(lambda: not set(topics) & set(admin.list_topics()), within=30, what="the topics are gone")
    time.sleep(away)
    create_topics(field.ground.bootstrap, field.topics)


def test_a_data_directory_of_an_older_run_leaves_no_trace_in_a_new_one(field: Field) -> None:
    """Kafka was lost and made anew; the workers still have their stores, which reach further back than the new log."""
    field.send("dossier.intake", field.storm("H99.1-260907-", 100, 1))
    admit, first = field.crew("admit", "cases-0")
    field.settle()
    first.stop()
    admit.stop()
    delete(field, "dossier.intake", *(f"{lane}.{part}" for lane in LANES for part in PARTS))
    field.send("dossier.intake", field.storm("H99.1-260907-", 400, 2))
    admit.start()
    first.start()
    field.settle()


def test_an_emptied_changelog_is_not_taken_for_the_truth(field: Field) -> None:
    """The states were deleted while nobody ran; events and commits are there, and so is the store of the worker."""
    _, first = field.crew("admit", "cases-0")
    field.send("dossier.intake", field.storm("H99.1-260907-", 200, 1))
    field.settle()
    first.stop()
    delete(field, "dossier.states")
    first.start()
    field.send("dossier.intake", field.storm("H99.2-260907-", 100, 2))
    field.settle()


def test_a_topic_of_ticks_that_was_deleted_and_made_anew_costs_no_alert(field: Field) -> None:
    field.crew("admit", "cases-0", "projector")
    field.send("dossier.intake", field.storm("H99.1-260907-", 200, 1))
    field.settle()
    field.send("dossier.intake", field.storm("H99.2-260907-", 200, 2))
    delete(field, "dossier.ticks", away=15)
    field.send("dossier.intake", field.storm("H99.3-260907-", 200, 3))
    field.settle(240)


@pytest.mark.parametrize("name", ["dossier.events", "dossier.states"])
def test_a_wrong_number_of_partitions_is_named_and_no_worker_says_that_it_is_ready(field: Field, name: str) -> None:
    with closing(KafkaAdminClient(bootstrap_servers=field.ground.bootstrap)) as admin:
        admin.create_partitions({field.topics.named(name): NewPartitions(6)})
    check = langnghe(field, "topics", "check")
    assert check.wait(30) == 1
    assert f"{field.topics.named(name)}: có 6 phân vùng, cần 4" in (field.data / "commands.log").read_text()
    worker = field.worker("cases-0")
    eventually(lambda: not worker.runs(), within=60, what="the worker refuses to work")
    assert f"{name}" in worker.log.read_text()


def test_dead_letters_redriven_twice_at_once_and_again_count_once(field: Field) -> None:
    field.crew("admit", "cases-0", "projector")
    good = field.storm("H99.1-260907-", 60, 1)
    field.send("dossier.intake", [*good, ("bad", b"{"), ("bad", b'{"dossier_code": "H99", "status": 12}')])
    field.settle()
    for both in (2, 1):
        running = [langnghe(field, "dlq", "redrive", "--all") for _ in range(both)]
        assert [process.wait(60) for process in running] == [0] * both
    field.settle()
