"""`langnghe due`, `explain`, `calendar`: deadlines and why they are what they are."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from click import get_binary_stream

from casework.calendar import VIETNAM
from casework.counting import Limit, Style, Unit, due, explain
from casework.errors import InvalidField
from cli.calendar_commands import calendar_commands
from cli.lines import BadLine, Readable, Record, answer_lines
from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.rules import load_rules
from cli.say import refused, settings_of

if TYPE_CHECKING:
    from casework.rules import Rules

CaseArgument = Annotated[str, typer.Argument(help="Mã hồ sơ hoặc mã phản ánh")]


def commands(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    app.command("due")(due_lines)
    app.command("explain")(explain_case)
    app.add_typer(calendar_commands(), name="calendar")


def due_lines(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Tính hạn: mỗi dòng vào là {"id","start","amount","unit"}, mỗi dòng ra là hạn và lời giải thích."""
    rules = load_rules(settings_of(data, port_base).rules_directory)
    incoming = cast("Readable", get_binary_stream("stdin"))
    if answer_lines(incoming, get_binary_stream("stdout"), partial(due_answers, rules)):
        raise typer.Exit(1)


def due_answers(rules: "Rules", records: Sequence[Record | BadLine]) -> list[Record | BadLine]:
    """For each record its deadline and explanation, for each that cannot be counted what is wrong with it."""
    return [record if isinstance(record, BadLine) else _due(rules, record) for record in records]


def _due(rules: "Rules", record: Record) -> Record | BadLine:
    try:
        start, limit = _start(record), _limit(record)
        agency = _agency(rules, record.get("agency"))
        calendar, hours = rules.calendar.for_agency(agency), rules.hours_for(agency)
        deadline = due(start, limit, calendar, hours)
        lines = explain(start, limit, calendar, hours, whose=_name(rules, agency))
    except InvalidField as error:
        return BadLine(record["id"], f"{error.field}: {error.message}")
    at = deadline.at.astimezone(VIETNAM).isoformat()
    return {"id": record["id"], "due_at": at, "due_date": deadline.date.isoformat(), "explanation": lines}


def _start(record: Record) -> Any:
    from streams.codec.fields import moment  # noqa: PLC0415 - brings in the wire format, which other commands do without

    if not isinstance(record.get("start"), str):
        raise InvalidField("start", "missing", "thiếu thời điểm bắt đầu; ghi dạng 2026-09-14T08:30:00+07:00")
    return moment("start", record["start"])


def _limit(record: Record) -> Limit:
    amount, style = record.get("amount"), record.get("style")
    if isinstance(amount, bool) or not isinstance(amount, int | float | str):
        raise InvalidField("amount", "missing", "thiếu thời hạn; ghi một số từ 0 trở lên")
    try:
        number = Decimal(str(amount))
    except InvalidOperation:
        raise InvalidField("amount", "not_a_number", "thời hạn phải là một số") from None
    return Limit(number, cast("Unit", record.get("unit")), style=cast("Style", "date" if style is None else style))


def _agency(rules: "Rules", given: object) -> str | None:
    if given is None or isinstance(given, str):
        return rules.agencies.match(given) if given else None
    raise InvalidField("agency", "bad_type", "đơn vị phải là mã hoặc tên trong danh mục")


def _name(rules: "Rules", code: str | None) -> str:
    agency = rules.agencies.get(code) if code else None
    return agency.name if agency else ""


def explain_case(case: CaseArgument, data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Giải thích thời hạn của một hồ sơ hoặc phản ánh, kèm diễn biến."""
    from cli.explaining import explained  # noqa: PLC0415 - brings in the database, which other commands do without
    from cli.read_model import read_model  # noqa: PLC0415 - likewise

    settings = settings_of(data, port_base)
    rules = load_rules(settings.rules_directory)
    with read_model(settings) as connection:
        lines = explained(connection, case, rules)
    if lines is None:
        raise refused(f"Không có hồ sơ hay phản ánh mã “{case}” mà lệnh này được xem; hãy kiểm tra lại mã.")
    typer.echo("\n".join(lines))
