"""The rules of the packaged data files, read once for all tests."""

from functools import cache
from pathlib import Path

from casework.rules import FILES, Rules, Settings, build_rules

DATA = Path(__file__).parents[2] / "casework" / "data"
NAMES = (*FILES, *(f"limits/{file.name}" for file in sorted((DATA / "limits").glob("*.csv"))))


@cache
def rules(settings: Settings | None = None) -> Rules:
    """The packaged rules with default or given settings."""
    return build_rules(files(), settings)


@cache
def files() -> dict[str, str]:
    """Text of each rule file by its name under the data directory."""
    return {name: (DATA / name).read_text(encoding="utf-8") for name in NAMES if (DATA / name).is_file()}
