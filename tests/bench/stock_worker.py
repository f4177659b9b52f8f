"""The following agent on Faust as it comes, to compare with; arguments: bootstrap, prefix, partitions, directory.

One record an event, Faust's own table write, every outcome sent and awaited; fold and wire format are the same.
"""

import logging
import sys
from pathlib import Path
from typing import Any

import faust

from casework import dossiers
from casework.rules import Rules
from cli.rules import load_rules
from streams import codec
from streams.apps import RAW, ROCKSDB, quiet_faust
from streams.topics import Topics


def stock_app(bootstrap: str, topics: Topics, data: Path, rules: Rules) -> faust.App:
    """Faust's defaults, but for its web server, its leader topic and the size of RocksDB's caches."""
    app = faust.App(
        f"{topics.prefix}stock",
        broker=f"kafka://{bootstrap}",
        store="rocksdb://",
        datadir=str(data),
        topic_partitions=topics.partitions,
        topic_disable_leader=True,
        consumer_auto_offset_reset="earliest",
        web_enabled=False,
        key_serializer="raw",
        value_serializer="raw",
    )
    source = app.topic(topics.dossier.events, **RAW)
    told = app.topic(topics.dossier.outcomes, **RAW)
    table = app.Table(
        "dossier_states", key_type=bytes, value_type=bytes, partitions=topics.partitions, options=dict(ROCKSDB)
    )

    async def follow(stream: Any) -> None:
        async for value in stream:
            event = codec.decode_event(value)
            key = event.dossier_code.encode()
            stored = table.get(key)
            before = codec.decode_dossier_state(stored) if stored else None
            step = dossiers.apply(before, event.dossier_code, [event.transition], rules)
            for outcome in step.outcomes:
                await (await told.send(key=key, value=codec.encode_outcome(outcome, "dossier")))
            if step.state != before:
                table[key] = codec.encode_state(step.state)

    app.agent(source, name="follow_dossier")(follow)
    return app


def main(bootstrap: str, prefix: str, partitions: str, directory: str) -> None:
    quiet_faust()
    data = Path(directory)
    data.mkdir(parents=True, exist_ok=True)
    app = stock_app(bootstrap, Topics(prefix, int(partitions)), data, load_rules())
    faust.Worker(app, loglevel=logging.WARNING, redirect_stdouts=False, quiet=True).execute_from_commandline()


if __name__ == "__main__":
    main(*sys.argv[1:])
