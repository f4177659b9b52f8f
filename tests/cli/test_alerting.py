"""The right person is told at the right hour: routes by amtool, and a real Prometheus and Alertmanager end to end."""

import http.server
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from aiosmtpd.controller import Controller

from cli.observability.start import watchers
from cli.settings import HERE, read_settings
from cli.supervise import Supervisor
from tests.support.kafka import free_port
from tests.support.system import free_base
from tests.support.waiting import eventually

CONFIG = HERE / "deploy" / "alertmanager" / "alertmanager.yml"
INSTALLED = all(map(shutil.which, ("prometheus", "prometheus-alertmanager", "amtool")))
pytestmark = pytest.mark.skipif(not INSTALLED, reason="sh deploy/install-system.sh prometheus")


def amtool(*arguments: str) -> str:
    done = subprocess.run(["amtool", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_alertmanager_takes_the_configuration() -> None:
    assert "SUCCESS" in amtool("check-config", str(CONFIG))


@pytest.mark.parametrize(("receiver", "labels"), [
    ("con-song", "alertname=LangNgheWatchdog severity=none audience=operations"),
    ("truc-van-hanh", "alertname=LangNgheKafkaDown severity=page audience=operations"),
    ("truc-duong-day-nong", "alertname=LangNgheUrgentUntaken severity=page audience=business"),
    ("don-vi", "alertname=LangNgheApologyDue severity=ticket audience=business agency=LG.SYT"),
    ("don-doc", "alertname=LangNgheApologyDue severity=ticket audience=business agency=unknown"),
    ("don-doc", "alertname=LangNgheSourceSilent severity=ticket audience=business source=/mot-cua"),
    ("quan-tri", "alertname=LangNgheDeadLetters severity=ticket audience=operations"),
    ("quan-tri", "alertname=LangNgheRulesDiffer severity=ticket"),
])  # fmt: skip
def test_an_alert_goes_to(receiver: str, labels: str) -> None:
    amtool("config", "routes", "test", f"--config.file={CONFIG}", f"--verify.receivers={receiver}", *labels.split())


def test_tickets_wait_for_working_hours_and_pages_never_do() -> None:
    routes = yaml.safe_load(CONFIG.read_text("utf-8"))["route"]["routes"]
    muted = {route["receiver"]: "active_time_intervals" in route for route in routes}
    assert muted == {"con-song": False, "truc-duong-day-nong": False, "truc-van-hanh": False,
                     "don-vi": True, "don-doc": True, "quan-tri": True}  # fmt: skip


@dataclass
class Receiver:
    """What webhooks and mails came to."""

    posts: list[tuple[str, dict]] = field(default_factory=list)
    mails: list[tuple[list[str], str]] = field(default_factory=list)

    async def handle_DATA(self, _server: object, _session: object, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"

    def posted(self, path: str) -> list[str]:
        return [alert["labels"]["alertname"] for where, body in self.posts if where == path for alert in body["alerts"]]


@contextmanager
def receiving() -> Iterator[tuple[Receiver, int, int]]:
    """A receiver with the ports of its webhook and of its mail server."""
    receiver = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            receiver.posts.append((self.path, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    mail = Controller(receiver, hostname="127.0.0.1", port=free_port())
    mail.start()
    try:
        yield receiver, web.server_port, mail.port
    finally:
        mail.stop()
        web.shutdown()
        web.server_close()


def for_the_test(folder: Path, web: int, mail: int) -> Path:
    """The province's file with the addresses of the test, without waits and with office hours round the clock."""
    text = CONFIG.read_text("utf-8").replace("127.0.0.1:8099", f"127.0.0.1:{web}").replace(":25\n", f":{mail}\n")
    text = re.sub(r"group_wait: \d+s", "group_wait: 0s", text)
    text = re.sub(r"- weekdays:.*\n.*times:.*\n", '- times: [{start_time: "00:00", end_time: "24:00"}]\n', text)
    path = folder / "alertmanager.yml"
    path.write_text(text, "utf-8")
    shutil.copy(CONFIG.with_name("langnghe.tmpl"), folder)
    return path


def test_what_up_starts_tells_the_receivers_and_says_that_the_way_is_open(tmp_path: Path) -> None:
    settings = read_settings({}, tmp_path / "data", free_base())
    supervisor = Supervisor(print)
    with receiving() as (receiver, web, mail):
        children = watchers(settings, {"web": settings.ports.web})
        config = for_the_test(tmp_path, web, mail)
        alertmanager = next(child for child in children if child.name == "alertmanager")
        alertmanager.command = [re.sub(r"^--config.file=.*", f"--config.file={config}", word)
                                for word in alertmanager.command]  # fmt: skip
        try:
            supervisor.start(*children)
            eventually(lambda: "LangNgheWatchdog" in receiver.posted("/con-song"), within=90, what="the watchdog")
            raise_by_hand(settings.ports.alertmanager)
            eventually(lambda: "LangNgheUrgentUntaken" in receiver.posted("/goi"), within=30, what="the page")
            found = eventually(lambda: [m for m in receiver.mails if "LG.SYT@don-vi.tinh.invalid" in m[0]],
                               within=30, what="the agency's mail")  # fmt: skip
        finally:
            supervisor.stop(((("prometheus", "alertmanager"), 5.0),))
    assert "Subject: =?" in found[0][1]
    assert not [name for name in receiver.posted("/con-song") if name != "LangNgheWatchdog"]


def raise_by_hand(port: int) -> None:
    url = f"--alertmanager.url=http://127.0.0.1:{port}"
    notes = ("--annotation=summary=Tóm tắt", "--annotation=description=Mô tả",
             "--annotation=runbook_url=r", "--annotation=dashboard_url=d")  # fmt: skip
    for labels in (("LangNgheUrgentUntaken", "severity=page", "audience=business"),
                   ("LangNgheApologyDue", "severity=ticket", "audience=business", "agency=LG.SYT")):  # fmt: skip
        amtool("alert", "add", url, *notes, *labels)


def test_under_a_silent_kafka_nothing_else_is_told_but_that_the_way_is_open() -> None:
    rules = yaml.safe_load(CONFIG.read_text("utf-8"))["inhibit_rules"]
    assert rules[0]["target_matchers"] == ['alertname!~"LangNgheKafkaDown|LangNgheWatchdog"']
    assert all("equal" not in rule or 'level=~".+"' in rule["source_matchers"] for rule in rules)


def test_the_watched_processes_are_written_with_their_names(tmp_path: Path) -> None:
    settings = read_settings({}, tmp_path, free_base())
    watchers(settings, {"web": 21000, "cases-0": 21001})
    targets = json.loads((tmp_path / "prometheus" / "targets" / "langnghe.json").read_text())
    assert [(one["targets"], one["labels"]) for one in targets] == [
        (["127.0.0.1:21000"], {"process": "web"}), (["127.0.0.1:21001"], {"process": "cases-0"})
    ]  # fmt: skip
    config = tmp_path / "prometheus" / "prometheus.yml"
    subprocess.run(["promtool", "check", "config", config], check=True, capture_output=True)
