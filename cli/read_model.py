"""Opening the read model for a command that only looks."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import SQLAlchemyError

from cli.say import refused
from cli.settings import Settings
from desk.store.tables import open_engine


@contextmanager
def read_model(settings: Settings) -> Iterator[Connection]:
    """A connection for the block; where there is no read model yet, the command ends."""
    with maybe_read_model(settings) as connection:
        if connection is None:
            raise refused(f"Chưa có dữ liệu để xem trong {settings.data}; hãy chạy langnghe up, hoặc chọn đúng --data.")
        yield connection


@contextmanager
def maybe_read_model(settings: Settings) -> Iterator[Connection | None]:
    """A connection, or None where no projector has made the tables yet."""
    engine = open_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            yield connection if inspect(connection).has_table("progress") else None
    except SQLAlchemyError as error:
        problem = type(error).__name__
        raise refused(f"Không đọc được cơ sở dữ liệu ({problem}); hãy xem LANGNGHE_DATABASE_URL.") from None
    finally:
        engine.dispose()
