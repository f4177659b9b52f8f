"""The page of alerts and panels tells of every alert, in words, and names those whom Alertmanager tells."""

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from cli.observability.__main__ import ALERTMANAGER, RULES, generate
from cli.observability.page import ALWAYS, OFFICE, WHO, in_words
from cli.observability.table import read_headings
from cli.settings import HERE

PAGE = generate()["docs/canh-bao.md"]
SECTIONS = {found: section for section in PAGE.split("\n### ") for found in re.findall(r"`(LangNghe\w+)`", section)}
FILES = [yaml.safe_load(path.read_text("utf-8")) for path in sorted((HERE / RULES).glob("*.yml"))]
ALERTS: dict[str, dict[str, Any]] = {
    rule["alert"]: rule for file in FILES for group in file["groups"] for rule in group["rules"] if "alert" in rule
}
ROUTES = yaml.safe_load((HERE / ALERTMANAGER).read_text("utf-8"))["route"]["routes"]


def test_every_alert_of_the_rule_files_has_a_section_and_no_other_has() -> None:
    assert SECTIONS.keys() == ALERTS.keys()


@pytest.mark.parametrize("name", ALERTS)
def test_a_section_says_what_it_means_and_links_to_what_to_do(name: str) -> None:
    [anchor] = re.findall(r"\(\.\./deploy/runbook\.md#([a-z0-9-]+)\)", SECTIONS[name])
    assert anchor == ALERTS[name]["labels"]["runbook"]
    assert anchor in read_headings(HERE / "deploy" / "runbook.md")
    assert SECTIONS[name].startswith(in_words(ALERTS[name]["annotations"]["summary"]) + "\n")


def test_a_reader_sees_names_where_prometheus_puts_values() -> None:
    told = in_words("{{ $labels.agency }}: {{ $value | humanizePercentage }} hồ sơ, {{$labels.colour}}")
    assert told == "‹đơn vị›: ‹số› hồ sơ, ‹tên›"
    assert "{{" not in PAGE


@pytest.mark.skipif(shutil.which("amtool") is None, reason="sh deploy/install-system.sh prometheus")
@pytest.mark.parametrize("told", WHO, ids=str)
def test_the_page_names_the_receiver_and_the_hours_of_alertmanager(told: tuple[str, str, bool]) -> None:
    (severity, audience, agency), (receiver, people, when) = told, WHO[told]
    name = "LangNgheWatchdog" if severity == "none" else "Any"
    labels = [f"alertname={name}", f"severity={severity}", f"audience={audience}", *(["agency=LG.SYT"] * agency)]
    command = ["amtool", "config", "routes", "test", f"--config.file={HERE / ALERTMANAGER}"]
    subprocess.run([*command, f"--verify.receivers={receiver}", *labels], check=True, capture_output=True)
    [route] = [route for route in ROUTES if route["receiver"] == receiver]
    assert when == (OFFICE if "active_time_intervals" in route else ALWAYS)
    assert f"{people}, {when}." in PAGE


def test_the_urgent_feedback_that_nobody_took_is_told_at_any_hour() -> None:
    assert "trực đường dây nóng, bất cứ lúc nào" in SECTIONS["LangNgheUrgentUntaken"]
