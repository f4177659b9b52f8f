"""Reads the rule files: those of the package, or a province's own directory beside them."""

from importlib.resources import files
from pathlib import Path

from casework.rules import Rules, build_rules

NAMES = ("agencies.csv", "calendar.csv", "feedback_limits.csv", "procedures.csv")


def load_rules(directory: Path | None = None) -> Rules:
    """Rules of the package's data; a file of the same name in `directory` takes the place of the package's."""
    package = files("casework") / "data"
    texts = {}
    for name in NAMES:
        own = directory / name if directory else None
        texts[name] = (own if own and own.is_file() else package / name).read_text(encoding="utf-8-sig")
    return build_rules(texts)
