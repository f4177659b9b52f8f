"""`langnghe topics`, `rebuild`, `erase`, `doctor`: what an administrator runs."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.say import refused, settings_of

CaseArgument = Annotated[str, typer.Argument(help="Mã phản ánh")]
Yes = Annotated[bool, typer.Option("--yes", help="Không hỏi lại")]
Live = Annotated[bool, typer.Option("--live", help="Làm cả khi projector đang chạy: nó sẽ tự đọc lại từ đầu")]
Replication = Annotated[int, typer.Option("--replication", help="Số bản sao của mỗi topic", min=1, max=9)]


def commands(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    group = typer.Typer(help="Topic Kafka: tạo, kiểm tra", no_args_is_help=True)
    group.command("create")(create)
    group.command("check")(check)
    app.add_typer(group, name="topics")
    keys = typer.Typer(help="Khóa niêm phong lời người dân: tạo, thay", no_args_is_help=True)
    keys.command("create")(create_keys)
    keys.command("rotate")(rotate)
    app.add_typer(keys, name="keys")
    app.command("rebuild")(rebuild)
    app.command("erase")(erase)
    app.command("doctor")(doctor)


def create(data: DataOption = DATA, port_base: PortBase = PORT_BASE, replication: Replication = 1) -> None:
    """Tạo các topic còn thiếu."""
    from cli.log import kafka_of  # noqa: PLC0415 - brings in Kafka
    from streams.provision import TopicsError, create_topics  # noqa: PLC0415 - likewise

    settings = settings_of(data, port_base)
    with kafka_of(settings):
        try:
            created = create_topics(settings.bootstrap, settings.topics, replication, settings.security)
        except TopicsError as error:
            raise refused(str(error)) from None
    typer.echo("\n".join([*created, f"Đã tạo {len(created)} topic."]))


def check(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """So các topic đang có với thiết kế."""
    from cli.log import kafka_of  # noqa: PLC0415 - likewise
    from streams.provision import check_topics  # noqa: PLC0415 - likewise

    settings = settings_of(data, port_base)
    with kafka_of(settings):
        wrong = check_topics(settings.bootstrap, settings.topics, settings.security)
    if wrong:
        raise refused("\n".join(wrong))
    typer.echo("Các topic đúng như thiết kế.")


def create_keys(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Tạo cặp khóa nếu chưa có; ghi khóa công khai vào LANGNGHE_PUBLIC_KEY nếu có đặt."""
    from cli.keys import ensure_keys, publish_key  # noqa: PLC0415 - brings in libsodium

    settings = settings_of(data, port_base)
    ensure_keys(settings.keys)
    if settings.public_key:
        publish_key(settings.keys, settings.public_key)
    typer.echo(f"Khóa niêm phong ở {settings.keys}; hãy cất bản sao của desk.key nơi an toàn.")


def rotate(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Thay cặp khóa; khóa cũ được giữ để mở những gì đã niêm phong."""
    from cli.keys import publish_key, rotate_keys  # noqa: PLC0415 - likewise

    settings = settings_of(data, port_base)
    retired = rotate_keys(settings.keys, datetime.now(UTC).date().isoformat())
    if settings.public_key:
        publish_key(settings.keys, settings.public_key)
    typer.echo(f"Đã thay khóa; khóa cũ là {settings.keys / retired}. Hãy khởi động lại web và các tiến trình.")


def rebuild(live: Live = False, data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Làm lại dữ liệu hiển thị từ Kafka: xóa hết, projector đọc lại từ đầu."""
    from desk.lock import AlreadyRunningError, only_one  # noqa: PLC0415 - brings in the database
    from desk.store import tables  # noqa: PLC0415 - likewise

    settings = settings_of(data, port_base)
    engine = tables.open_engine(settings.database_url)
    try:
        if live:
            tables.rebuild(engine)
        else:
            with only_one(engine, settings.data / "projector.lock"):
                tables.rebuild(engine)
    except AlreadyRunningError:
        raise refused("Projector đang chạy; hãy dừng nó, hoặc dùng --live để nó tự đọc lại từ đầu.") from None
    finally:
        engine.dispose()
    typer.echo("Đã xóa dữ liệu hiển thị; projector sẽ đọc lại từ Kafka.")


def erase(case: CaseArgument, yes: Yes = False, data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Xóa nội dung của một phản ánh: lời người dân, bản niêm phong, lý do phân loại."""
    from cli.erasing import erase_case  # noqa: PLC0415 - brings in Kafka and the database

    settings = settings_of(data, port_base)
    if not yes and not typer.confirm(f"Xóa vĩnh viễn nội dung của phản ánh {case}?"):
        raise refused("Chưa xóa gì.")
    if not erase_case(settings, case):
        raise refused(f"Không có phản ánh mã “{case}”; hãy kiểm tra lại mã.")
    typer.echo(f"Đã ghi lệnh xóa nội dung của {case}; bản gốc trên topic tiếp nhận tự hết hạn sau 30 ngày.")


def doctor(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Kiểm tra máy này: Java, Kafka, cổng, mô hình, lịch."""
    from cli.doctor import examine  # noqa: PLC0415 - brings in Kafka and the model

    findings = examine(settings_of(data, port_base))
    for finding in findings:
        typer.echo(f"{'tốt ' if finding.good else 'LỖI '} {finding.what}: {finding.words}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)
