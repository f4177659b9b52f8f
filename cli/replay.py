"""`langnghe replay`: a file of envelopes, national payloads or plain texts, one a line, onto the intake topics."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from casework.errors import InvalidField
from cli.outgoing import Outgoing
from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.refusals import Refusal, finish, refusals_of, write_refusals
from cli.say import refused, settings_of
from streams import codec
from streams.codec import InvalidInput
from streams.codec.dossiers import TYPE as STATUS_CHANGED
from streams.codec.errors import invalid
from streams.codec.feedback import RECEIVED, feedback_id
from streams.codec.sources import REPLAY
from streams.topics import Topics

PERSONAL = frozenset({"ChuHoSo", "SoGiayToChuHoSo", "MaDoiTuong", "Email", "SoDienThoai", "TrichYeuHoSo"})
FileArgument = Annotated[Path, typer.Argument(help="Tệp JSON lines: mỗi dòng một sự kiện, một hồ sơ hoặc {id, text}")]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Gửi xong là kết thúc, không chờ xử lý")]


def commands(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    app.command("replay")(replay)


def replay(
    file: FileArgument, no_wait: NoWait = False, data: DataOption = DATA, port_base: PortBase = PORT_BASE
) -> None:
    """Phát lại một tệp sự kiện, hồ sơ hoặc văn bản vào hệ thống."""
    from cli.feeding import feed, wait_until_seen  # noqa: PLC0415 - brings in Kafka and the database

    settings = settings_of(data, port_base)
    reading = Reading(file, settings.topics, datetime.now(UTC))
    messages = list(reading)
    if message := write_refusals(file, reading.refusals):
        typer.echo(message, err=True)
    if messages:
        sent = feed(settings, messages, len(messages))
        if not no_wait:
            wait_until_seen(settings, sent, len(messages))
    done = f"{len(messages)} mục đã gửi." if no_wait else told(messages, settings.topics)
    finish(len(messages), len(reading.refusals), done)


def told(messages: list[Outgoing], topics: Topics) -> str:
    """How much has arrived; feedback is one figure, whatever lane it went to."""
    texts = sum(message.topic == topics.feedback_intake for message in messages)
    parts = [f"{texts} mục đã phân loại"] if texts else []
    if events := len(messages) - texts:
        parts.append(f"{events} sự kiện hồ sơ đã tính thời hạn")
    return "; ".join(parts) + "."


@dataclass(slots=True)
class Reading:
    """The messages of a file; what cannot be read gathers in `refusals`."""

    file: Path
    topics: Topics
    now: datetime
    refusals: list[Refusal]

    def __init__(self, file: Path, topics: Topics, now: datetime) -> None:
        self.file, self.topics, self.now, self.refusals = file, topics, now, []

    def __iter__(self) -> Iterator[Outgoing]:
        for number, line in enumerate(_lines(self.file), 1):
            if not line.strip():
                continue
            try:
                yield read_line(line, f"{self.file.name}:{number}", self.topics, self.now)
            except InvalidInput as error:
                self.refusals += refusals_of(number, error.errors)


def _lines(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as lines:
            yield lines.readline().removeprefix(b"\xef\xbb\xbf")
            yield from lines
    except OSError:
        raise refused(f"Không mở được tệp {file}; hãy kiểm tra đường dẫn.") from None


def read_line(line: bytes, name: str, topics: Topics, now: datetime) -> Outgoing:
    """The message that a line stands for; `name` is what a text without an id is named after. Raises InvalidInput."""
    found = codec.decode_object(line)
    if codec.is_envelope(found):
        return _envelope(line.strip(), found, topics)
    if "text" in found:
        return _text(found, name, topics, now)
    return _national(line, found, topics)


def _envelope(line: bytes, found: Mapping[str, Any], topics: Topics) -> Outgoing:
    match found.get("type"):
        case "dossier.status_changed":
            return Outgoing(topics.dossier_intake, codec.admit(line).dossier_code.encode(), line)
        case "feedback.received":
            return Outgoing(topics.feedback_intake, codec.admit_received(line, "")[0].encode(), line)
    raise invalid("type", "unknown_type", f"loại sự kiện phải là “{STATUS_CHANGED}” hoặc “{RECEIVED}”")


def _text(found: Mapping[str, Any], name: str, topics: Topics, now: datetime) -> Outgoing:
    given = str(found.get("id") or found.get("feedback_id") or name)
    fields = {"channel": "portal"} | {key: value for key, value in found.items() if value is not None}
    received = codec.parse_received(fields | {"feedback_id": _valid(given) or codec.stable_id(REPLAY, given)})
    value = codec.encode_received(received, id=given, source=REPLAY, at=now)
    return Outgoing(topics.feedback_intake, (received.feedback_id or "").encode(), value)


def _valid(id_: str) -> str | None:
    try:
        return feedback_id("id", id_)
    except InvalidField:
        return None


def _national(line: bytes, found: Mapping[str, Any], topics: Topics) -> Outgoing:
    """A bare payload in an envelope that names us as its source; who the dossier is about stays behind."""
    event = codec.admit(line)
    data = {name: value for name, value in found.items() if name not in PERSONAL}
    value = codec.encode_envelope(
        id=event.id, source=REPLAY, type=STATUS_CHANGED, subject=event.dossier_code, time=event.transition.at, data=data
    )
    return Outgoing(topics.dossier_intake, event.dossier_code.encode(), value)
