"""Every dashboard is one that Grafana can load, asks only for what is exported, and speaks Vietnamese."""

import json
import re
import shutil
import subprocess
from functools import reduce
from pathlib import Path

import promql_parser
import pytest
import yaml
from grafana_foundation_sdk.models.dashboard import Dashboard

from cli.catalogue import series_names
from cli.observability.__main__ import generate
from cli.observability.dashboards import BOARDS
from cli.observability.panels import RATE, grown
from cli.settings import HERE
from tests.support.desk import TestDesk

FOLDER = HERE / "deploy" / "grafana" / "dashboards"
FILES = {path.rpartition("/")[2]: content for path, content in generate().items() if "/dashboards/" in path}
PANELS = [(board, panel) for board in BOARDS for panel in board.panels]
VIETNAMESE = re.compile("[ăâđêôơưáàảãạếềểễệốồổỗộớờởỡợứừửữựấầẩẫậắằẳẵặíìỉĩịóòỏõọúùủũụýỳỷỹỵ]", re.IGNORECASE)


def asked(query: str) -> str:
    """A query as Grafana sends it."""
    return query.replace(RATE, "1m").replace("$agency", ".+")


def test_the_committed_files_are_those_that_the_code_makes() -> None:
    assert {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")} == FILES


@pytest.mark.parametrize("name", FILES)
def test_a_dashboard_keeps_the_rules_of_the_house(name: str) -> None:
    found = json.loads(FILES[name])
    Dashboard.from_json(found)
    assert (found["editable"], found["timezone"], found["uid"]) == (
        False,
        "Asia/Ho_Chi_Minh",
        name.removesuffix(".json"),
    )
    ids = [panel["id"] for panel in found["panels"]]
    assert ids == list(range(1, len(ids) + 1))
    for panel in found["panels"]:
        assert panel["title"]
        assert VIETNAMESE.search(panel["description"])
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert {target["datasource"]["uid"] for target in panel["targets"]} == {"langnghe-prometheus"}
        assert all(
            link["url"].startswith("${trang:raw}/") for link in panel["fieldConfig"]["defaults"].get("links", [])
        )
    assert len(found["links"]) == 3
    assert {one["name"] for one in found["templating"]["list"]} >= {"trang", "so_tay"}


@pytest.mark.parametrize(("board", "panel"), PANELS, ids=[f"{board.code}: {panel.title}" for board, panel in PANELS])
def test_a_panel_asks_for_what_is_exported_and_rates_over_the_scrape_interval(board, panel) -> None:
    for query, _ in panel.queries:
        promql_parser.parse(asked(query))
        bare = re.sub(r'"[^"]*"', "", query)
        assert set(re.findall(r"\blangnghe[a-z_:0-9]+", bare)) <= series_names().keys()
        assert set(re.findall(r"rate\([^)]*\[([^]]+)\]", bare)) <= {RATE}


ALERT_LISTS = [(board.code, panel) for board, panel in PANELS if panel.columns]


def test_the_boards_of_the_province_and_of_the_system_list_what_fires_each_for_its_people() -> None:
    assert [code for code, _ in ALERT_LISTS] == ["toan-tinh", "he-thong"]
    assert ["business" in panel.queries[0][0] for _, panel in ALERT_LISTS] == [True, False]
    assert ["operations" in panel.queries[0][0] for _, panel in ALERT_LISTS] == [False, True]


@pytest.mark.parametrize("name", ["langnghe-toan-tinh.json", "langnghe-he-thong.json"])
def test_each_alert_of_a_list_is_named_as_its_page_of_the_runbook_and_opens_it(name: str) -> None:
    [panel] = [panel for panel in json.loads(FILES[name])["panels"] if panel["type"] == "table"]
    looks = {one["matcher"]["options"]: {look["id"]: look["value"] for look in one["properties"]}
             for one in panel["fieldConfig"]["overrides"]}  # fmt: skip
    assert [link["url"] for link in looks["runbook"]["links"]] == ["${so_tay:raw}#${__value.raw}"]
    shown = looks["runbook"]["mappings"][0]["options"]
    files = [yaml.safe_load(path.read_text()) for path in (HERE / "deploy" / "prometheus" / "rules").glob("*.yml")]
    rules = [rule for file in files for group in file["groups"] for rule in group["rules"]]
    for rule in (rule for rule in rules if "alert" in rule):
        anchor = rule["labels"]["runbook"]
        assert rule["annotations"]["runbook_url"].partition("#")[2] == anchor
        assert f'## <a id="{anchor}"></a>{shown[anchor]["text"]}\n' in (HERE / "deploy" / "runbook.md").read_text()


@pytest.mark.skipif(shutil.which("promtool") is None, reason="sh deploy/install-system.sh prometheus")
def test_an_alert_list_tells_what_fires_since_when_and_neither_the_watchdog_nor_what_only_may_fire(
    tmp_path: Path,
) -> None:
    [(query, _)] = next(panel.queries for code, panel in ALERT_LISTS if code == "he-thong")
    labels = '{runbook="tien-trinh-khong-tra-loi", severity="page", process="lag"}'
    up = [{"series": f'up{{job="langnghe", process="{name}"}}', "values": values}
          for name, values in (("lag", "1x5 0x20"), ("web", "1x7 0x20"))]  # fmt: skip
    up.append({"series": 'langnghe_partition_owned{kind="dossier", partition="0"}', "values": "1x20"})
    asked = {"expr": query, "eval_time": "9m", "exp_samples": [{"labels": labels, "value": 360_000}]}
    given = {"rule_files": [str(HERE / "deploy" / "prometheus" / "rules" / "system.yml")], "evaluation_interval": "1m",
             "tests": [{"interval": "1m", "input_series": up, "promql_expr_test": [asked]}]}  # fmt: skip
    (tmp_path / "test.yml").write_text(json.dumps(given))
    subprocess.run(["promtool", "test", "rules", tmp_path / "test.yml"], check=True)


ROLES = {"/giam-sat": "wall", "/chat-luong-phan-loai": "admin"}
PAGES = sorted({re.sub(r"\$\{__field.labels.(\w+)\}", r"<\1>", panel.page) for _, panel in PANELS if panel.page})


@pytest.mark.parametrize("page", PAGES)
async def test_a_link_of_a_panel_opens_a_page_of_the_web(tmp_path: Path, page: str) -> None:
    desk = TestDesk(tmp_path)
    try:
        path = page.partition("#")[0].replace("<agency>", "LG.SYT").replace("<duty>", "closing_due")
        assert (await desk.ask(ROLES.get(path, "supervisor"), "GET", path)).status_code == 200
    finally:
        desk.close()


COUNTERS = "|".join(name for name in series_names() if name.endswith(("_total", "_bucket", "_count", "_sum")))


@pytest.mark.parametrize(("board", "panel"), PANELS, ids=[f"{board.code}: {panel.title}" for board, panel in PANELS])
def test_a_panel_shows_how_a_counter_grew_for_its_value_falls_to_0_with_its_process(board, panel) -> None:
    for query, _ in panel.queries:
        without = reduce(lambda left, name: left.replace(grown(name), ""), re.findall(COUNTERS, query), query)
        assert {asking for asking, _ in re.findall(rf"(\w+\()?({COUNTERS})", without)} <= {"rate(", "increase("}


def test_panels_do_not_lie_on_each_other() -> None:
    for content in FILES.values():
        taken: set[tuple[int, int]] = set()
        for panel in json.loads(content)["panels"]:
            at = panel["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            assert not cells & taken
            taken |= cells
