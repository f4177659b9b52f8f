"""The tree is the architecture diagram: which package may import which, and what no import may bring to life."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("casework", "models", "streams", "desk", "cli")
ALLOWED = {
    "casework": ("casework",),
    "models": ("models", "casework"),
    "streams": ("streams", "models", "casework"),
    # the probe is an HTTP server that knows nothing of Faust
    "desk": ("desk", "models", "casework", "streams.topics", "streams.codec", "streams.probe"),
    "cli": PACKAGES,
}
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LIVING = {
    "App", "ChunkApp", "FastAPI", "APIRouter", "CollectorRegistry", "Metrics", "Classifier", "Counter", "Gauge",
    "Histogram", "create_engine", "open_engine", "KafkaConsumer", "KafkaProducer", "KafkaAdminClient",
    "AIOKafkaConsumer", "AIOKafkaProducer", "AIOKafkaAdminClient", "PositionReader", "LagExporter",
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
CLOCK_OWNERS = {"datetime", "date", "time"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported anywhere in the file, `from package import module` in full."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: str, allowed: tuple[str, ...]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in allowed)


def called(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Owner and name of each call below a node: `datetime.now()` is (`datetime`, `now`), `open()` is (``, `open`)."""
    for found in ast.walk(node):
        if isinstance(found, ast.Call):
            function = found.func
            if isinstance(function, ast.Name):
                yield "", function.id
            elif isinstance(function, ast.Attribute):
                owner = function.value
                yield getattr(owner, "id", getattr(owner, "attr", "")), function.attr


def run_at_import(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """What is evaluated when a module is imported: statements, bodies of classes, decorators and default arguments."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from node.decorator_list
            yield from node.args.defaults
            yield from (default for default in node.args.kw_defaults if default)
        elif isinstance(node, ast.ClassDef):
            yield from node.decorator_list
            yield from run_at_import(node.body)
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_arrows_between_packages_point_inward(path):
    package = path.relative_to(ROOT).parts[0]
    ours = [module for module in imported(parsed(path)) if module.split(".")[0] in (*PACKAGES, "tests")]
    assert [module for module in ours if not within(module, ALLOWED[package])] == []


@pytest.mark.parametrize("path", [path for path in MODULES if "casework" in path.parts], ids=name_of)
def test_casework_needs_the_standard_library_only_and_neither_reads_nor_prints_nor_logs_nor_knows_the_time(path):
    tree = parsed(path)
    roots = {module.split(".")[0] for module in imported(tree)}
    calls = set(called(tree))
    assert roots <= {*sys.stdlib_module_names, "casework"}
    assert not roots & {"logging", "time", "os", "io", "pathlib", "socket", "subprocess", "random"}
    assert not {name for owner, name in calls if not owner} & {"open", "print", "input"}
    assert not {(owner, name) for owner, name in calls if owner in CLOCK_OWNERS and name in CLOCKS}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_importing_a_module_makes_no_app_registry_model_engine_or_connection(path):
    made = {name for node in run_at_import(parsed(path).body) for _, name in called(node)}
    assert made & (LIVING - allowed_in(path)) == set()


def allowed_in(path: Path) -> set[str]:
    """FastAPI's routers are lists of routes: they hold nothing and may stand at the top of a module of the web."""
    return {"APIRouter"} if "web" in path.parts else set()


def arrows(page: str) -> dict[str, set[str]]:
    """What each package may import beside itself, as the first code block of docs/architecture.md draws it."""
    drawn = page.split("```")[1].strip().splitlines()
    found = {}
    for line in drawn:
        package, told = line.partition("/")[0], line.rpartition("->")[2] if "->" in line else ""
        spelt = re.sub(r"(\w+\.)\{(.+?)\}", lambda part: ", ".join(part[1] + name for name in part[2].split(",")), told)
        names = spelt.replace("everything", ", ".join(PACKAGES)).split(", ")
        found[package] = {name.strip() for name in names} - {package, ""}
    return found


def test_the_page_draws_the_arrows_that_are_kept():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert arrows(page) == {package: set(names) - {package} for package, names in ALLOWED.items()}


def test_the_page_is_read_with_every_name_of_an_arrow():
    drawn = "```\na/   the law\nb/   text -> a, c.{d,e}\ncli/   -> everything\n```"
    assert arrows(drawn) == {"a": set(), "b": {"a", "c.d", "c.e"}, "cli": set(PACKAGES) - {"cli"}}


def test_the_checks_see_what_they_are_meant_to_see():
    source = "import streams.watch\nfrom desk import web\nx = faust.App('a')\ndef f(a=create_engine('b')): Gauge()"
    tree = ast.parse(source)
    assert list(imported(tree)) == ["streams.watch", "desk.web"]
    assert not within("streams.watch", ALLOWED["desk"])
    assert {name for node in run_at_import(tree.body) for _, name in called(node)} == {"App", "create_engine"}
