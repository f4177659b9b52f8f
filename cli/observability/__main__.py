"""`python -m cli.observability` makes rules, dashboards, their page, Alertmanager's hours; a test compares them."""

import os
from pathlib import Path

from cli.docs import write
from cli.observability.dashboards import BOARDS, dashboard_files
from cli.observability.hours import with_hours
from cli.observability.page import alert_page
from cli.observability.rules import rule_files
from cli.observability.table import read_headings, read_table
from cli.rules import load_rules
from cli.settings import HERE, read_settings

ALERTMANAGER = "deploy/alertmanager/alertmanager.yml"
RULES = "deploy/prometheus/rules"


def generate(rules: Path | None = None) -> dict[str, str]:
    """Every generated file: its path from the root of the repository, and its content; `rules` are a province's own."""
    table, used = read_table(HERE / "deploy" / "alerts.toml"), load_rules(rules)
    boards = dashboard_files(table.addresses, read_headings(HERE / "deploy" / "runbook.md"), used.agencies)
    made = {f"{RULES}/{name}": content for name, content in rule_files(table).items()}
    made["docs/canh-bao.md"] = alert_page(table, BOARDS)
    made[ALERTMANAGER] = with_hours((HERE / ALERTMANAGER).read_text(encoding="utf-8"), used)
    return made | {f"deploy/grafana/dashboards/{name}": content for name, content in boards.items()}


if __name__ == "__main__":
    write(generate(read_settings(os.environ, HERE).rules_directory), HERE)
