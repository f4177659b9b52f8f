"""`langnghe report cuts`: what share of the dossiers ended in a period would have met a shorter limit."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from casework import agencies
from casework.calendar import VIETNAM
from casework.errors import InvalidField
from casework.indicators import cut_share
from casework.labels import LEVELS
from cli.printing import Format, alphabetical, write
from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.rules import load_rules
from cli.say import refused, settings_of

if TYPE_CHECKING:
    from casework.dossiers import DossierState
    from casework.rules import Rules

MOST_PERCENT = 90
UNKNOWN = "Chưa rõ"


class By(StrEnum):
    """What a row of the report is."""

    LEVEL = "level"
    AGENCY = "agency"
    FIELD = "field"


class Map(StrEnum):
    """On which map agencies stand: as they were then, or as they are today, after mergers."""

    REPORTED = "reported"
    TODAY = "today"


FromOption = Annotated[str, typer.Option("--from", help="Đầu kỳ, tính cả thời điểm này: 2026-09-01T00:00:00+07:00")]
ToOption = Annotated[str, typer.Option("--to", help="Cuối kỳ, không tính thời điểm này")]
ByOption = Annotated[By, typer.Option("--by", help="Mỗi dòng là một cấp, đơn vị hay lĩnh vực")]
MapOption = Annotated[Map, typer.Option("--map", help="Đơn vị như đã báo cáo, hay theo địa giới hôm nay")]
FormatOption = Annotated[Format, typer.Option("--format", help="Dạng kết quả; csv và xlsx ghi ra đầu ra chuẩn")]
PercentOption = Annotated[list[int], typer.Option("--percent", help="Mức cắt giảm, ghi được nhiều lần: 20, 30")]


def commands(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    group = typer.Typer(help="Báo cáo từ dữ liệu đang hiển thị", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("cuts")(cuts)
    app.add_typer(group, name="report")


def cuts(  # noqa: PLR0913, PLR0917 - typer makes an option of each
    start: FromOption,
    end: ToOption,
    percent: PercentOption = [20, 30],  # noqa: B006 - typer copies it
    by: ByOption = By.LEVEL,
    map_: MapOption = Map.REPORTED,
    format_: FormatOption = Format.TABLE,
    data: DataOption = DATA,
    port_base: PortBase = PORT_BASE,
) -> None:
    """Tỷ lệ hồ sơ đã xong vẫn kịp hạn nếu thời hạn của thủ tục bị cắt giảm."""
    from cli.read_model import read_model  # noqa: PLC0415 - brings in the database, which other commands do without
    from desk.store.ended import ended_dossiers  # noqa: PLC0415 - likewise

    settings = settings_of(data, port_base)
    rules = load_rules(settings.rules_directory)
    first, last = _moment("--from", start), _moment("--to", end)
    if not all(0 <= one <= MOST_PERCENT for one in percent):
        raise refused(f"--percent phải từ 0 đến {MOST_PERCENT}.")
    if first >= last:
        raise refused("--from phải trước --to.")
    with read_model(settings) as connection:
        table = cut_rows(ended_dossiers(connection, first, last), percent, _row_of(by, map_, rules), rules)
    write(table, format_)


def cut_rows(
    states: "Iterable[DossierState]", percents: Sequence[int], row_of: "Callable[[DossierState], str]", rules: "Rules"
) -> list[dict[str, Any]]:
    """A row per group, and `Cộng` (all) at the end; shares in percent, two decimals.

    Levels stand in their own order, other groups in that of the alphabet, what names none comes last.
    """
    groups: dict[str, list[DossierState]] = defaultdict(list)
    for state in states:
        # A period may have very many dossiers, and their histories weigh most.
        groups[row_of(state)].append(replace(state, transitions=(), holders=(), watch=()))
    everything = [state for group in groups.values() for state in group]
    named = [*((name, groups[name]) for name in sorted(groups, key=_place)), ("Cộng", everything)]
    return [_row(name, group, percents, rules) for name, group in named]


def _place(name: str) -> tuple[bool, int, tuple[tuple[int, ...], str]]:
    levels = list(LEVELS.values())
    return name == UNKNOWN, levels.index(name) if name in levels else len(levels), alphabetical(name)


def _row(name: str, states: "Sequence[DossierState]", percents: Sequence[int], rules: "Rules") -> dict[str, Any]:
    row: dict[str, Any] = {"Nhóm": name, "Đã kết thúc": len(states)}
    for percent in percents:
        found = cut_share(states, percent, rules)
        row["Có thời hạn để xét"] = found.judged
        row[f"Kịp nếu cắt giảm {percent} %"] = found.met
        row[f"Tỷ lệ ở mức {percent} % (%)"] = None if found.share is None else round(100 * found.share, 2)
    return row


def _row_of(by: By, map_: Map, rules: "Rules") -> "Callable[[DossierState], str]":
    today = datetime.now(UTC).astimezone(VIETNAM).date()

    def agency_of(state: "DossierState") -> str | None:
        code = state.agency
        return rules.agencies.restated(code, today) if code and map_ is Map.TODAY else code

    def level_of(state: "DossierState") -> str | None:
        code = agency_of(state)
        listed = rules.agencies.get(code or "") if map_ is Map.TODAY else None
        return rules.agencies.level(listed.code, today) if listed else state.level

    if by is By.FIELD:
        return lambda state: state.field or UNKNOWN
    if by is By.LEVEL:
        return lambda state: LEVELS.get(level_of(state) or "", UNKNOWN)
    return lambda state: _name(agency_of(state), rules)


def _name(code: str | None, rules: "Rules") -> str:
    if code is None or code == agencies.UNKNOWN:
        return UNKNOWN
    return rules.agencies.name(code)


def _moment(option: str, text: str) -> datetime:
    from streams.codec.fields import moment  # noqa: PLC0415 - brings in the wire format, which other commands do without

    try:
        return moment(option, text)
    except InvalidField as error:
        raise refused(f"{option}: {error.message}") from None
