"""`langnghe dlq`: records that could not be read, and what to do about them."""

from typing import Annotated

import typer

from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.say import refused, settings_of

KeyArgument = Annotated[str, typer.Argument(help="Khóa của bản ghi lỗi: topic/phân vùng/vị trí")]
OptionalKey = Annotated[str, typer.Argument(help="Khóa của bản ghi lỗi: topic/phân vùng/vị trí")]
All = Annotated[bool, typer.Option("--all", help="Gửi lại tất cả")]
WHO = "Chỉ người giữ khóa của bàn xử lý (DATA/keys/desk.key) được xem; nội dung gốc có thể chứa dữ liệu cá nhân."


def commands(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    group = typer.Typer(help="Bản ghi lỗi chờ xử lý: liệt kê, xem, gửi lại", no_args_is_help=True)
    group.command("list")(list_letters)
    group.command("show")(show_letter)
    group.command("redrive")(redrive)
    app.add_typer(group, name="dlq")


def list_letters(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Liệt kê bản ghi lỗi: khóa, lý do, thời điểm; không có nội dung."""
    from cli.letters import read_letters  # noqa: PLC0415 - brings in Kafka

    letters = read_letters(settings_of(data, port_base)).values()
    for letter in sorted(letters, key=lambda one: one.time):
        typer.echo(f"{letter.key}\t{letter.reason}\t{letter.time}")
    if not letters:
        typer.echo("Không có bản ghi lỗi nào chờ xử lý.", err=True)


def show_letter(key: KeyArgument, data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Mở một bản ghi lỗi bằng khóa của bàn xử lý và in nội dung gốc."""
    from cli.letters import LetterError, one_letter, opened, opener_of, read_letters  # noqa: PLC0415 - likewise

    settings = settings_of(data, port_base)
    typer.echo(WHO, err=True)
    try:
        letter = one_letter(read_letters(settings), key)
        original = opened(letter, opener_of(settings.keys), settings.topics)
    except LetterError as error:
        raise refused(str(error)) from None
    typer.echo(f"{letter.key}\t{letter.reason}\t{letter.time}", err=True)
    typer.echo(original.value or b"")


def redrive(
    key: OptionalKey = "", every: All = False, data: DataOption = DATA, port_base: PortBase = PORT_BASE
) -> None:
    """Gửi lại bản ghi gốc vào topic của nó, rồi xóa bản ghi lỗi."""
    from cli.feeding import feed  # noqa: PLC0415 - likewise
    from cli.letters import LetterError, one_letter, opener_of, read_letters, redriven, tombstone  # noqa: PLC0415

    if bool(key) == every:
        raise refused("Hãy ghi khóa của một bản ghi lỗi, hoặc --all để gửi lại tất cả.")
    settings = settings_of(data, port_base)
    letters, topics = read_letters(settings), settings.topics
    try:
        chosen = list(letters.values()) if every else [one_letter(letters, key)]
        originals = [redriven(letter, opener_of(settings.keys), topics) for letter in chosen]
    except LetterError as error:
        raise refused(str(error)) from None
    feed(settings, originals, len(originals), backfill=False)
    feed(settings, [tombstone(letter, topics) for letter in chosen], len(chosen), backfill=False)
    typer.echo(f"Đã gửi lại {len(chosen)} bản ghi.")
