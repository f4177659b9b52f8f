"""A small Faust worker that echoes its inputs and keeps a table: stock Faust, or Faust with the cure of `streams`.

Run as `python -m tests.support.recovery_worker MODE BOOTSTRAP PREFIX DATA`, MODE being `stock` or `cured`.
"""

import json
import logging
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import faust

from streams.apps import RAW, chunked, new_app, quiet_faust, state_table
from streams.keep import Fenced
from streams.records import Send, send_all
from streams.settings import WorkerSettings
from streams.topics import Lane, Topics
from tests.support.rules import rules

PARTITIONS = 4
CHUNK = 50


def names(prefix: str) -> Lane:
    """The worker's topics: inputs on `events`, echoes on `outcomes`, the table's changelog on `states`."""
    return Lane("recovery", f"{prefix}in", f"{prefix}table", f"{prefix}out", f"{prefix}unused", None)


def fold(stored: bytes | None, values: Iterable[bytes]) -> bytes:
    """The table's value after inputs: the sorted distinct inputs of the key, so that repeats change nothing."""
    known = set(json.loads(stored)) if stored else set()
    return json.dumps(sorted(known | {int(value) for value in values})).encode()


def settings(bootstrap: str, prefix: str, data: Path) -> WorkerSettings:
    """Settings of a case worker, of which the small worker uses what concerns Kafka."""
    return WorkerSettings(
        bootstrap=bootstrap, topics=Topics(prefix, PARTITIONS), data=data, probe_host="127.0.0.1", probe_port=0,
        rules=rules(), public_key=b"",
    )  # fmt: skip


def stock(bootstrap: str, prefix: str, data: Path) -> Any:
    """Faust as it comes, used as its handbook says, on single records."""
    quiet_faust()
    lane = names(prefix)
    app = faust.App(
        f"{prefix}stock", broker=f"kafka://{bootstrap}", store="memory://", datadir=str(data),
        topic_partitions=PARTITIONS, topic_disable_leader=True, topic_allow_declare=False, web_enabled=False,
        key_serializer="raw", value_serializer="raw",
    )  # fmt: skip
    changelog = app.topic(lane.states, partitions=PARTITIONS, compacting=True, deleting=False, internal=True,
                          acks=False, allow_empty=True, maxsize=131_072, **RAW)  # fmt: skip
    table = app.Table("recovery", partitions=PARTITIONS, key_type=bytes, value_type=bytes, changelog_topic=changelog)

    async def echo(stream: Any) -> None:
        async for event in stream.events():
            await (await app.send(lane.outcomes, event.key, event.value))
            table[event.key] = fold(table.get(event.key), [event.value])

    app.agent(app.topic(lane.events, **RAW), name="echo")(echo)
    return app


def cured(bootstrap: str, prefix: str, data: Path) -> Any:
    """The same work on chunks, with the app and the table that the case workers use."""
    lane = names(prefix)
    app = new_app(f"{prefix}cured", settings(bootstrap, prefix, data), chunk_size=CHUNK)
    table = state_table(app, lane, PARTITIONS)

    async def echo(stream: Any) -> None:
        async for event in stream.events():
            partition, by_key = event.message.partition, defaultdict(list)
            for record in event.value:
                by_key[record.key].append(record.value)
            await send_all(app, (Send(lane.outcomes, record.key, record.value) for record in event.value))
            states = {key: fold(table.get(partition, key), values) for key, values in by_key.items()}
            try:
                await table.put(partition, states, {}, event.message.epoch)
            except Fenced:
                continue

    app.agent(chunked(app, lane.events), name="echo")(echo)
    return app


def main(mode: str, bootstrap: str, prefix: str, data: str) -> None:
    app = {"stock": stock, "cured": cured}[mode](bootstrap, prefix, Path(data))
    worker = faust.Worker(app, loglevel=logging.WARNING, redirect_stdouts=False, quiet=True, override_logging=False)
    worker.execute_from_commandline()


if __name__ == "__main__":
    main(*sys.argv[1:])
