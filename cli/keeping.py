"""`langnghe backup` and `langnghe restore`: the commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cli.archive import ArchiveError
from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.say import refused, settings_of
from cli.settings import Settings

FolderArgument = Annotated[Path, typer.Argument(help="Thư mục của bản sao lưu", metavar="DIR")]
Replication = Annotated[int, typer.Option("--replication", help="Số bản sao của mỗi topic", min=1, max=9)]


def commands(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(folder: FolderArgument, data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Sao lưu dữ liệu Kafka, tài khoản, khóa, mô hình; chạy được khi hệ thống đang hoạt động."""
    from cli.backup import make_backup  # noqa: PLC0415 - brings in Kafka
    from cli.log import kafka_of  # noqa: PLC0415 - likewise

    settings = settings_of(data, port_base)
    if folder.exists():
        raise refused(f"{folder} đã có; mỗi bản sao lưu cần một thư mục mới.")
    with _running_kafka(settings), kafka_of(settings):
        made = make_backup(settings, folder)
    typer.echo(f"Đã sao lưu {sum(part.records for part in made.parts)} bản ghi, tài khoản và khóa vào {folder}.")
    typer.echo("Bản sao lưu có khóa mở lời người dân và mã đăng nhập: hãy cất nơi chỉ quản trị viên đọc được.")


def restore(
    folder: FolderArgument, data: DataOption = DATA, port_base: PortBase = PORT_BASE, replication: Replication = 1
) -> None:
    """Phục hồi một bản sao lưu vào nơi trống: Kafka chưa có dữ liệu, thư mục dữ liệu chưa có khóa."""
    from cli.log import kafka_of  # noqa: PLC0415 - likewise
    from cli.restore import NotEmptyError, restore_backup  # noqa: PLC0415 - likewise
    from streams.provision import TopicsError  # noqa: PLC0415 - likewise

    settings = settings_of(data, port_base)
    try:
        with _running_kafka(settings), kafka_of(settings):
            done = restore_backup(settings, folder, replication)
    except (ArchiveError, NotEmptyError, TopicsError) as error:
        raise refused(f"Chưa phục hồi: {error}.") from None
    typer.echo(f"Đã phục hồi {sum(part.records for part in done.parts)} bản ghi, bản sao lưu lúc {done.made_at}.")
    typer.echo("Hãy khởi động hệ thống: bảng đọc tự dựng lại từ Kafka. Nội dung đã xóa sau lúc đó phải xóa lại.")


@contextmanager
def _running_kafka(settings: Settings) -> Iterator[None]:
    """The Kafka of this machine where `langnghe up` would start one and has not: started for the block."""
    from cli.up import UpError, locked, own_broker  # noqa: PLC0415 - likewise
    from streams.broker import Broker, BrokerError, answers  # noqa: PLC0415 - likewise

    if not settings.own_kafka or answers(settings.bootstrap):
        yield
        return
    try:
        with locked(settings.data):
            broker = Broker(own_broker(settings))
            broker.launch()
            try:
                broker.wait_ready()
                yield
            finally:
                broker.stop()
    except (UpError, BrokerError) as error:
        raise refused(str(error)) from None
