"""`langnghe import dossiers|feedback`: rows of CSV or XLSX, with the names of the contract or the national ones."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from cli.outgoing import Outgoing
from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.refusals import Refusal, finish, refusals_of, write_refusals
from cli.replay import NoWait
from cli.say import refused, settings_of
from cli.settings import Settings
from cli.tables import Row, TableError, read_rows
from streams import codec
from streams.codec import InvalidInput, Received, StatusChanged
from streams.codec.dossiers import ALIASES
from streams.topics import Topics

SOURCE = "/langnghe/import"
DOSSIER_DATES = ("occurred_at", "received_at", "due_at", "finished_at", "rescheduled_to", "apologised_at",
                 "step_due_at",
                 "ThoiDiemXuLy", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayNopHoSo", "NgayTuChoi",
                 "NgayTra", "NgayKetThucTheoQuyDinh")  # fmt: skip
DOSSIER_COLUMNS = (*ALIASES, *(name for names in ALIASES.values() for name in names), "level", *DOSSIER_DATES)
REPORTER = ("name", "phone", "email", "address")
FEEDBACK_COLUMNS = (*Received.__struct_fields__, *(f"reporter_{part}" for part in REPORTER),
                    *(f"reporter.{part}" for part in REPORTER))  # fmt: skip
FEEDBACK_DATES = ("received_at",)
YES = frozenset({"1", "true", "x", "có", "co", "yes", "đúng"})
NO = frozenset({"0", "false", "không", "khong", "no", "sai"})

FileArgument = Annotated[Path, typer.Argument(help="Tệp .csv hoặc .xlsx, dòng đầu là tên cột")]
ReadRow = Callable[[Row, str, Topics], Outgoing]


def commands(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    group = typer.Typer(help="Nhập hồ sơ hoặc phản ánh từ tệp CSV, XLSX", no_args_is_help=True)
    group.command("dossiers")(import_dossiers)
    group.command("feedback")(import_feedback)
    app.add_typer(group, name="import")


def import_dossiers(
    file: FileArgument, no_wait: NoWait = False, data: DataOption = DATA, port_base: PortBase = PORT_BASE
) -> None:
    """Nhập trạng thái hồ sơ: mỗi dòng một lần đổi trạng thái."""
    _import(Table(file, DOSSIER_COLUMNS, DOSSIER_DATES, dossier_row), settings_of(data, port_base), not no_wait)


def import_feedback(
    file: FileArgument, no_wait: NoWait = False, data: DataOption = DATA, port_base: PortBase = PORT_BASE
) -> None:
    """Nhập phản ánh, kiến nghị: mỗi dòng một phản ánh."""
    read = partial(feedback_row, now=datetime.now(UTC))
    _import(Table(file, FEEDBACK_COLUMNS, FEEDBACK_DATES, read), settings_of(data, port_base), not no_wait)


@dataclass(slots=True)
class Table:
    """A file, what its columns may be called, and how a row becomes a message; `refusals` gathers what cannot."""

    file: Path
    columns: tuple[str, ...]
    dates: tuple[str, ...]
    read: ReadRow
    refusals: list[Refusal] = field(default_factory=list)

    def messages(self, topics: Topics) -> Iterator[Outgoing]:
        """One message for each good row. Raises TableError."""
        for number, row in read_rows(self.file, self.columns, self.dates):
            try:
                yield self.read(row, f"{self.file.name}:{number}", topics)
            except InvalidInput as error:
                self.refusals += refusals_of(number, error.errors)


def _import(table: Table, settings: Settings, wait: bool) -> None:
    from cli.feeding import feed, wait_until_seen  # noqa: PLC0415 - brings in Kafka and the database

    try:
        messages = list(table.messages(settings.topics))
    except TableError as error:
        raise refused(f"{table.file}: {error}") from None
    if message := write_refusals(table.file, table.refusals):
        typer.echo(message, err=True)
    if messages:
        sent = feed(settings, messages, len(messages))
        if wait:
            wait_until_seen(settings, sent, len(messages))
    finish(len(messages), len(table.refusals), f"{len(messages)} dòng đã nhập.")


def dossier_row(row: Row, _name: str, topics: Topics) -> Outgoing:
    """The event of a row, named by what it says, as a bare national payload is. Raises InvalidInput."""
    code, transition = codec.parse_status_changed({name: _plain(value) for name, value in row.items()})
    id_ = codec.stable_id(code, transition.status, transition.at.isoformat())
    value = codec.encode_event(StatusChanged(id_, SOURCE, code, transition))
    return Outgoing(topics.dossier_intake, code.encode(), value)


def _plain(value: Any) -> Any:
    """Cells of codes may be numbers; moments are read from their digits."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def feedback_row(row: Row, name: str, topics: Topics, *, now: datetime) -> Outgoing:
    """The feedback of a row. Raises InvalidInput.

    Without a `feedback_id` it is named after the file, the line and what it says: importing a file again adds nothing,
    and another file of the same name loses nothing.
    """
    named = codec.stable_id(SOURCE, name, msgspec.json.encode(dict(row), order="sorted").decode())
    received = codec.parse_received({"feedback_id": named} | feedback_fields(row))
    value = codec.encode_received(received, id=named, source=SOURCE, at=now)
    return Outgoing(topics.feedback_intake, (received.feedback_id or named).encode(), value)


def feedback_fields(row: Row) -> dict[str, Any]:
    """Cells as fields of `feedback.received`: numbers, yes and no, links, the parts of the reporter as one."""
    found: dict[str, Any] = {name: _feedback_cell(name, value) for name, value in row.items() if "reporter" not in name}
    reporter = _reporter(row)
    return found | ({"reporter": reporter} if reporter else {})


def _feedback_cell(name: str, value: Any) -> Any:
    text = str(value).strip()
    match name:
        case "latitude" | "longitude":
            return _number(value)
        case "anonymous":
            return True if text.casefold() in YES else False if text.casefold() in NO else value
        case "attachments":
            return re.split(r"[\s;]+", text)
        case _:
            return text


def _number(value: Any) -> Any:
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        return value


def _reporter(row: Mapping[str, Any]) -> dict[str, str]:
    parts = {part: row.get(f"reporter_{part}") or row.get(f"reporter.{part}") for part in REPORTER}
    parts["name"] = parts["name"] or row.get("reporter")
    return {part: str(value) for part, value in parts.items() if value}
