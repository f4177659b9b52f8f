"""The three Faust apps and what they have in common."""

import logging
import os
import traceback
from collections.abc import Mapping
from typing import Any

from faust.auth import SASLCredentials, SSLCredentials
from faust.types import TP
from faust.types.auth import SASLMechanism

from streams.chunks import ChunkApp, ChunkSchema
from streams.keep import StateTable
from streams.settings import WorkerSettings
from streams.topics import LARGEST_LETTER, Lane

RAW = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw"}
# the defaults (2 GiB of block cache per partition and table) would add up over 3 tables × 12 partitions
ROCKSDB = {"driver": "rocksdict", "block_cache_size": 4 << 20, "write_buffer_size": 2 << 20, "max_open_files": 64}
# chunks at once: one waits for the broker while the next is folded. A state does not depend on the order in which
# events arrive, and a partition's table is written by one at a time (streams/merge.py).
CONCURRENCY = 32
# chunks of a changelog that wait to be written to the store; with 1 Faust would read on after the recovery
RECOVERED_CHUNKS = 2
# who joined the group while Kafka named no partitions of its topics joins again once it does, and not in five minutes
METADATA_MS = 15_000
EX_SOFTWARE = 70


def new_app(name: str, settings: WorkerSettings, *, chunk_size: int, buffered_chunks: int = 16) -> ChunkApp:
    """A Faust app on chunks. `buffered_chunks` bounds what is held in memory beyond the chunk at work."""
    quiet_faust()
    settings.data.mkdir(parents=True, exist_ok=True)
    return ChunkApp(
        name,
        chunk_size=chunk_size,
        broker=f"kafka://{settings.bootstrap.replace(',', ';')}",
        broker_credentials=_credentials(settings.security),
        store="rocksdb://",
        datadir=str(settings.data),
        topic_partitions=settings.topics.partitions,
        topic_disable_leader=True,
        topic_allow_declare=False,
        table_standby_replicas=0,
        consumer_auto_offset_reset="earliest",
        consumer_metadata_max_age_ms=METADATA_MS,
        broker_session_timeout=settings.session_timeout,
        broker_heartbeat_interval=settings.heartbeat_interval,
        broker_commit_interval=settings.commit_interval,
        broker_request_timeout=max(30.0, settings.session_timeout),
        producer_max_request_size=LARGEST_LETTER,
        # a request carries one batch per partition: with 16 kB a chunk's states would leave in dozens of round trips
        producer_max_batch_size=1 << 20,
        consumer_max_fetch_size=1 << 20,
        stream_buffer_maxsize=buffered_chunks,
        stream_wait_empty=False,
        web_enabled=False,
        key_serializer="raw",
        value_serializer="raw",
    )


def _credentials(security: Mapping[str, Any]) -> Any:
    """Faust's form of what other clients take as arguments."""
    context = security.get("ssl_context")
    if "sasl_mechanism" in security:
        return SASLCredentials(
            username=security["sasl_plain_username"],
            password=security["sasl_plain_password"],
            mechanism=SASLMechanism(security["sasl_mechanism"]),
            ssl_context=context,
        )
    return SSLCredentials(context) if context else None


def chunked(app: ChunkApp, *names: str) -> Any:
    """A source of chunks of raw records."""
    return app.topic(*names, schema=ChunkSchema(allow_empty=True, **RAW))


def state_table(app: ChunkApp, lane: Lane, partitions: int) -> StateTable:
    """The table of a lane; its changelog is the lane's topic of states."""
    changelog = app.topic(
        lane.states, partitions=partitions, compacting=True, deleting=False, internal=True, acks=False,
        maxsize=RECOVERED_CHUNKS, schema=ChunkSchema(allow_empty=True, **RAW),
    )  # fmt: skip
    app.changelogs[lane.events] = lane.states
    name = f"{lane.name}_states"
    return StateTable(
        app,
        app.Table(
            name,
            partitions=partitions,
            key_type=bytes,
            value_type=bytes,
            changelog_topic=changelog,
            recovery_buffer_size=RECOVERED_CHUNKS,
            options=dict(ROCKSDB),
        ),
        lane.outcomes,
    )


def crash(problem: BaseException) -> None:
    """Ends the process at once, without a commit: what was in flight is read again, and the supervisor restarts us.

    Logged are the type and the places of the code, not the message: it may quote what was being processed.
    """
    places = "".join(traceback.format_tb(problem.__traceback__))
    logging.getLogger("langnghe").critical("worker stops: %s\n%s", type(problem).__name__, places)
    logging.shutdown()
    os._exit(EX_SOFTWARE)


def quiet_faust() -> None:
    """Faust's loggers work at DEBUG inside whatever level is shown: 9-20 % of the CPU."""
    for name in ("faust", "mode", "aiokafka"):
        logging.getLogger(name).setLevel(logging.WARNING)


def owned(app: ChunkApp, topic: str) -> frozenset[int]:
    """Partitions of a topic that this worker is assigned now."""
    return frozenset(tp.partition for tp in app.assignor.assigned_actives() if isinstance(tp, TP) and tp.topic == topic)
