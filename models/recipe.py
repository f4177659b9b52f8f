"""The code that a model is learnt with: another one makes another model of the same texts."""

import ast
import hashlib
from collections.abc import Iterator
from importlib.resources import files

_START = "train"


def modules() -> list[str]:
    """Every module of this package that training needs, in order of name."""
    found: set[str] = set()
    ahead = [_START]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += _imported(_source(name))
    return sorted(found)


def recipe_hash() -> str:
    """sha256 over the source of those modules."""
    return hashlib.sha256("\0".join(map(_source, modules())).encode()).hexdigest()


def _imported(source: str) -> Iterator[str]:
    """Names of modules in `from models import a` and `from models.a import b`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "models":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models."):
            yield str(node.module).split(".")[1]


def _source(name: str) -> str:
    return files("models").joinpath(f"{name}.py").read_text(encoding="utf-8")
