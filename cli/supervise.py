"""Child processes kept alive: started in order, restarted with back-off when they die or report themselves ill."""

import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FIRST_DELAY, LONGEST_DELAY = 1.0, 30.0
STEADY_SECONDS = 60.0
CHECK_SECONDS = 5.0
FAILED_CHECKS = 3
STARTING_SECONDS = 180.0
PR_SET_PDEATHSIG = 1

Say = Callable[[str], None]


@dataclass(slots=True)
class Child:
    """One process: how it is started, and where it answers for its health (port 0: nowhere)."""

    name: str
    command: Sequence[str]
    log: Path
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    delay: float = FIRST_DELAY
    restart_at: float | None = None
    failed_checks: int = 0
    answered: bool = False
    checked: float = 0.0

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
                env=os.environ | dict(self.environment), preexec_fn=_die_with_parent,  # noqa: PLW1509 - no threads here
            )  # fmt: skip
        self.started = self.checked = time.monotonic()
        self.restart_at, self.failed_checks, self.answered = None, 0, False

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask(self, path: str) -> str | None:
        """None when the probe says OK, else what it says."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=3):
                self.answered = True
                return None
        except urllib.error.HTTPError as answer:
            self.answered = True
            return answer.read().decode(errors="replace").strip() or str(answer.code)
        except OSError as problem:
            return str(problem)

    def terminate(self, signal_number: int = signal.SIGTERM) -> None:
        if self.process is not None and self.running:
            self.process.send_signal(signal_number)


def _die_with_parent() -> None:
    """Children end with `langnghe up` even when it is killed with -9 (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Watches children; `say` is told of what a person should know."""

    def __init__(self, say: Say) -> None:
        self.children: list[Child] = []
        self.say = say

    def start(self, *children: Child) -> None:
        """Starts children; from now on they are watched."""
        for child in children:
            child.start()
            self.children.append(child)

    def wait_ready(self, timeout: float, stopped: Callable[[], bool]) -> list[str]:
        """Names of the children not ready after `timeout` seconds; those that die meanwhile are restarted."""
        deadline = time.monotonic() + timeout
        waiting = [child for child in self.children if child.port]
        while waiting and time.monotonic() < deadline and not stopped():
            self.look()
            waiting = [child for child in waiting if child.ask("/readyz")]
            time.sleep(0.2)
        return [child.name for child in waiting]

    def look(self) -> None:
        """One look at every child."""
        now = time.monotonic()
        for child in self.children:
            if not child.running:
                self._revive(child, now)
            elif child.port and now - child.checked > CHECK_SECONDS:
                self._check(child, now)

    def _revive(self, child: Child, now: float) -> None:
        if child.restart_at is None:
            code = child.process.returncode if child.process else None
            child.delay = FIRST_DELAY if now - child.started > STEADY_SECONDS else min(child.delay * 2, LONGEST_DELAY)
            child.restart_at = now + child.delay
            self.say(f"{child.name} dừng (mã {code}); khởi động lại sau {child.delay:.0f} giây; nhật ký: {child.log}")
        elif now >= child.restart_at:
            child.start()

    def _check(self, child: Child, now: float) -> None:
        child.checked = now
        wrong = child.ask("/healthz")
        if not child.answered and now - child.started < STARTING_SECONDS:
            return  # a slow machine is no illness; what a process says of itself, it says from its first moment on
        child.failed_checks = child.failed_checks + 1 if wrong else 0
        if child.failed_checks >= FAILED_CHECKS:
            self.say(f"{child.name} tự báo lỗi ({wrong}); khởi động lại")
            child.terminate(signal.SIGKILL)

    def stop(self, groups: Sequence[tuple[Sequence[str], float]]) -> None:
        """SIGTERM in order of the groups (first words of names, seconds); what is left after its seconds is killed."""
        for names, seconds in groups:
            members = [child for child in self.children if child.name.split("-")[0] in names]
            for child in members:
                child.terminate()
            _wait(members, seconds)


def _wait(children: Sequence[Child], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.05, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.terminate(signal.SIGKILL)
            child.process.wait()


def ourselves(*arguments: str) -> list[str]:
    """The command line of another `langnghe` process."""
    return [sys.executable, "-m", "cli.main", *arguments]
