"""Children are kept alive and stopped in order."""

import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from cli import supervise
from cli.supervise import Child, Supervisor
from tests.support.kafka import free_port
from tests.support.waiting import eventually

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('on', flush=True); time.sleep(60)",
]


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(said):
    supervisor = Supervisor(said.append)
    yield supervisor
    supervisor.stop([([child.name.split("-")[0] for child in supervisor.children], 1.0)])


def child(tmp_path, name="a", command=SLEEPER, port=0):
    return Child(name, command, tmp_path / f"{name}.log", port)


def test_a_child_that_died_is_started_again_after_a_delay_and_a_person_is_told(tmp_path, supervisor, said, monkeypatch):
    monkeypatch.setattr(supervise, "FIRST_DELAY", 0.05)
    one = child(tmp_path)
    one.delay = 0.05
    supervisor.start(one)
    first = one.process.pid
    one.terminate(signal.SIGKILL)
    one.process.wait()
    eventually(lambda: supervisor.look() or (one.running and one.process.pid != first), within=10, what="restart")
    assert "a dừng (mã -9)" in said[0]


def test_the_delay_doubles_while_a_child_keeps_dying(tmp_path, supervisor):
    one = child(tmp_path, command=[sys.executable, "-c", "raise SystemExit(3)"])
    supervisor.start(one)
    delays = []
    for _ in range(3):
        one.process.wait()
        supervisor.look()
        delays.append(one.delay)
        one.start()
    assert delays == [2.0, 4.0, 8.0]


def test_a_child_that_reports_itself_ill_three_times_is_killed(tmp_path, supervisor, said, monkeypatch):
    monkeypatch.setattr(supervise, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(supervise, "STARTING_SECONDS", 0.0)
    port = free_port()
    server = HTTPServer(("127.0.0.1", port), _Ill)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one = child(tmp_path, port=port)
    supervisor.start(one)
    eventually(lambda: supervisor.look() or not one.running, within=10, what="the ill child is killed")
    server.shutdown()
    server.server_close()
    assert "a tự báo lỗi (the watch stands still)" in said[0]


def test_a_child_that_does_not_answer_yet_is_given_time_to_start(tmp_path, supervisor, monkeypatch):
    monkeypatch.setattr(supervise, "CHECK_SECONDS", 0.0)
    one = child(tmp_path, port=free_port())
    supervisor.start(one)
    for _ in range(10):
        supervisor.look()
    assert one.running


def test_what_ignores_sigterm_is_killed_when_its_seconds_are_over(tmp_path, supervisor):
    one = child(tmp_path, command=STUBBORN)
    supervisor.start(one)
    eventually(lambda: "on" in one.log.read_text(), within=10, what="child runs")
    supervisor.stop([(["a"], 0.3)])
    assert one.process.returncode == -signal.SIGKILL


def test_groups_are_stopped_one_after_the_other(tmp_path, supervisor):
    ends = tmp_path / "ends"
    end = f"lambda *_: (open({str(ends)!r}, 'a').write(sys.argv[1]), sys.exit(0))"
    note = f"import signal, sys; signal.signal(15, {end}); print('on', flush=True); signal.pause()"
    children = [child(tmp_path, name, [sys.executable, "-c", note, name]) for name in ("k", "w")]
    supervisor.start(*children)
    eventually(lambda: all("on" in one.log.read_text() for one in children), within=10, what="children run")
    supervisor.stop([(["w"], 5.0), (["k"], 5.0)])
    assert ends.read_text() == "wk"


class _Ill(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"the watch stands still\n"
        self.send_response(503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
