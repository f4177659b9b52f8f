"""Settings of the projector and the web as frozen values; only the command line reads where they come from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casework.rules import Rules
from streams.codec import Sealer
from streams.topics import Topics


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectorSettings:
    """`database_url` is any SQLAlchemy URL of SQLite or PostgreSQL; `lock_path` keeps a second projector away."""

    bootstrap: str
    database_url: str
    topics: Topics
    lock_path: Path
    host: str = "127.0.0.1"
    port: int = 8041
    poll_records: int = 5000
    poll_seconds: float = 0.25
    asof_seconds: float = 1.0
    settle_seconds: float = 10.0  # between two looks for texts that came late
    security: Mapping[str, Any] = field(default_factory=dict, repr=False)  # of all Kafka clients
    stale_days: int = 29  # under delete.retention.ms (30 days): further behind, tombstones may be gone


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """`models_path` is the classifier's artefact, perhaps absent; `ready_urls` the probes of the other processes."""

    bootstrap: str
    database_url: str
    accounts_path: Path
    tokens_path: Path
    topics: Topics
    rules: Rules
    sealer: Sealer
    models_path: Path | None = None
    ready_urls: Mapping[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"
    port: int = 8000
    version: str = "0.1.0"
    body_limit: int = 1 << 20
    bodies_limit: int = 64 << 20
    list_limit: int = 1000
    posts_per_second: float = 200.0
    posts_at_once: int = 5000
    ack_seconds: float = 5.0
    retry_after: int = 5
    session_hours: int = 12
    page_size: int = 100
    stale_seconds: int = 15
    heartbeat_stale_seconds: int = 180
    security: Mapping[str, Any] = field(default_factory=dict, repr=False)  # of all Kafka clients
