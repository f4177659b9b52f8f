"""Kafka with access control lists as docs/acl.md has them: every process can do its work, and nothing else.

One broker with SASL and the StandardAuthorizer, one principal a process, the product's own processes. They use SCRAM;
the tests' own clients log in as the same principals by SASL/PLAIN.
"""

import json
import time
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    KafkaAdminClient,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from kafka.errors import TopicAuthorizationFailedError

from cli.docs import FLOWS
from cli.keys import ensure_keys, ensure_tokens
from cli.rights import Principal, principals
from streams.broker import Broker, answers
from streams.provision import create_topics
from streams.topics import Topics
from tests.support.kafka import PARTITIONS, new_broker
from tests.support.mutants import FEEDBACK, STATUS
from tests.support.processes import Process, end_all, started
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka

ADMIN = "langnghe-admin"
TOPICS = Topics("acl.", PARTITIONS)
ALL = {one.name: one for one in principals(TOPICS, FLOWS)}
DENOUNCED = "Tôi tố cáo cán bộ phường nhận hối lộ của người dân khi làm giấy tờ đất, đề nghị xử lý người tham nhũng"
WITHIN, READING = 90.0, 8.0


def password(name: str) -> str:
    return f"password-of-{name}"


@dataclass(frozen=True)
class Guarded:
    """A broker that lets nobody in without a name."""

    broker: Broker
    folder: Path

    @property
    def bootstrap(self) -> str:
        return self.broker.settings.bootstrap

    def environment(self, name: str) -> Mapping[str, str]:
        """What a process of the product is told."""
        file = self.folder / f"{name}.password"
        file.write_text(password(name))
        return {"KAFKA_USER": name, "KAFKA_PASSWORD_FILE": str(file)}


def login(name: str, word: str | None = None) -> dict[str, Any]:
    """What a client of the tests needs to be this principal."""
    return {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN", "sasl_plain_username": name,
            "sasl_plain_password": word or password(name)}  # fmt: skip


def properties() -> str:
    users = " ".join(f'user_{name}="{password(name)}"' for name in (ADMIN, *ALL))
    module = "org.apache.kafka.common.security"
    return f"""
listener.security.protocol.map=BROKER:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=PLAIN
listener.name.broker.plain.sasl.jaas.config={module}.plain.PlainLoginModule required username="{ADMIN}" \\
  password="{password(ADMIN)}" {users};
listener.name.broker.scram-sha-512.sasl.jaas.config={module}.scram.ScramLoginModule required;
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:{ADMIN};User:ANONYMOUS
"""


def rights(one: Principal) -> Iterator[ACL]:
    """The row of docs/acl.md as Kafka takes it."""

    def allow(kind: ResourceType, name: str, operation: ACLOperation) -> ACL:
        return ACL(f"User:{one.name}", "*", operation, ACLPermissionType.ALLOW, ResourcePattern(kind, name))

    for names, operation in ((one.writes, ACLOperation.WRITE), (one.reads, ACLOperation.READ),
                             (one.asks, ACLOperation.DESCRIBE)):  # fmt: skip
        yield from (allow(ResourceType.TOPIC, name, operation) for name in names)
    for names, operation in ((one.groups, ACLOperation.READ), (one.sees, ACLOperation.DESCRIBE)):
        yield from (allow(ResourceType.GROUP, name, operation) for name in names)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("acl")
    broker = new_broker(folder / "kafka")
    own = folder / "server.properties"
    own.write_text(broker.settings.properties.read_text() + properties())
    broker = Broker(replace(broker.settings, properties=own))
    found = Guarded(broker, folder)
    broker.launch()
    try:
        eventually(lambda: answers(found.bootstrap, login(ADMIN)), within=WITHIN, what=f"{broker.settings.log_file}")
        create_topics(found.bootstrap, TOPICS, security=login(ADMIN))
        with closing(KafkaAdminClient(bootstrap_servers=found.bootstrap, **login(ADMIN))) as admin:
            admin.alter_user_scram_credentials([
                UserScramCredentialUpsertion(name, ScramMechanism.SCRAM_SHA_512, password(name)) for name in ALL
            ])  # fmt: skip
            admin.create_acls([acl for one in ALL.values() for acl in rights(one)])
        yield found
    finally:
        broker.stop()


@pytest.fixture
def at_work(guarded: Guarded) -> Iterator[Mapping[str, Process]]:
    """Every process under its own name."""
    data = guarded.folder / "data"
    data.mkdir()
    ensure_keys(data / "keys")
    ensure_tokens(data / "tokens.json")
    commands = {"admit": ["worker", "admit"], "intake": ["worker", "intake"], "cases": ["worker", "cases"]}
    with ExitStack() as stack:
        found = {
            name: stack.enter_context(
                started(commands.get(name, [name]), guarded.broker, TOPICS, data, guarded.environment(name))
            )
            for name in ("lag", "admit", "intake", "cases", "projector", "web")
        }  # fmt: skip
        for process in found.values():
            process.wait_up()
        yield found
        end_all(found.values())


@pytest.fixture(scope="module")
def read_by(guarded: Guarded) -> Mapping[str, set[str]]:
    """The topics from which each principal gets a record, where there is one on every topic; no process of the product
    runs any more."""
    with sending(guarded, ADMIN) as producer:
        for topic in FLOWS:
            send(producer, TOPICS.named(topic), {})
    with ThreadPoolExecutor(len(ALL)) as pool:
        return dict(zip(ALL, pool.map(lambda name: readable(guarded, name), ALL), strict=True))


def sending(guarded: Guarded, name: str) -> closing[KafkaProducer]:
    options: dict[str, Any] = {"acks": "all", "max_block_ms": 5_000, "enable_idempotence": False}
    return closing(KafkaProducer(bootstrap_servers=guarded.bootstrap, **login(name), **options))


def send(producer: KafkaProducer, topic: str, value: object) -> None:
    producer.send(topic, json.dumps(value).encode(), key=b"k").get(10)


def readable(guarded: Guarded, name: str) -> set[str]:
    """Topics from which the principal gets a record."""
    options: dict[str, Any] = {"group_id": None, "enable_auto_commit": False, "auto_offset_reset": "earliest"}
    with closing(KafkaConsumer(bootstrap_servers=guarded.bootstrap, **login(name), **options)) as consumer:
        consumer.assign([TopicPartition(TOPICS.named(topic), n) for topic in FLOWS for n in range(PARTITIONS)])
        ends, found = time.monotonic() + READING, set()
        while time.monotonic() < ends:
            with suppress(TopicAuthorizationFailedError):
                found |= {place.topic for place in consumer.poll(timeout_ms=200)}
        return found


def writes(producer: KafkaProducer, topic: str) -> bool:
    try:
        send(producer, topic, {})
    except TopicAuthorizationFailedError:
        return False
    return True


def test_every_process_does_its_work_with_its_own_rights(guarded: Guarded, at_work: Mapping[str, Process]) -> None:
    """A dossier, a piece of feedback and a denunciation go the whole way; nobody is refused anything."""
    with sending(guarded, "source") as source:
        send(source, TOPICS.dossier_intake, STATUS)
        send(source, TOPICS.feedback_intake, FEEDBACK)
        send(source, TOPICS.feedback_intake, FEEDBACK | {"feedback_id": "PA-2", "text": DENOUNCED})
        send(source, TOPICS.feedback_intake, {"text": ""})
    tokens = json.loads((guarded.folder / "data" / "tokens.json").read_text())
    for path, role in (
        (f"/api/v1/dossiers/{STATUS['dossier_code']}", "supervisor"), ("/api/v1/feedback/PA-1", "supervisor"),
        ("/api/v1/feedback/PA-2", "inspector"),
    ):  # fmt: skip
        eventually(lambda path=path, role=role: answered(at_work["web"].port, path, tokens[role]), within=WITHIN,
                   what=f"{path} shown to {role}", every=0.5)  # fmt: skip
    refused = {name: process.log.read_text().count("Authorization") for name, process in at_work.items()}
    assert set(refused.values()) == {0}, refused
    assert [name for name, process in at_work.items() if process.process.poll() is not None] == []


def answered(port: int, path: str, token: str) -> bool:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.parametrize("name", ALL)
def test_a_principal_reads_its_topics_and_writes_to_no_others(
    name: str, guarded: Guarded, read_by: Mapping[str, set[str]]
) -> None:
    one, every = ALL[name], {TOPICS.named(topic) for topic in FLOWS}
    assert read_by[name] == set(one.reads)
    with sending(guarded, name) as producer:
        assert {topic for topic in every - set(one.writes) if writes(producer, topic)} == set()


def test_the_restricted_lane_is_readable_by_those_who_need_it_alone() -> None:
    secret = {TOPICS.restricted.events, TOPICS.restricted.texts, TOPICS.restricted.states, TOPICS.restricted.outcomes}
    assert {name for name, one in ALL.items() if secret & set(one.reads)} == {"cases", "projector"}
    assert {name for name, one in ALL.items() if TOPICS.restricted.texts in one.reads} == {"projector"}


def test_without_a_name_or_with_a_wrong_password_nobody_gets_in(guarded: Guarded) -> None:
    strangers = ({}, login("admit", "wrong"), login("nobody"))
    with ThreadPoolExecutor(len(strangers)) as pool:
        assert not any(pool.map(lambda stranger: answers(guarded.bootstrap, stranger), strangers))
    assert answers(guarded.bootstrap, login("admit"))


def test_a_source_does_not_see_that_there_are_other_topics(guarded: Guarded) -> None:
    with closing(KafkaAdminClient(bootstrap_servers=guarded.bootstrap, **login("source"))) as admin:
        assert set(admin.list_topics()) == set(ALL["source"].writes)
