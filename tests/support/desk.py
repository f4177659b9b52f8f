"""A desk without Kafka: an outbox that keeps its records, records of the projector, and a web application on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
from sqlalchemy import Engine, select

from casework.dossiers import Transition
from casework.dossiers import apply as apply_dossier
from casework.dossiers import tick as tick_dossier
from casework.feedback import FeedbackEvent
from casework.feedback import apply as apply_feedback
from casework.feedback import tick as tick_feedback
from casework.rules import Rules
from desk.outbox import Message, OutboxError
from desk.settings import WebSettings
from desk.store.project import Record, note_as_of, project, targets
from desk.store.tables import create_tables, metadata, open_engine, progress
from desk.web.accounts import Account
from desk.web.app import create_app
from streams.codec import Sealer, Text, encode_state, encode_text, text_key
from streams.codec.sealing import new_private_key, public_key
from streams.topics import Topics
from tests.support.rules import rules

TOPICS = Topics(partitions=4)
NOON = datetime(2026, 9, 14, 5, 0, tzinfo=UTC)  # Monday, 12:00 in Vietnam
TOKENS = {
    role: f"token-of-{role}" for role in ("operator", "handler", "supervisor", "inspector", "wall", "source", "admin")
}


@dataclass
class KeepingOutbox:
    """Keeps what was sent; `down` makes it answer as Kafka does when nobody acknowledges."""

    sent: list[Message] = field(default_factory=list)
    down: bool = False

    def send(self, messages: Sequence[Message]) -> None:
        if self.down:
            raise OutboxError("down")
        self.sent.extend(messages)

    def ready(self) -> bool:
        return not self.down

    def close(self) -> None:
        """Nothing is held."""

    def on(self, topic: str) -> list[Message]:
        return [message for message in self.sent if message.topic == topic]


def envelope(message: Message) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(message.value or b"null")
    return found


@dataclass
class Feed:
    """Numbers the records of a test as Kafka would and projects them."""

    engine: Engine
    rules: Rules = field(default_factory=rules)
    next_offset: int = 0
    records: list[Record] = field(default_factory=list)

    def put(self, topic: str, key: str, value: bytes | None, at: datetime = NOON, since: str | None = None) -> None:
        record = Record(topic, 0, self.next_offset, int(at.timestamp() * 1000), key, value, since)
        self.next_offset += 1
        self.records.append(record)
        self.project([record])

    def project(self, batch: Iterable[Record]) -> None:
        with self.engine.begin() as connection:
            generation = connection.execute(select(progress.c.generation)).scalar_one()
            project(connection, targets(TOPICS), list(batch), generation)

    def fresh(self, moment: datetime) -> None:
        with self.engine.begin() as connection:
            note_as_of(connection, moment)

    def dossier(self, code: str, *transitions: Transition, alert: str | None = None, duty: str | None = None) -> None:
        """The state after these transitions, with the alert and the duty raised whose names are given."""
        state = apply_dossier(None, code, transitions, self.rules).state
        for point in [point for point in state.watch if point.alert in (alert, duty)]:
            state = tick_dossier(state, point.alert_id).state
        self.put(TOPICS.dossier.states, code, encode_state(state))

    def feedback(
        self, feedback_id: str, *events: FeedbackEvent, text: str = "", lane: str = "feedback", climbed: str = ""
    ) -> None:
        """The state after these events, and after the step of escalation whose name is given; `text` is the first's."""
        topics = TOPICS.lane(lane)
        state = apply_feedback(None, feedback_id, events, self.rules).state
        for point in [point for point in state.watch if point.alert == climbed]:
            escalated = tick_feedback(state, point.alert_id).events
            state = apply_feedback(state, feedback_id, escalated, self.rules).state
        self.put(topics.states, feedback_id, encode_state(state))
        if text:
            record = Text(feedback_id=feedback_id, event_id=events[0].id, text=text, at=events[0].at)
            self.put(str(topics.texts), text_key(feedback_id, events[0].id).decode(), encode_text(record))


def opened(feedback_id: str, at: datetime = NOON, **fields: Any) -> FeedbackEvent:
    """An `opened` event, by default an ordinary incident of environment."""
    usual: dict[str, Any] = {
        "channel": "hotline",
        "kind": "incident",
        "domain": "environment",
        "urgency": "normal",
        "lane": "phan_anh_kien_nghi",
        "source": "/test",
    }
    own: dict[str, Any] = {"id": f"{feedback_id}-opened", "type": "opened", "at": at, "received_at": at}
    return FeedbackEvent(**(own | usual | fields))


def table_rows(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the read model but offsets, progress and heartbeats: what must be equal after a rebuild."""
    with engine.connect() as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
            if table.name not in ("offsets", "progress", "heartbeats")
        }


@dataclass
class TestDesk:
    """The web on a fake outbox and a read model that a test feeds; `now` is what the clock says."""

    __test__ = False

    folder: Path
    now: datetime = NOON
    rules: Rules = field(default_factory=rules)
    url: str = ""

    def __post_init__(self) -> None:
        tokens = self.folder / "tokens.json"
        tokens.write_text(msgspec.json.encode(TOKENS).decode())
        self.url = self.url or f"sqlite:///{self.folder / 'read.db'}"
        self.outbox = KeepingOutbox()
        engine = open_engine(self.url)
        create_tables(engine)
        self.feed = Feed(engine, self.rules)
        self.feed.fresh(self.now)
        self.private_key = new_private_key()
        self.settings = WebSettings(
            bootstrap="none:1",
            database_url=self.url,
            accounts_path=self.folder / "accounts.db",
            tokens_path=tokens,
            topics=TOPICS,
            rules=self.rules,
            sealer=Sealer(public_key(self.private_key)),
        )
        self.app = create_app(self.settings, self.outbox, lambda: self.now)
        self.desk = self.app.state.desk

    @classmethod
    def again(cls, other: "TestDesk") -> "TestDesk":
        """The web as after a restart: another process on the same files."""
        return cls(other.folder, other.now, url=other.url)

    def close(self) -> None:
        self.feed.engine.dispose()
        self.desk.engine.dispose()
        self.desk.accounts.close()

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://desk", headers=headers)

    async def ask(self, role: str | None, method: str, path: str, **options: Any) -> httpx.Response:
        """One request with the token of a role (or of nobody)."""
        async with self.client(TOKENS.get(role or "")) as client:
            return await client.request(method, path, **options)

    def account_token(self, id_: str, role: str, agency: str | None) -> str:
        return self.desk.accounts.add(Account(id_, role, agency))  # type: ignore[no-any-return]
