"""Every dashboard is one that Grafana can load, asks only for what is exported, and speaks Vietnamese."""

import json
import re
from functools import reduce

import promql_parser
import pytest
from grafana_foundation_sdk.models.dashboard import Dashboard

from cli.catalogue import series_names
from cli.observability.dashboards import BOARDS, dashboard_files
from cli.observability.panels import RATE, grown
from cli.settings import HERE

FOLDER = HERE / "deploy" / "grafana" / "dashboards"
PANELS = [(board, panel) for board in BOARDS for panel in board.panels]
VIETNAMESE = re.compile("[ăâđêôơưáàảãạếềểễệốồổỗộớờởỡợứừửữựấầẩẫậắằẳẵặíìỉĩịóòỏõọúùủũụýỳỷỹỵ]", re.IGNORECASE)


def asked(query: str) -> str:
    """A query as Grafana sends it."""
    return query.replace(RATE, "1m").replace("$agency", ".+")


def test_the_committed_files_are_those_that_the_code_makes() -> None:
    assert {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")} == dashboard_files()


@pytest.mark.parametrize("name", dashboard_files())
def test_a_dashboard_keeps_the_rules_of_the_house(name: str) -> None:
    found = json.loads(dashboard_files()[name])
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
    assert len(found["links"]) == 3


@pytest.mark.parametrize(("board", "panel"), PANELS, ids=[f"{board.code}: {panel.title}" for board, panel in PANELS])
def test_a_panel_asks_for_what_is_exported_and_rates_over_the_scrape_interval(board, panel) -> None:
    for query, _ in panel.queries:
        promql_parser.parse(asked(query))
        bare = re.sub(r'"[^"]*"', "", query)
        assert set(re.findall(r"\blangnghe[a-z_:0-9]+", bare)) <= series_names().keys()
        assert set(re.findall(r"rate\([^)]*\[([^]]+)\]", bare)) <= {RATE}


COUNTERS = "|".join(name for name in series_names() if name.endswith(("_total", "_bucket", "_count", "_sum")))


@pytest.mark.parametrize(("board", "panel"), PANELS, ids=[f"{board.code}: {panel.title}" for board, panel in PANELS])
def test_a_panel_shows_how_a_counter_grew_for_its_value_falls_to_0_with_its_process(board, panel) -> None:
    for query, _ in panel.queries:
        without = reduce(lambda left, name: left.replace(grown(name), ""), re.findall(COUNTERS, query), query)
        assert {asking for asking, _ in re.findall(rf"(\w+\()?({COUNTERS})", without)} <= {"rate(", "increase("}


def test_panels_do_not_lie_on_each_other() -> None:
    for content in dashboard_files().values():
        taken: set[tuple[int, int]] = set()
        for panel in json.loads(content)["panels"]:
            at = panel["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            assert not cells & taken
            taken |= cells
