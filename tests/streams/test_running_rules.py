"""`langnghe doctor` asks every process which rules it runs with, and names in one line those that differ."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from prometheus_client import CollectorRegistry

from cli import doctor
from cli.doctor import metrics_urls, running_rules, same_rules
from cli.settings import read_settings
from desk import metrics as desk_metrics
from streams.metrics import rules_info
from streams.probe import ProbeServer
from tests.support.kafka import free_port


@contextmanager
def showing(registry: CollectorRegistry) -> Iterator[str]:
    """A process with that registry; the address of its metrics."""
    port = free_port()
    probe = ProbeServer("127.0.0.1", port, lambda: None, lambda: None, registry)
    probe.start()
    try:
        yield f"http://127.0.0.1:{port}/metrics"
    finally:
        probe.stop()


@contextmanager
def talking_nonsense() -> Iterator[str]:
    """A program of somebody else on a port of ours."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(b"\xff nonsense\n")

        def log_message(self, *_: object) -> None:
            """Not worth a line."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/metrics"
    finally:
        server.shutdown()
        server.server_close()


def test_the_hash_of_each_process_is_read_from_its_metrics_and_silent_ones_are_left_out():
    worker, projector = CollectorRegistry(), desk_metrics.new_registry()
    rules_info(worker, "aa-bb")
    desk_metrics.rules_info(projector, "aa-cc")
    with showing(worker) as one, showing(projector) as two, showing(CollectorRegistry()) as mute, \
            talking_nonsense() as other:  # fmt: skip
        silent = f"http://127.0.0.1:{free_port()}/metrics"
        urls = {"cases-0": one, "projector": two, "web": mute, "lag": silent, "admit": other}
        assert running_rules(urls) == {"cases-0": "aa-bb", "projector": "aa-cc"}


@pytest.mark.parametrize(("running", "here", "good", "words"), [
    ({}, "a", True, "chưa có tiến trình nào"),
    ({"web": "a", "admit": "a"}, "a", True, "2 tiến trình cùng bộ a"),
    ({"web": "a", "admit": "a"}, "b", True, "tệp quy tắc đã đổi, khởi động lại"),
    ({"web": "a", "admit": "b", "lag": "b"}, "a", False, "admit, lag: b; hãy khởi động lại admit, lag"),
    ({"web": "a", "admit": "b"}, "c", False, "hãy khởi động lại web, admit"),
], ids=["none", "equal", "files changed", "two behind", "all behind"])  # fmt: skip
def test_a_difference_is_told_in_one_line_with_what_to_restart(running, here, good, words):
    finding = same_rules(running, here)
    assert (finding.good, words in finding.words, "\n" in finding.words) == (good, True, False)


def test_the_processes_are_those_of_the_probes_where_they_run_elsewhere(tmp_path):
    settings = read_settings({"LANGNGHE_PROBES": "cases=http://cases:8001/readyz"}, tmp_path, 59_000)
    assert metrics_urls(settings) == {
        "web": "http://127.0.0.1:59000/metrics", "cases": "http://cases:8001/metrics",
    }  # fmt: skip


def test_on_this_machine_only_ports_that_are_in_use_are_asked(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "is_free", lambda port: port != 59_000)
    assert metrics_urls(read_settings({}, tmp_path, 59_000)) == {"web": "http://127.0.0.1:59000/metrics"}
