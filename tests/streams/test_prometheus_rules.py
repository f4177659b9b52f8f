"""The alert rules are rules that Prometheus takes, fire when their tests say, and name only what is exported."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.settings import HERE
from desk import metrics as desk_metrics
from streams import metrics

PROMETHEUS = HERE / "deploy" / "prometheus"
RULES = sorted((PROMETHEUS / "rules").glob("*.yml"))
KNOWN = {spec.name for spec in (*metrics.CATALOGUE, *metrics.LAG_CATALOGUE, *desk_metrics.CATALOGUE)}
VIETNAMESE = re.compile("[ăâđêôơưáàảãạếềểễệốồổỗộớờởỡợứừửữựấầẩẫậắằẳẵặíìỉĩịóòỏõọúùủũụýỳỷỹỵ]", re.IGNORECASE)
needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool: apt-get install prometheus")


def promtool(*arguments: str | Path) -> str:
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_promtool
@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_prometheus_takes_the_rules(path: Path) -> None:
    promtool("check", "rules", "--lint=all", "--lint-fatal", path)


@needs_promtool
@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_each_rule_file_has_a_test_beside_it_that_holds(path: Path) -> None:
    assert "SUCCESS" in promtool("test", "rules", PROMETHEUS / "tests" / path.name)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_rules_name_only_metrics_that_are_exported_and_speak_vietnamese(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"langnghe_[a-z_]+", text))
    assert named
    assert named <= KNOWN
    summaries = re.findall(r"summary: (.+)", text)
    assert len(summaries) == text.count("- alert:") == text.count("runbook_url:")
    assert all(VIETNAMESE.search(summary) for summary in summaries)
