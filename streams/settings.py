"""Values that the workers run with; the command line fills them in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casework.rules import Rules
from streams.topics import Topics


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Settings of one Faust worker. Times are in seconds."""

    bootstrap: str
    topics: Topics
    data: Path
    probe_port: int
    probe_host: str
    rules: Rules
    public_key: bytes
    session_timeout: float = 10.0
    heartbeat_interval: float = 1.0
    commit_interval: float = 0.5
    chunk_size: int = 1000
    security: Mapping[str, Any] = field(default_factory=dict, repr=False)  # of all Kafka clients
