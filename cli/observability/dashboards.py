"""Grafana dashboards from the panels, by grafana-foundation-sdk: JSON that is committed and provisioned."""

import json
from collections.abc import Mapping

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.builders import prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import DashboardLinkType, DynamicConfigValue, GridPos, VariableRefresh

from casework import labels
from cli.observability.boards_of_running import BOARDS_OF_RUNNING
from cli.observability.boards_of_work import BOARDS_OF_WORK
from cli.observability.panels import PREFIX, Board, Panel

BOARDS = (*BOARDS_OF_WORK, *BOARDS_OF_RUNNING)

SOURCE = DataSourceRef(type_val="prometheus", uid="langnghe-prometheus")
WIDTH, HEIGHT, NUMBER_WIDTH, NUMBER_HEIGHT = 12, 8, 6, 4
WAYS = {"dossier": "Hồ sơ", "feedback": "Phản ánh", "classify": "Phân loại"}
UNKNOWN = {"unknown": "Chưa rõ"}
WORDS: Mapping[str, Mapping[str, str]] = {  # what people read in place of the codes of a label
    "alert": {**labels.ALERTS, "none": "Trong hạn"},
    "domain": {**labels.DOMAINS, **UNKNOWN},
    "urgency": {**labels.URGENCIES, **UNKNOWN},
    "channel": {**labels.CHANNELS, **UNKNOWN},
    "level": {**labels.LEVELS, **UNKNOWN},
    "standing": {**labels.STANDINGS, "none": "Không đánh giá"},
    "duty": labels.DUTIES,
    "rule": labels.VIOLATIONS,
    "kind": WAYS,
    "way": WAYS,
}
LINKS = {
    "Trang Theo dõi, đôn đốc": "${trang}/theo-doi",
    "Màn hình giám sát": "${trang}/giam-sat",
    "Sổ tay xử lý cảnh báo": "${so_tay}",
}
ADDRESSES = {"trang": "http://127.0.0.1:8000", "so_tay": "deploy/runbook.md"}  # the province's own, set in Grafana


def dashboard_files() -> dict[str, str]:
    """Every dashboard by the name of its file."""
    return {f"{PREFIX}{board.code}.json": _json(board) for board in BOARDS}


def _json(board: Board) -> str:
    return json.dumps(_board(board).build(), cls=JSONEncoder, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _board(board: Board) -> build.Dashboard:
    made = build.Dashboard(f"Lắng Nghe · {board.title}").uid(PREFIX + board.code).tags(["langnghe"]).readonly()
    made = made.timezone("Asia/Ho_Chi_Minh").refresh("30s").time("now-24h", "now")
    for title, url in LINKS.items():
        made = made.link(build.DashboardLink(title).type(DashboardLinkType.LINK).url(url).target_blank(True))
    for name, value in ADDRESSES.items():
        made = made.with_variable(build.ConstantVariable(name).value(value))
    if board.agency:
        made = made.with_variable(_agency())
    x = y = 0
    for number, panel in enumerate(board.panels, 1):
        width, height = (NUMBER_WIDTH, NUMBER_HEIGHT) if panel.number else (WIDTH, HEIGHT)
        if x + width > 2 * WIDTH:
            x, y = 0, y + HEIGHT
        made = made.with_panel(_panel(panel, number, GridPos(h=height, w=width, x=x, y=y)))
        x += width
    return made


def _agency() -> build.QueryVariable:
    query = "label_values(langnghe_agency_open_dossiers, agency)"
    chosen = build.QueryVariable("agency").label("Đơn vị").datasource(SOURCE).query(query)
    return chosen.refresh(VariableRefresh.ON_TIME_RANGE_CHANGED).include_all(True).all_value(".+").multi(True)


def _panel(panel: Panel, number: int, place: GridPos) -> stat.Panel | timeseries.Panel:
    made = stat.Panel() if panel.number else timeseries.Panel()
    made = made.id(number).title(panel.title).description(panel.description).unit(panel.unit)
    made = made.datasource(SOURCE).grid_pos(place).no_value(panel.may_be_empty or "Chưa có số liệu")
    for letter, (query, legend) in zip("ABCD", panel.queries, strict=False):
        asked = prometheus.Dataquery().ref_id(letter).expr(query).legend_format(legend).datasource(SOURCE)
        made = made.with_target(asked.instant() if panel.number else asked.range())
    for _, legend in panel.queries:
        label = legend.removeprefix("{{").partition("}}")[0]
        for code, words in WORDS.get(label, {}).items():
            shown = legend.replace(f"{{{{{label}}}}}", code)
            named = DynamicConfigValue(id_val="displayName", value=legend.replace(f"{{{{{label}}}}}", words))
            made = made.override_by_name(shown, [named])
    return made
