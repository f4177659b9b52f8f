"""Grafana dashboards from the panels, by grafana-foundation-sdk: JSON that is committed and provisioned."""

import json
from collections.abc import Mapping
from typing import TypeAlias

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.builders import prometheus, stat, table, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import (
    DashboardLinkType,
    DataTransformerConfig,
    DynamicConfigValue,
    GridPos,
    ValueMap,
    ValueMappingResult,
    VariableRefresh,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from casework import labels
from casework.agencies import Agencies
from cli.observability.boards_of_running import BOARDS_OF_RUNNING
from cli.observability.boards_of_work import BOARDS_OF_WORK
from cli.observability.panels import PREFIX, Board, Panel
from cli.observability.table import Addresses

BOARDS = (*BOARDS_OF_WORK, *BOARDS_OF_RUNNING)

SOURCE = DataSourceRef(type_val="prometheus", uid="langnghe-prometheus")
WIDTH, HEIGHT, NUMBER_WIDTH, NUMBER_HEIGHT = 12, 8, 6, 4
WAYS = {"dossier": "Hồ sơ", "feedback": "Phản ánh", "classify": "Phân loại"}
UNKNOWN = {"unknown": "Chưa rõ"}
Words: TypeAlias = Mapping[str, Mapping[str, str]]
WORDS: Words = {  # what people read in place of the codes of a label
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
    "severity": {"page": "Gấp", "ticket": "Việc cần làm"},
}
LINKS = {
    "Trang Theo dõi, đôn đốc": "${trang}/theo-doi",
    "Màn hình giám sát": "${trang}/giam-sat",
    "Sổ tay xử lý cảnh báo": "${so_tay}",
}
Made: TypeAlias = stat.Panel | table.Panel | timeseries.Panel


def dashboard_files(addresses: Addresses, headings: Mapping[str, str], agencies: Agencies) -> dict[str, str]:
    """Every dashboard by the name of its file; `headings` are those of the runbook by anchor."""
    names = {agency.code: agency.name for agency in agencies}
    words = {**WORDS, "agency": names | UNKNOWN, "runbook": headings}
    return {f"{PREFIX}{board.code}.json": _json(board, addresses, words) for board in BOARDS}


def _json(board: Board, addresses: Addresses, words: Words) -> str:
    made = _board(board, addresses, words).build()
    return json.dumps(made, cls=JSONEncoder, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _board(board: Board, addresses: Addresses, words: Words) -> build.Dashboard:
    made = build.Dashboard(f"Lắng Nghe · {board.title}").uid(PREFIX + board.code).tags(["langnghe"]).readonly()
    made = made.timezone("Asia/Ho_Chi_Minh").refresh("30s").time("now-24h", "now")
    for title, url in LINKS.items():
        made = made.link(_link(title, url))
    for name, value in (("trang", addresses.web), ("so_tay", addresses.runbook)):
        made = made.with_variable(build.ConstantVariable(name).value(value))
    if board.agency:
        made = made.with_variable(_agency())
    x = y = 0
    for number, panel in enumerate(board.panels, 1):
        width, height = (NUMBER_WIDTH, NUMBER_HEIGHT) if panel.number else (WIDTH, HEIGHT)
        if x + width > 2 * WIDTH:
            x, y = 0, y + HEIGHT
        made = made.with_panel(_panel(panel, number, GridPos(h=height, w=width, x=x, y=y), words))
        x += width
    return made


def _link(title: str, url: str) -> build.DashboardLink:
    return build.DashboardLink(title).type(DashboardLinkType.LINK).url(url).target_blank(True)


def _agency() -> build.QueryVariable:
    query = "label_values(langnghe_agency_open_dossiers, agency)"
    chosen = build.QueryVariable("agency").label("Đơn vị").datasource(SOURCE).query(query)
    return chosen.refresh(VariableRefresh.ON_TIME_RANGE_CHANGED).include_all(True).all_value(".+").multi(True)


def _panel(panel: Panel, number: int, place: GridPos, words: Words) -> Made:
    made: Made = stat.Panel() if panel.number else table.Panel() if panel.columns else timeseries.Panel()
    made = made.id(number).title(panel.title).description(panel.description).unit(panel.unit)
    made = made.datasource(SOURCE).grid_pos(place).no_value(panel.may_be_empty or "Chưa có số liệu")
    if panel.values:
        made = made.mappings([ValueMap({str(value): ValueMappingResult(text) for value, text in panel.values})])
    if panel.page:
        made = made.data_links([_link("Mở danh sách trên trang Lắng Nghe", "${trang:raw}" + panel.page)])
    for letter, (query, legend) in zip("ABCD", panel.queries, strict=False):
        asked = prometheus.Dataquery().ref_id(letter).expr(query).legend_format(legend).datasource(SOURCE)
        asked = asked.format(PromQueryFormat.TABLE) if panel.columns else asked
        made = made.with_target(asked.range() if isinstance(made, timeseries.Panel) else asked.instant())
    if isinstance(made, table.Panel):
        return _columns(made, panel, words)
    for _, legend in panel.queries:
        label = legend.removeprefix("{{").partition("}}")[0]
        for code, text in words.get(label, {}).items():
            shown = legend.replace(f"{{{{{label}}}}}", code)
            named = DynamicConfigValue(id_val="displayName", value=legend.replace(f"{{{{{label}}}}}", text))
            made = made.override_by_name(shown, [named])
    return made


def _columns(made: table.Panel, panel: Panel, words: Words) -> table.Panel:
    order = {name: number for number, name in enumerate([label for label, _ in panel.columns] + ["Value"])}
    organised = {"excludeByName": {"Time": True}, "indexByName": order, "renameByName": {}}
    made = made.with_transformation(DataTransformerConfig(id_val="organize", options=organised))
    for label, heading in panel.columns:
        looks: dict[str, object] = {"displayName": heading, "mappings": [_mapping(words.get(label, {}))]}
        if label == "runbook":
            looks["links"] = [_link("Mở sổ tay", "${so_tay:raw}#${__value.raw}").build()]
        made = made.override_by_name(label, _values(looks))
    return made.override_by_name("Value", _values({"displayName": "Từ lúc", "unit": "dateTimeAsLocal"}))


def _mapping(words: Mapping[str, str]) -> dict[str, object]:
    return {"type": "value", "options": {code: {"text": text} for code, text in words.items()}}


def _values(looks: Mapping[str, object]) -> list[DynamicConfigValue]:
    return [DynamicConfigValue(id_val=name, value=value) for name, value in looks.items()]
