"""The single processes of the system, each as a command."""

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from cli.keys import KeyFileError, ensure_keys, ensure_tokens, read_public_key
from cli.rules import load_rules
from cli.settings import Settings, SettingsError, from_environment
from streams.settings import WorkerSettings

DataOption = Annotated[Path, typer.Option("--data", help="Thư mục dữ liệu")]
PortBase = Annotated[int, typer.Option("--port-base", help="Cổng đầu tiên", min=1024, max=60000)]
Number = Annotated[int, typer.Option("--number", help="Thứ tự của tiến trình cases, từ 0", min=0, max=19)]
DATA = Path("data")
PORT_BASE = 8000

worker_commands = typer.Typer(help="Chạy một tiến trình xử lý (admit, intake, cases)", no_args_is_help=True)


def entering(data: Path, port_base: int) -> Settings:
    """Settings of a process that Kafka lets in, or one that waits for Kafka to come. Raises SettingsError."""
    from cli.access import why_refused  # noqa: PLC0415 - brings in Kafka

    settings = from_environment(data, port_base)
    if settings.security and (refusal := why_refused(settings)):
        raise SettingsError(refusal)
    return settings


def public_key_of(settings: Settings) -> bytes:
    """The key to seal with: from its own file where the private one is kept elsewhere. Raises SettingsError."""
    if settings.public_key is None:
        return ensure_keys(settings.keys)[1]
    try:
        return read_public_key(settings.public_key)
    except KeyFileError as problem:
        raise SettingsError(f"LANGNGHE_PUBLIC_KEY: {problem}") from None


def _worker_settings(settings: Settings, name: str, port: int) -> WorkerSettings:
    return WorkerSettings(
        bootstrap=settings.bootstrap,
        topics=settings.topics,
        data=settings.data / "workers" / name,
        probe_port=port,
        probe_host=settings.host,
        rules=load_rules(settings.rules_directory),
        public_key=public_key_of(settings),
        security=settings.security,
    )


@worker_commands.command("admit")
def admit(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Nhận sự kiện hồ sơ: làm sạch, đánh khóa, chuyển tiếp."""
    from streams.workers import run_admit  # noqa: PLC0415 - Faust takes a second to import, other commands do without

    settings = entering(data, port_base)
    run_admit(_worker_settings(settings, "admit", settings.ports.admit))


@worker_commands.command("intake")
def intake(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Nhận phản ánh: phân loại, che thông tin cá nhân, niêm phong."""
    from models.model_file import ModelFile  # noqa: PLC0415 - likewise
    from streams.intake import run_intake  # noqa: PLC0415 - likewise

    settings = entering(data, port_base)
    run_intake(_worker_settings(settings, "intake", settings.ports.intake), ModelFile(settings.model))


@worker_commands.command("cases")
def cases(data: DataOption = DATA, port_base: PortBase = PORT_BASE, number: Number = 0) -> None:
    """Theo dõi thời hạn của hồ sơ và phản ánh."""
    from streams.provision import TopicsError  # noqa: PLC0415 - likewise
    from streams.workers import run_cases  # noqa: PLC0415 - likewise

    settings = entering(data, port_base)
    try:
        run_cases(_worker_settings(settings, f"cases-{number}", settings.ports.cases(number)))
    except TopicsError as problem:
        raise SettingsError(str(problem)) from None


def projector(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Chép trạng thái từ Kafka vào cơ sở dữ liệu để hiển thị."""
    from sqlalchemy.exc import InterfaceError, OperationalError  # noqa: PLC0415 - likewise

    from desk.lock import AlreadyRunningError  # noqa: PLC0415 - likewise
    from desk.projector import run_projector  # noqa: PLC0415 - likewise
    from desk.settings import ProjectorSettings  # noqa: PLC0415 - likewise

    settings = entering(data, port_base)
    projecting = ProjectorSettings(
        bootstrap=settings.bootstrap,
        database_url=settings.database_url,
        topics=settings.topics,
        lock_path=settings.data / "projector.lock",
        host=settings.host,
        port=settings.ports.projector,
        security=settings.security,
    )
    rules = load_rules(settings.rules_directory)
    try:
        run_projector(projecting, rules, stop_on_signal())
    except AlreadyRunningError as problem:
        raise SettingsError(str(problem)) from None
    except (InterfaceError, OperationalError) as problem:  # told by its type: a driver's message may quote a row
        what = type(problem).__name__
        raise SettingsError(
            f"không dùng được cơ sở dữ liệu đọc ({what}); hãy xem LANGNGHE_DATABASE_URL và máy chủ PostgreSQL"
        ) from None


def lag(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Đo độ trễ đọc của từng nhóm và gửi nhịp kiểm tra."""
    from streams.lag import LagSettings, run_lag  # noqa: PLC0415 - likewise

    settings = entering(data, port_base)
    rules = load_rules(settings.rules_directory).hash
    lagging = LagSettings(
        settings.bootstrap, settings.topics, settings.host, settings.ports.lag, rules, settings.security
    )
    run_lag(lagging, stop_on_signal())


def web(data: DataOption = DATA, port_base: PortBase = PORT_BASE) -> None:
    """Chạy trang web và API."""
    from desk.settings import WebSettings  # noqa: PLC0415 - likewise
    from desk.web.app import run_web  # noqa: PLC0415 - likewise
    from streams.codec import Sealer  # noqa: PLC0415 - likewise

    settings = entering(data, port_base)
    ensure_tokens(settings.tokens)
    run_web(
        WebSettings(
            bootstrap=settings.bootstrap,
            database_url=settings.database_url,
            accounts_path=settings.data / "accounts.db",
            tokens_path=settings.tokens,
            topics=settings.topics,
            rules=load_rules(settings.rules_directory),
            sealer=Sealer(ensure_keys(settings.keys)[1]),
            models_path=settings.model,
            ready_urls=settings.probes,
            host=settings.host,
            port=settings.ports.web,
            security=settings.security,
        )
    )


def stop_on_signal() -> threading.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    return stop
