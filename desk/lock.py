"""One projector at a time: a lock file beside SQLite, an advisory lock in PostgreSQL."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

ADVISORY_KEY = 0x4C414E47  # "LANG"
Hold = Callable[[], None]


class AlreadyRunningError(RuntimeError):
    """Another projector holds the lock."""


@contextmanager
def only_one(engine: Engine, lock_path: Path) -> Iterator[Hold]:
    """Holds the lock for the whole block. Raises AlreadyRunningError at once where another process has it.

    What it gives is to be called before each write: it raises SQLAlchemyError where the database has let go of us.
    """
    holder = _advisory(engine) if engine.dialect.name == "postgresql" else _file(lock_path)
    with holder as hold:
        yield hold


@contextmanager
def _file(path: Path) -> Iterator[Hold]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(f"tiến trình chiếu khác đang giữ khóa {path.name}") from None
        yield lambda: None


@contextmanager
def _advisory(engine: Engine) -> Iterator[Hold]:
    with engine.connect() as connection:
        connection.detach()  # back in the pool it would keep the lock
        if not connection.execute(text("select pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY}).scalar():
            raise AlreadyRunningError("tiến trình chiếu khác đang giữ khóa của cơ sở dữ liệu")
        connection.commit()

        def hold() -> None:
            connection.execute(text("select 1"))
            connection.commit()

        yield hold
