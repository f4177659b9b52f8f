"""The alert rules are rules that Prometheus takes, fire when their tests say, and name only what is exported."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import promql_parser
import pytest
import yaml

from cli.catalogue import series_names
from cli.observability.__main__ import generate
from cli.observability.table import TableError, read_table
from cli.settings import HERE

PROMETHEUS = HERE / "deploy" / "prometheus"
RULES = sorted((PROMETHEUS / "rules").glob("*.yml"))
RUNBOOK = HERE / "deploy" / "runbook.md"
VIETNAMESE = re.compile("[ăâđêôơưáàảãạếềểễệốồổỗộớờởỡợứừửữựấầẩẫậắằẳẵặíìỉĩịóòỏõọúùủũụýỳỷỹỵ]", re.IGNORECASE)
needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool: apt-get install prometheus")
EXPECTATION = re.compile(r'expr: count\(ALERTS\{[^}]*alertname="(\w+)"[^}]*\}\)\n.*\n\s+exp_samples: (.*)')


def promtool(*arguments: str | Path) -> str:
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rules_of(path: Path) -> list[dict[str, object]]:
    return [rule for group in yaml.safe_load(path.read_text("utf-8"))["groups"] for rule in group["rules"]]


ALERTS = [rule for path in RULES for rule in rules_of(path) if "alert" in rule]
RECORDED = {rule["record"] for path in RULES for rule in rules_of(path) if "record" in rule}


@needs_promtool
@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_prometheus_takes_the_rules(path: Path) -> None:
    promtool("check", "rules", "--lint=all", "--lint-fatal", path)


@pytest.fixture(scope="module")
def judged() -> Iterator[Mapping[Path, subprocess.Popen[str]]]:
    """The tests of every rule file, at work at once: each takes a core for many seconds."""
    with ExitStack() as stack:
        yield {
            path: stack.enter_context(subprocess.Popen(
                ["promtool", "test", "rules", PROMETHEUS / "tests" / path.name],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            ))
            for path in RULES
        }  # fmt: skip


@needs_promtool
@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_each_rule_file_has_a_test_beside_it_that_holds(
    path: Path, judged: Mapping[Path, subprocess.Popen[str]]
) -> None:
    said, _ = judged[path].communicate()
    assert judged[path].returncode == 0, said
    assert "SUCCESS" in said


def expected(path: Path) -> list[tuple[str, str]]:
    """Which alerts the test beside a rule file asks for, and what it is to find."""
    return EXPECTATION.findall((PROMETHEUS / "tests" / path.name).read_text("utf-8"))


def test_each_burn_rate_of_each_service_level_is_seen_to_fire() -> None:
    path = PROMETHEUS / "rules" / "service_levels.yml"
    pages = {(str(rule["alert"]), rule["labels"]["window"]) for rule in rules_of(path)
             if "alert" in rule and rule["labels"]["severity"] == "page"}  # fmt: skip
    text = (PROMETHEUS / "tests" / path.name).read_text("utf-8")
    seen = re.findall(r'alertname="(\w+)", severity="page", window="(\w+)".*\n.*\n\s+exp_samples: \[\{', text)
    assert set(seen) == pages
    tickets = {name for name, samples in expected(path) if samples != "[]"}
    assert tickets == {name for name, _ in pages}


@pytest.mark.parametrize("path", [PROMETHEUS / "rules" / f"{name}.yml" for name in ("system", "business")])
def test_each_alert_is_tested_both_firing_and_still(path: Path) -> None:
    said = expected(path)
    fires = {name for name, samples in said if samples != "[]"}
    still = {name for name, samples in said if samples == "[]"}
    names = {str(rule["alert"]) for rule in rules_of(path)}
    # the urgent one is still in the case of all alerts together; the watchdog never is
    assert fires == names
    assert still >= names - {"LangNgheWatchdog", "LangNgheFeedbackOverdue", "LangNgheCorrectedShare"}


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_rules_ask_only_for_what_is_exported_or_recorded(path: Path) -> None:
    known = series_names().keys() | RECORDED | {"up"}
    for rule in rules_of(path):
        expression = str(rule["expr"])
        promql_parser.parse(expression)
        assert set(re.findall(r"\blangnghe[a-z_:0-9]+", re.sub(r'"[^"]*"', "", expression))) <= known


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_rules_ask_how_a_counter_grew_for_its_value_falls_to_0_with_its_process(path: Path) -> None:
    counters = "|".join(name for name in series_names() if name.endswith(("_total", "_bucket", "_count", "_sum")))
    for rule in rules_of(path):
        asked = re.findall(rf"(\w+\()?({counters})", str(rule["expr"]))
        assert {asking for asking, _ in asked} <= {"increase(", "rate("}


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_each_alert_speaks_vietnamese_and_has_a_severity_and_a_page_that_says_what_to_do(rule: dict) -> None:
    notes = rule["annotations"]
    assert VIETNAMESE.search(notes["summary"])
    assert VIETNAMESE.search(notes["description"])
    assert rule["labels"]["severity"] in {"page", "ticket", "none"}
    assert notes["runbook_url"].removeprefix("deploy/runbook.md#") in headings()


def headings() -> list[str]:
    """Anchors of the second-level headings, as the comment behind each gives them."""
    return re.findall(r'^## <a id="([a-z0-9-]+)"></a>', RUNBOOK.read_text("utf-8"), re.MULTILINE)


def test_each_page_of_the_runbook_belongs_to_an_alert_and_answers_the_same_questions() -> None:
    anchors = {rule["annotations"]["runbook_url"].partition("#")[2] for rule in ALERTS}
    assert sorted(headings()) == sorted(anchors)
    _, *pages = re.split(r"^## ", RUNBOOK.read_text("utf-8"), flags=re.MULTILINE)
    for page in pages:
        asked = re.findall(r"^\*\*(.+?):\*\*", page, re.MULTILINE)
        assert asked == ["Với người dân", "Xem trước tiên", "Nguyên nhân thường gặp", "Việc phải làm", "Gọi ai"], page


def test_the_committed_files_are_those_that_the_table_makes() -> None:
    for path, content in generate().items():
        assert (HERE / path).read_text("utf-8") == content, f"{path}: python -m cli.observability"


def test_every_threshold_has_a_reason() -> None:
    table = read_table(HERE / "deploy" / "alerts.toml")
    assert all(len(row.reason) > 30 and VIETNAMESE.search(row.reason) for row in (*table.levels, *table.alerts))


@pytest.mark.parametrize("line", ['severity = "shout"', 'audience = "everybody"', 'expr = "up == 0"', 'colour = "red"'])
def test_a_row_that_cannot_be_used_is_refused_by_name(tmp_path: Path, line: str) -> None:
    words = "".join(f'{name} = "x"\n' for name in ("summary", "description", "anchor", "reason"))
    given = {"severity": "page", "expr": "up == {threshold}", "for": "1m"}
    given.pop(line.partition(" ")[0], None)
    row = "".join(f'{name} = "{value}"\n' for name, value in given.items())
    path = tmp_path / "alerts.toml"
    path.write_text(f'level = []\n[[alert]]\nname = "Bad"\nthreshold = 1\n{words}{row}{line}\n')
    with pytest.raises(TableError, match="Bad"):
        read_table(path)
