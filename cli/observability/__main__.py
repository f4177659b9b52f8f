"""`python -m cli.observability` makes the rules and the dashboards; a test compares them."""

from cli.docs import write
from cli.observability.dashboards import dashboard_files
from cli.observability.rules import rule_files
from cli.observability.table import read_headings, read_table
from cli.settings import HERE


def generate() -> dict[str, str]:
    """Every generated file: its path from the root of the repository, and its content."""
    table = read_table(HERE / "deploy" / "alerts.toml")
    boards = dashboard_files(table.addresses, read_headings(HERE / "deploy" / "runbook.md"))
    made = {f"deploy/prometheus/rules/{name}": content for name, content in rule_files(table).items()}
    return made | {f"deploy/grafana/dashboards/{name}": content for name, content in boards.items()}


if __name__ == "__main__":
    write(generate(), HERE)
