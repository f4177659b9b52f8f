"""The rules of the packaged data files, read once for all tests."""

from functools import cache
from pathlib import Path

from casework.rules import Rules, Settings, build_rules

DATA = Path(__file__).parents[2] / "casework" / "data"
NAMES = ("calendar.csv", "agencies.csv", "procedures.csv", "feedback_limits.csv")


@cache
def rules(settings: Settings | None = None) -> Rules:
    """The packaged rules with default or given settings."""
    return build_rules(files(), settings)


@cache
def files() -> dict[str, str]:
    """Text of each rule file by name, wherever under the data directory it lies."""
    return {name: next(DATA.rglob(name)).read_text(encoding="utf-8") for name in NAMES}
