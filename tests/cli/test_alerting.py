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
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiosmtpd.controller import Controller

from cli.observability.__main__ import generate
from cli.observability.hours import OFF, WORKING, HoursError, with_hours
from cli.observability.start import watchers
from cli.rules import load_rules
from cli.settings import HERE, read_settings
from cli.supervise import Supervisor
from tests.support.kafka import free_port
from tests.support.oracle_calendar import working_days
from tests.support.prometheus import every_second
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


RULES = [
    rule
    for path in sorted((HERE / "deploy" / "prometheus" / "rules").glob("*.yml"))
    for group in yaml.safe_load(path.read_text("utf-8"))["groups"]
    for rule in group["rules"]
    if "alert" in rule
]
RECEIVERS = {
    ("none", "operations"): "con-song",
    ("page", "operations"): "truc-van-hanh",
    ("page", "business"): "truc-duong-day-nong",
    ("ticket", "business"): "don-doc",
    ("ticket", "operations"): "quan-tri",
}


def goes_to(receiver: str, labels: dict[str, str]) -> None:
    told = (f"{name}={value}" for name, value in labels.items())
    amtool("config", "routes", "test", f"--config.file={CONFIG}", f"--verify.receivers={receiver}", *told)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule['alert']} {rule['labels'].get('window', '')}")
def test_an_alert_of_the_rule_files_goes_to(rule: dict[str, Any]) -> None:
    labels = {"alertname": rule["alert"], **rule["labels"]}
    receiver = RECEIVERS[labels["severity"], labels["audience"]]
    if "by (agency)" not in rule["expr"]:
        goes_to(receiver, labels)
    else:
        goes_to("don-vi", labels | {"agency": "LG.SYT"})
        goes_to(receiver, labels | {"agency": "unknown"})


def test_tickets_wait_for_working_hours_and_pages_never_do() -> None:
    routes = yaml.safe_load(CONFIG.read_text("utf-8"))["route"]["routes"]
    kept = {route["receiver"]: (route.get("active_time_intervals"), route.get("mute_time_intervals"))
             for route in routes}  # fmt: skip
    assert kept == {
        **dict.fromkeys(("con-song", "truc-duong-day-nong", "truc-van-hanh"), (None, None)),
        **dict.fromkeys(("don-vi", "don-doc", "quan-tri"), ([WORKING], [OFF])),
    }


def holds(interval: dict, moment: datetime) -> bool:
    """Whether a time interval holds a moment of Vietnam time, as Alertmanager's documentation says."""
    times = interval.get("times", [{"start_time": "00:00", "end_time": "24:00"}])
    return (
        interval["location"] == "Asia/Ho_Chi_Minh"
        and ("weekdays" not in interval or (interval["weekdays"] == ["monday:friday"] and moment.weekday() < 5))
        and str(moment.year) in interval.get("years", [str(moment.year)])
        and str(moment.month) in interval.get("months", [str(moment.month)])
        and str(moment.day) in interval.get("days_of_month", [str(moment.day)])
        and any(one["start_time"] <= f"{moment:%H:%M}" < one["end_time"] for one in times)
    )


def hours(config: str) -> dict[str, list[dict]]:
    return {one["name"]: one["time_intervals"] for one in yaml.safe_load(config)["time_intervals"]}


def is_told(found: dict[str, list[dict]], moment: datetime) -> bool:
    working, off = (any(holds(one, moment) for one in found[name]) for name in (WORKING, OFF))
    return working and not off


DAYS = [date(2024, 1, 1) + timedelta(days=number) for number in range(4 * 365 + 1)]


def test_tickets_are_told_on_the_working_days_of_the_calendar_and_on_no_other_day() -> None:
    found, calendar = hours(CONFIG.read_text("utf-8")), working_days()
    told = [day for day in DAYS if is_told(found, datetime.combine(day, time(8)))]
    assert told == [day for day in DAYS if calendar.works(day)]
    assert date(2026, 8, 22) in told  # a Saturday that makes up for the swap of 31/8
    assert not {date(2026, 2, 17), date(2026, 4, 27), date(2026, 11, 24)} & set(
        told
    )  # Tết, a day in lieu, a new holiday
    assert date(2026, 11, 23) in told  # proposed as a day off, without a document


@pytest.mark.parametrize(("clock", "told"), [
    ("06:59", False), ("07:00", True), ("11:29", True), ("11:30", False), ("13:30", True), ("17:00", False),
])  # fmt: skip
def test_tickets_are_told_in_office_hours(clock: str, told: bool) -> None:
    moment = datetime.combine(date(2026, 8, 22), time.fromisoformat(clock))
    assert is_told(hours(CONFIG.read_text("utf-8")), moment) is told


def test_a_province_has_its_own_days_off_and_office_hours(tmp_path: Path) -> None:
    (tmp_path / "calendar.csv").write_text("date,kind,name,source,counted\n2026-12-01,local_closure,Bão,CĐ 1,yes\n")
    (tmp_path / "settings.toml").write_text('[office_hours]\ndefault = ["08:00-12:00"]\n')
    found = hours(generate(tmp_path)["deploy/alertmanager/alertmanager.yml"])
    told = [is_told(found, datetime(2026, 12, day, hour)) for day, hour in ((1, 9), (2, 7), (2, 9))]  # noqa: DTZ001
    assert told == [False, False, True]


def test_a_file_without_a_place_for_the_working_hours_is_refused() -> None:
    with pytest.raises(HoursError, match="alertmanager"):
        with_hours("route: {}\n", load_rules())


@dataclass
class Receiver:
    """What webhooks and mails came to."""

    posts: list[tuple[str, dict]] = field(default_factory=list)
    mails: dict[str, EmailMessage] = field(default_factory=dict)

    async def handle_DATA(self, _server: object, _session: object, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        mail = message_from_bytes(envelope.content, EmailMessage, policy=default)
        self.mails |= dict.fromkeys(envelope.rcpt_tos, mail)
        return "250 OK"

    def mail(self, to: str) -> tuple[str, str]:
        """Subject and text of the mail that comes to an address."""
        found = eventually(lambda: self.mails.get(to), within=60, what=f"the mail to {to}")
        return found["subject"], found.get_body(("plain",)).get_content().replace("\r\n", "\n")

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


ALWAYS = {"times": [{"start_time": "00:00", "end_time": "24:00"}]}


def for_the_test(folder: Path, web: int, mail: int) -> Path:
    """The province's file with the test's addresses, without waits; today is worked, but is the admin's day off."""
    text = CONFIG.read_text("utf-8").replace("127.0.0.1:8099", f"127.0.0.1:{web}").replace(":25\n", f":{mail}\n")
    config = yaml.safe_load(re.sub(r"group_wait: \d+s", "group_wait: 0s", text))
    told = {WORKING: ALWAYS, "today": ALWAYS, OFF: {"years": ["2000"]}}
    config["time_intervals"] = [{"name": name, "time_intervals": [found]} for name, found in told.items()]
    config["route"]["routes"][-1]["mute_time_intervals"] = ["today"]
    path = folder / "alertmanager.yml"
    path.write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    shutil.copy(CONFIG.with_name("langnghe.tmpl"), folder)
    return path


@dataclass(frozen=True)
class Watch:
    """A running Alertmanager and what it told."""

    receiver: Receiver
    port: int

    @property
    def url(self) -> str:
        return f"--alertmanager.url=http://127.0.0.1:{self.port}"

    def raise_by_hand(self, name: str, *more: str, end: datetime | None = None, **labels: str) -> None:
        notes = {"summary": "Tóm tắt", "description": "Mô tả", "runbook_url": "r", "dashboard_url": "d"}
        told = [f"--annotation={note}={words}" for note, words in notes.items()]
        ends = [f"--end={end.isoformat()}"] if end else []
        amtool(
            "alert", "add", self.url, *told, *more, *ends, name, *(f"{key}={value}" for key, value in labels.items())
        )

    def inhibited(self) -> set[tuple[str, str]]:
        """Name and, where there is one, service level of each alert that is kept back."""
        found = json.loads(amtool("alert", "query", "--inhibited", "--output=json", self.url))
        return {(alert["labels"]["alertname"], alert["labels"].get("level", "")) for alert in found}


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    """What `langnghe up` starts, with the addresses of the test."""
    folder = tmp_path_factory.mktemp("watch")
    settings, supervisor = read_settings({}, folder / "data", free_base()), Supervisor(print)
    with receiving() as (receiver, web, mail):
        children = watchers(settings, {"web": settings.ports.web})
        config = for_the_test(folder, web, mail)
        alertmanager, prometheus = children
        alertmanager.command = [re.sub(r"^--config.file=.*", f"--config.file={config}", word)
                                for word in alertmanager.command]  # fmt: skip
        prometheus.command = [*prometheus.command, every_second(settings.data / "prometheus" / "prometheus.yml")]
        try:
            supervisor.start(*children)
            eventually(lambda: "LangNgheWatchdog" in receiver.posted("/con-song"), within=180, what="the watchdog")
            yield Watch(receiver, settings.ports.alertmanager)
        finally:
            supervisor.stop(((("prometheus", "alertmanager"), 5.0),))


TEXT = """ĐANG XẢY RA: Tóm tắt
Mô tả
Từ lúc: 17:30 21/11/2026
Việc phải làm: r
Bảng theo dõi: d

Lắng Nghe tự động gửi thư này. Xem từng hồ sơ, phản ánh trên trang Theo dõi, đôn đốc.
"""


def test_what_up_starts_tells_the_receivers_in_vietnamese_and_at_the_time_of_vietnam(watch: Watch) -> None:
    since, told = "--start=2026-11-21T10:30:00Z", watch.receiver
    watch.raise_by_hand("LangNgheDeadLetters", since, severity="ticket", audience="operations")
    watch.raise_by_hand("LangNgheUrgentUntaken", since, severity="page", audience="business")
    watch.raise_by_hand("LangNgheApologyDue", since, severity="ticket", audience="business", agency="LG.SYT")
    assert told.mail("truc-duong-day-nong@tinh.invalid") == ("[GẤP] Tóm tắt", TEXT)
    assert told.mail("LG.SYT@don-vi.tinh.invalid") == ("[Việc cần làm] Tóm tắt", TEXT)
    assert told.mail("don-doc@tinh.invalid") == ("[Việc cần làm] Tóm tắt", TEXT)
    eventually(lambda: "LangNgheUrgentUntaken" in told.posted("/goi"), within=60, what="the page")
    assert "quan-tri@tinh.invalid" not in told.mails  # raised before, on a day off
    assert set(told.posted("/con-song")) == {"LangNgheWatchdog"}


def test_a_page_of_a_service_level_keeps_back_the_tickets_of_that_level_alone(watch: Watch) -> None:
    burn = {"audience": "operations", "level": "posts"}
    watch.raise_by_hand("LangNgheAlertingBurn", severity="ticket", audience="operations", level="alerting")
    watch.raise_by_hand("LangNghePostsBurn", severity="ticket", window="1d", **burn)
    watch.raise_by_hand("LangNghePostsBurn", severity="page", window="1h", **burn)
    eventually(lambda: watch.inhibited() == {("LangNghePostsBurn", "posts")}, within=60, what="the ticket of posts")


def test_under_a_silent_kafka_nothing_else_is_told_but_that_the_way_is_open(watch: Watch) -> None:
    operations = {"severity": "page", "audience": "operations"}
    watch.raise_by_hand("LangNgheProcessDown", severity="ticket", audience="operations")
    watch.raise_by_hand("LangNgheKafkaDown", **operations)
    try:
        eventually(lambda: ("LangNgheProcessDown", "") in watch.inhibited(), within=60, what="what was known before")
        watch.raise_by_hand("LangNgheProjectorBehind", **operations)
        eventually(lambda: ("LangNgheProjectorBehind", "") in watch.inhibited(), within=60, what="what came after")
        eventually(lambda: "LangNgheKafkaDown" in watch.receiver.posted("/goi"), within=60, what="the page")
        assert not watch.inhibited() & {("LangNgheKafkaDown", ""), ("LangNgheWatchdog", "")}
        assert "LangNgheProjectorBehind" not in watch.receiver.posted("/goi")
    finally:
        watch.raise_by_hand("LangNgheKafkaDown", end=datetime.now(UTC), **operations)


def test_the_watched_processes_are_written_with_their_names(tmp_path: Path) -> None:
    settings = read_settings({}, tmp_path, free_base())
    watchers(settings, {"web": 21000, "cases-0": 21001})
    targets = json.loads((tmp_path / "prometheus" / "targets" / "langnghe.json").read_text())
    assert [(one["targets"], one["labels"]) for one in targets] == [
        (["127.0.0.1:21000"], {"process": "web"}), (["127.0.0.1:21001"], {"process": "cases-0"})
    ]  # fmt: skip
    config = tmp_path / "prometheus" / "prometheus.yml"
    subprocess.run(["promtool", "check", "config", config], check=True, capture_output=True)
