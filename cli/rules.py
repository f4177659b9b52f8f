"""Reads the rule files: those of the package, or a province's own directory beside them."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from casework.rules import FILES, Rules, build_rules

LIMITS = "limits"


def load_rules(directory: Path | None = None) -> Rules:
    """Rules of the package's data; a file of the same name in `directory` takes the place of the package's.

    Under `limits/` both may have regulations of places, of which settings.toml chooses one.
    """
    texts: dict[str, str] = {}
    for folder in (files("casework") / "data", directory):
        if folder is not None:
            found = {**{name: folder / name for name in FILES}, **_regulations(folder / LIMITS)}
            texts |= {name: file.read_text(encoding="utf-8-sig") for name, file in found.items() if file.is_file()}
    return build_rules(texts)


def _regulations(folder: Traversable) -> dict[str, Traversable]:
    held = folder.iterdir() if folder.is_dir() else ()
    return {f"{LIMITS}/{file.name}": file for file in held if file.name.endswith(".csv")}
