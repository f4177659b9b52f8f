"""Accounts, sessions, audit, idempotency keys and posted items: the web's own SQLite file, never rebuilt from Kafka."""

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    Text,
    bindparam,
    delete,
    event,
    exists,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from desk.store.tables import open_engine

ROLES = ("operator", "handler", "supervisor", "inspector", "wall", "source", "admin")
KEY_DAYS = 7
metadata = MetaData()

accounts = Table(
    "accounts",
    metadata,
    Column("id", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("agency", String),
    Column("token_hash", String, nullable=False, unique=True),
)
sessions = Table(
    "sessions",
    metadata,
    Column("id_hash", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("expires", String, nullable=False),
)
audit = Table(
    "audit",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("account", String, nullable=False),
    Column("action", String, nullable=False),
    Column("case_id", String),
)
keys = Table(
    "idempotency_keys",
    metadata,
    Column("account", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("body_hash", String, nullable=False),
    Column("at", String, nullable=False),
    Column("status", Integer),
    Column("answer", Text),
)
posted = Table(
    "posted",
    metadata,
    Column("kind", String, primary_key=True),
    Column("case_id", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("at", String, nullable=False),
    Column("sent", Boolean, nullable=False),
)
moves = Table(
    "moves",
    metadata,
    Column("case_id", String, primary_key=True),
    Column("event_id", String, primary_key=True),
    Column("messages", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Account:
    """Who acts. `agency` None: the whole province."""

    id: str
    role: str
    agency: str | None = None

    @property
    def by(self) -> str:
        """Role and account id, as events name who decided."""
        return f"{self.role}:{self.id}"


@dataclass(frozen=True, slots=True)
class Claim:
    """An idempotency key as first used: when, and the answer once there is one."""

    at: datetime
    status: int | None
    answer: Any


class KeyReusedError(Exception):
    """The same Idempotency-Key came with another body."""


class Accounts:
    """The file and everything that is asked of it."""

    def __init__(self, path: Path) -> None:
        self._engine, self._lasting = (open_engine(f"sqlite:///{path}") for _ in range(2))
        event.listen(self._lasting, "connect", _write_through)
        metadata.create_all(self._engine)

    @contextmanager
    def begin(self, *, lasting: bool = False) -> Iterator[Connection]:
        """A transaction; a `lasting` one outlasts a power failure, too, for what stands nowhere else."""
        with (self._lasting if lasting else self._engine).begin() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()
        self._lasting.dispose()

    def sync_tokens(self, path: Path) -> None:
        """Takes over `{role: token}`; an account of a role keeps its agency. A missing file changes nothing."""
        if not path.exists():
            return
        for role, token in json.loads(path.read_text(encoding="utf-8")).items():
            if role in ROLES:
                self._put(Account(role, role), token, keep_agency=True)

    def add(self, account: Account) -> str:
        """Adds an account, or gives a known one another role, agency and token; returns the token, kept nowhere."""
        token = secrets.token_urlsafe(32)
        self._put(account, token, keep_agency=False)
        return token

    def _put(self, account: Account, token: str, keep_agency: bool) -> None:
        values = {"id": account.id, "role": account.role, "agency": account.agency, "token_hash": digest(token)}
        changed = {k: v for k, v in values.items() if k != "id" and not (k == "agency" and keep_agency)}
        same = exists().where(accounts.c.id == account.id, accounts.c.token_hash == digest(token))
        with self.begin() as connection:
            # whoever holds the old token may have opened sessions with it
            connection.execute(delete(sessions).where(sessions.c.account == account.id, ~same))
            connection.execute(insert(accounts).values(values).on_conflict_do_update(["id"], set_=changed))

    def by_token(self, token: str) -> Account | None:
        return self._account(accounts.c.token_hash == digest(token))

    def by_session(self, session: str, now: datetime) -> Account | None:
        live = select(sessions.c.account).where(sessions.c.id_hash == digest(session), sessions.c.expires > _text(now))
        return self._account(accounts.c.id == live.scalar_subquery())

    def _account(self, where: Any) -> Account | None:
        with self.begin() as connection:
            row = connection.execute(select(accounts.c.id, accounts.c.role, accounts.c.agency).where(where)).first()
        return None if row is None else Account(*row)

    def open_session(self, account: Account, now: datetime, hours: int) -> str:
        """A new session's secret, for the cookie; only its hash is kept."""
        session = secrets.token_urlsafe(32)
        row = {"id_hash": digest(session), "account": account.id, "expires": _text(now + timedelta(hours=hours))}
        with self.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires <= _text(now)))
            connection.execute(insert(sessions).values(row))
        return session

    def close_session(self, session: str) -> None:
        with self.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.id_hash == digest(session)))

    def note(self, account: Account, action: str, case_id: str | None, now: datetime) -> None:
        """One line of the audit; never a text."""
        with self.begin() as connection:
            row = {"at": _text(now), "account": account.id, "action": action, "case_id": case_id}
            connection.execute(audit.insert().values(row))

    def claim(self, account: Account, key: str, body_hash: str, now: datetime) -> Claim:
        """The first use of a key, or what came of it. Raises KeyReusedError for another body."""
        row = {"account": account.id, "key": key, "body_hash": body_hash, "at": _text(now)}
        with self.begin() as connection:
            connection.execute(delete(keys).where(keys.c.at < _text(now - timedelta(days=KEY_DAYS))))
            connection.execute(insert(keys).values(row).on_conflict_do_nothing())
            query = select(keys).where(keys.c.account == account.id, keys.c.key == key)
            found = connection.execute(query).one()
        if found.body_hash != body_hash:
            raise KeyReusedError
        return _claim(found)

    def claimed(self, account: Account, key: str, body_hash: str) -> Claim | None:
        """The claim of this key by this body, where there is one."""
        where = (keys.c.account == account.id, keys.c.key == key, keys.c.body_hash == body_hash)
        with self.begin() as connection:
            found = connection.execute(select(keys).where(*where)).first()
        return None if found is None else _claim(found)

    def settle(self, account: Account, key: str, status: int, answer: Any) -> None:
        """Keeps the answer that every repeat of the key gets."""
        where = (keys.c.account == account.id, keys.c.key == key)
        with self.begin() as connection:
            connection.execute(update(keys).where(*where).values(status=status, answer=json.dumps(answer)))

    def note_posted(self, account: Account, kind: str, case_ids: list[str], now: datetime) -> None:
        """Whose item it is, noted before it is sent; the first poster of an id stays its poster."""
        rows = [{"kind": kind, "case_id": i, "account": account.id, "at": _text(now), "sent": False} for i in case_ids]
        if rows:
            with self.begin() as connection:
                connection.execute(insert(posted).on_conflict_do_nothing(), rows)

    def mark_sent(self, account: Account, kind: str, case_ids: list[str]) -> None:
        """Kafka acknowledged these items; those of other posters are left alone."""
        where = (posted.c.kind == kind, posted.c.account == account.id, posted.c.case_id == bindparam("sent_id"))
        with self.begin() as connection:
            connection.execute(update(posted).where(*where).values(sent=True), [{"sent_id": i} for i in case_ids])

    def posted_by(self, account: Account, kind: str, case_ids: list[str]) -> frozenset[str]:
        """Those of these ids whose first poster the account is, sent or not."""
        where = (posted.c.kind == kind, posted.c.account == account.id, posted.c.case_id.in_(case_ids))
        with self.begin() as connection:
            return frozenset(connection.execute(select(posted.c.case_id).where(*where)).scalars())

    def has_posted(self, account: Account, kind: str, case_id: str) -> bool:
        where = (posted.c.kind == kind, posted.c.case_id == case_id, posted.c.account == account.id, posted.c.sent)
        with self.begin() as connection:
            return connection.execute(select(posted.c.case_id).where(*where)).first() is not None

    def recent_posts(self, account: Account, limit: int) -> list[str]:
        """The feedback that the account posted last, newest first."""
        where = (posted.c.kind == "feedback", posted.c.account == account.id, posted.c.sent)
        query = select(posted.c.case_id).where(*where)
        with self.begin() as connection:
            return list(connection.execute(query.order_by(posted.c.at.desc()).limit(limit)).scalars())


def _claim(row: Row[Any]) -> Claim:
    answer = None if row.answer is None else json.loads(row.answer)
    return Claim(datetime.fromisoformat(row.at), row.status, answer)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _write_through(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=FULL")


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
