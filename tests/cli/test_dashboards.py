"""Every dashboard is one that Grafana can load, asks only for what is exported, and speaks Vietnamese."""

import csv
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
from tests.support.boards import asked
from tests.support.desk import TestDesk

FOLDER = HERE / "deploy" / "grafana" / "dashboards"
RULES = sorted((HERE / "deploy" / "prometheus" / "rules").glob("*.yml"))
FILES = {path.rpartition("/")[2]: content for path, content in generate().items() if "/dashboards/" in path}
PANELS = [(board, panel) for board in BOARDS for panel in board.panels]
VIETNAMESE = re.compile("[ăâđêôơưáàảãạếềểễệốồổỗộớờởỡợứừửữựấầẩẫậắằẳẵặíìỉĩịóòỏõọúùủũụýỳỷỹỵ]", re.IGNORECASE)


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
    files = [yaml.safe_load(path.read_text()) for path in RULES]
    rules = [rule for file in files for group in file["groups"] for rule in group["rules"]]
    for rule in (rule for rule in rules if "alert" in rule):
        anchor = rule["labels"]["runbook"]
        assert rule["annotations"]["runbook_url"].partition("#")[2] == anchor
        assert f'## <a id="{anchor}"></a>{shown[anchor]["text"]}\n' in (HERE / "deploy" / "runbook.md").read_text()


FIRES = {  # since minute 6
    "toan-tinh": ("17m", '{runbook="ho-so-phai-xin-loi", severity="ticket", agency="LG.SYT"}'),
    "he-thong": ("9m", '{runbook="tien-trinh-khong-tra-loi", severity="page", process="lag"}'),
}
GIVEN = {  # of each pair the second is wrong for too short a time to fire at that minute
    'up{job="langnghe", process="lag"}': "1x5 0x20",
    'up{job="langnghe", process="web"}': "1x7 0x20",
    'langnghe_agency_open_dossiers{agency="LG.SYT", alert="apology_due"}': "0x5 1x20",
    'langnghe_agency_open_dossiers{agency="LG.SXD", alert="apology_due"}': "0x15 1x20",
    'langnghe_partition_owned{kind="dossier", partition="0"}': "1x20",
}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="sh deploy/install-system.sh prometheus")
@pytest.mark.parametrize("board", FIRES)
def test_an_alert_list_tells_what_fires_since_when_and_neither_the_watchdog_nor_what_only_may_fire(
    tmp_path: Path, board: str
) -> None:
    [(query, _)] = next(panel.queries for code, panel in ALERT_LISTS if code == board)
    minute, fires = FIRES[board]
    series = [{"series": name, "values": values} for name, values in GIVEN.items()]
    asked = {"expr": query, "eval_time": minute, "exp_samples": [{"labels": fires, "value": 360_000}]}
    given = {"rule_files": [str(path) for path in RULES], "evaluation_interval": "1m",
             "tests": [{"interval": "1m", "input_series": series, "promql_expr_test": [asked]}]}  # fmt: skip
    (tmp_path / "test.yml").write_text(json.dumps(given))
    subprocess.run(["promtool", "test", "rules", tmp_path / "test.yml"], check=True)


def test_the_runbook_sends_people_to_panels_that_there_are() -> None:
    titles = {board.title: {panel.title for panel in board.panels} for board in BOARDS}
    sent = re.findall(r"Bảng ([^:\n]+):([^;.\n]+)", (HERE / "deploy" / "runbook.md").read_text("utf-8"))
    named = {board: set(re.findall("“([^”]+)”", rest)) for board, rest in sent}
    assert named.keys() == {"Hệ thống", "Theo đơn vị"}
    assert all(re.search("“[^”]+”", rest) for _, rest in sent)
    assert not [(board, found - titles[board]) for board, found in named.items() if found - titles[board]]


@pytest.mark.parametrize(("board", "title"), [("don-vi", "Tỷ lệ quá hạn, đơn vị có từ 30 hồ sơ"),
                                              ("han-xin-loi", "Phải xin lỗi theo đơn vị")])  # fmt: skip
def test_agencies_are_called_by_the_names_of_the_province(board: str, title: str) -> None:
    [panel] = [panel for panel in json.loads(FILES[f"langnghe-{board}.json"])["panels"] if panel["title"] == title]
    called = {one["matcher"]["options"]: one["properties"][0]["value"] for one in panel["fieldConfig"]["overrides"]}
    agencies = csv.DictReader((HERE / "casework" / "data" / "agencies.csv").read_text("utf-8").splitlines())
    assert called == {row["code"]: row["name"] for row in agencies} | {"unknown": "Chưa rõ"}


def test_whether_a_process_answers_is_said_in_words() -> None:
    [panel] = [panel for panel in json.loads(FILES["langnghe-he-thong.json"])["panels"]
               if panel["targets"][0]["expr"] == 'up{job="langnghe"}']  # fmt: skip
    [mapping] = panel["fieldConfig"]["defaults"]["mappings"]
    assert mapping == {"type": "value", "options": {"0": {"text": "không trả lời"}, "1": {"text": "đang chạy"}}}


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
