"""The projector killed with -9 on a real PostgreSQL: what stands is every record once, whatever the moment."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from kafka import KafkaProducer
from sqlalchemy import Engine, func, select

from casework.dossiers import Transition
from casework.dossiers import apply as apply_dossier
from casework.outcomes import Outcome
from cli.settings import HERE
from desk.store import tables
from desk.store.project import stored_offsets
from desk.store.queries import read_progress
from desk.store.tables import open_engine
from streams.broker import Broker
from streams.codec import encode_outcome, encode_state
from streams.topics import Topics
from tests.support.desk import NOON
from tests.support.kafka import PARTITIONS, free_port, fresh_topics
from tests.support.postgres import Postgres
from tests.support.rules import rules
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka
OUTCOMES, DOSSIERS, VERSIONS = 24_000, 40, 50
KILLS = 5
SECONDS = 90.0


def fill(broker: Broker, topics: Topics) -> int:
    """Outcomes, each once, and states of a few dossiers again and again; the number of records."""
    outcome = Outcome(id="", outcome="closed", case_id="H99", at=NOON, source="/test")
    state = apply_dossier(None, "H99", [Transition(at=NOON, status=2, source="/test")], rules()).state
    value, pattern = encode_outcome(outcome, "dossier"), json.loads(encode_state(state))
    with closing(KafkaProducer(bootstrap_servers=broker.settings.bootstrap, acks="all", linger_ms=20)) as producer:
        for number in range(OUTCOMES):
            own = json.loads(value) | {"id": f"o{number}"}
            producer.send(topics.dossier.outcomes, json.dumps(own).encode(), key=b"%d" % number)
        for version in range(VERSIONS):
            for number in range(DOSSIERS):
                own = pattern | {"dossier_code": f"H{number}", "agency": f"v{version}"}
                producer.send(topics.dossier.states, json.dumps(own).encode(), key=b"H%d" % number)
        producer.flush(60)
    return OUTCOMES + DOSSIERS * VERSIONS


@contextmanager
def projector(data: Path, environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "cli.main", "projector", "--data", str(data), "--port-base", str(port)]
    data.mkdir(exist_ok=True)
    with (data / "projector.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=HERE, env=os.environ | environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def read(engine: Engine) -> int:
    with engine.connect() as connection:
        return sum(stored_offsets(connection).values())


def test_a_projector_killed_again_and_again_loses_and_doubles_nothing(
    broker: Broker, postgres: Postgres, tmp_path: Path
) -> None:
    topics = fresh_topics(broker, "pg-kill.")
    records = fill(broker, topics)
    with postgres.database() as url:
        environment = {
            "KAFKA_BOOTSTRAP": broker.settings.bootstrap, "LANGNGHE_TOPIC_PREFIX": topics.prefix,
            "LANGNGHE_PARTITIONS": str(PARTITIONS), "LANGNGHE_DATABASE_URL": url, "PYTHONPATH": str(HERE),
        }  # fmt: skip
        port = free_port() - 41
        engine = open_engine(url)
        tables.create_tables(engine)
        killed_at = []
        for _ in range(KILLS):
            before = read(engine)
            with projector(tmp_path / "data", environment, port) as process:
                eventually(lambda: read(engine) > before or before == records, within=SECONDS, what="more is read")  # noqa: B023 - called at once
                process.send_signal(signal.SIGKILL)
                process.wait()
            killed_at.append(read(engine))
        with projector(tmp_path / "data", environment, port):
            eventually(lambda: read(engine) == records, within=SECONDS, what="all is read")
        assert len({at for at in killed_at if at < records}) > 1, (
            f"killed in the middle, not only after it: {killed_at}"
        )
        with engine.connect() as connection:
            assert read_progress(connection).changes == records, "each record was counted once"
            assert connection.execute(select(func.count()).select_from(tables.outcomes)).scalar_one() == OUTCOMES
            agencies = connection.execute(select(tables.dossiers.c.agency)).scalars().all()
        assert agencies == [f"v{VERSIONS - 1}"] * DOSSIERS
        engine.dispose()
