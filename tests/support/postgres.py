"""A real PostgreSQL for tests: a server with data of its own on 127.0.0.1, and an empty database for each test."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.support.kafka import free_port
from tests.support.waiting import eventually

START_SECONDS = 60.0
STOP_SECONDS = 20.0


@dataclass
class Postgres:
    """A running server; everybody on this machine may enter."""

    programs: Path
    data: Path
    port: int
    user: str | None
    made: int = 0
    empty: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        options = ("-h", "127.0.0.1", "-p", str(self.port), "-k", "", "-c", "fsync=off", "-c", "max_connections=200")
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.data / "db"), *options],
                stdout=log, stderr=log, user=self.user, start_new_session=True, cwd="/",
            )  # fmt: skip
        eventually(self.answers, within=START_SECONDS, what=f"PostgreSQL answers; see {self.data / 'server.log'}")

    def stop(self) -> None:
        """Fast: open connections are ended."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(STOP_SECONDS)

    def answers(self) -> bool:
        with suppress(OperationalError):
            self.execute("select 1")
            return True
        return False

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Each outside any transaction."""
        engine = create_engine(self.url(database), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                for statement in statements:
                    connection.execute(text(statement))
        finally:
            engine.dispose()

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of an empty database, emptied afterwards whoever is still in it: to make a new one takes longer."""
        if not self.empty:
            self.made += 1
            self.empty.append(f"test_{self.made}")
            self.execute(f"create database {self.empty[-1]}")
        name = self.empty.pop()
        try:
            yield self.url(name)
        finally:
            others = "select pg_terminate_backend(pid) from pg_stat_activity"
            here = "where datname = current_database() and pid <> pg_backend_pid()"
            self.execute(f"{others} {here}", "drop schema public cascade", "create schema public", database=name)
            self.empty.append(name)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server that answers, stopped afterwards. It sorts as a province's does: by Vietnamese, not by bytes."""
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="langnghe-postgres-"))  # a folder of pytest's own is closed to other users
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    server = Postgres(_programs(), folder, free_port(), user)
    try:
        initialise = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        vietnamese = ("--locale-provider=icu", "--icu-locale=vi-VN")
        command = [str(server.programs / "initdb"), "-D", str(folder / "db"), *initialise, *vietnamese]
        subprocess.run(command, check=True, capture_output=True, user=user, cwd="/")
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _programs() -> Path:
    """Debian keeps the server's programs apart from those of its clients."""
    found = [path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
    if not found and (initdb := shutil.which("initdb")):
        found = [Path(initdb).resolve().parent]
    assert found, "no PostgreSQL: sh deploy/install-system.sh postgresql"
    return found[-1]
