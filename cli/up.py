"""`langnghe up`: everything on this machine, started in order, kept alive, stopped in order."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from cli.keys import ensure_keys, ensure_tokens
from cli.observability.start import installed_ports, watchers
from cli.ports import is_free, wanted
from cli.settings import HERE, Settings, find_java
from cli.supervise import Child, Say, Supervisor, ourselves
from streams.broker import BrokerSettings, prepare, wait_ready
from streams.provision import TopicsError, check_topics, create_topics

READY_SECONDS = 120.0
LOOK_SECONDS = 0.5
# what may take how many seconds to stop, in order; together less than the 15 that are promised
STOP_ORDER = (
    (("prometheus", "alertmanager", "web", "lag", "admit", "intake"), 3.0),
    (("cases",), 4.0),
    (("projector",), 2.5),
    (("kafka",), 4.0),
)


INSTALL_WATCHERS = "sh deploy/install-system.sh prometheus"


class UpError(RuntimeError):
    """Why `langnghe up` cannot start; one sentence with the fix."""


def run_up(settings: Settings, workers: int, say: Say) -> int:
    """Runs until a signal; returns the exit status. Raises UpError, SettingsError, BrokerError, TopicsError."""
    with _stop_signals() as stopped, locked(settings.data):
        _check_ports(settings, workers)
        _check_model(settings)
        ensure_keys(settings.keys)
        tokens = ensure_tokens(settings.tokens)
        supervisor = Supervisor(say)
        try:
            return _run(settings, workers, supervisor, tokens, stopped)
        finally:
            say("Đang dừng…")
            supervisor.stop(STOP_ORDER)
            say("Đã dừng.")


def _run(settings: Settings, workers: int, supervisor: Supervisor, tokens: dict[str, str], stopped: list[int]) -> int:
    if settings.own_kafka:
        _start_broker(settings, supervisor)
    _provide_topics(settings)
    children = _children(settings, workers)
    supervisor.start(*children, *watchers(settings, {child.name: child.port for child in children}))
    late = supervisor.wait_ready(READY_SECONDS, lambda: bool(stopped))
    if stopped:
        return 0
    if late:
        supervisor.say(
            f"Chưa sẵn sàng sau {READY_SECONDS:.0f} giây: {', '.join(late)}; nhật ký: {settings.data / 'logs'}"
        )
    _greet(settings, tokens, supervisor.say)
    while not stopped:
        supervisor.look()
        time.sleep(LOOK_SECONDS)
    return 0


def own_broker(settings: Settings) -> BrokerSettings:
    """The Kafka of this machine. Raises UpError where its files are missing."""
    libs = HERE / "deploy" / "kafka" / "libs"
    if not any(libs.glob("kafka_*.jar")):
        raise UpError("chưa có Kafka trong deploy/kafka/libs; hãy chạy: make kafka")
    return BrokerSettings(
        java=find_java(),
        libs=libs,
        properties=HERE / "deploy" / "kafka" / "server.properties",
        data=settings.data / "kafka",
        port=settings.ports.kafka,
        controller_port=settings.ports.controller,
    )


def _start_broker(settings: Settings, supervisor: Supervisor) -> None:
    broker = own_broker(settings)
    supervisor.say(f"Kafka: khởi động tại {settings.bootstrap}")
    child = Child("kafka", prepare(broker), broker.log_file, 0)
    supervisor.start(child)
    wait_ready(broker, lambda: child.running)


def _provide_topics(settings: Settings) -> None:
    create_topics(settings.bootstrap, settings.topics, security=settings.security)
    if wrong := check_topics(settings.bootstrap, settings.topics, settings.security):
        raise TopicsError("; ".join(wrong))


def _children(settings: Settings, workers: int) -> list[Child]:
    ports = settings.ports
    common = ("--data", str(settings.data), "--port-base", str(ports.base))
    environment = {
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(HERE),
        "LANGNGHE_PROBES": _probes(settings, workers),
        "MALLOC_ARENA_MAX": "2",  # glibc's arena per thread would keep what a flood once needed
    }

    def child(name: str, port: int, *arguments: str) -> Child:
        log = settings.data / "logs" / f"{name}.log"
        return Child(name, ourselves(*arguments, *common), log, port, environment)

    return [
        child("admit", ports.admit, "worker", "admit"),
        child("intake", ports.intake, "worker", "intake"),
        *(
            child(f"cases-{number}", ports.cases(number), "worker", "cases", "--number", str(number))
            for number in range(workers)
        ),
        child("projector", ports.projector, "projector"),
        child("web", ports.web, "web"),
        child("lag", ports.lag, "lag"),
    ]


def _probes(settings: Settings, workers: int) -> str:
    ports = settings.ports
    named = {"admit": ports.admit, "intake": ports.intake, "projector": ports.projector, "lag": ports.lag}
    named |= {f"cases-{number}": ports.cases(number) for number in range(workers)}
    return ",".join(f"{name}=http://127.0.0.1:{port}/readyz" for name, port in named.items())


def _check_ports(settings: Settings, workers: int) -> None:
    watching = installed_ports(settings.ports).values()
    for port in (*wanted(settings.ports, workers, own_kafka=settings.own_kafka), *watching):
        if not is_free(port):
            taken = f"cổng {port} đang có chương trình khác dùng"
            raise UpError(f"{taken}; hãy dừng chương trình đó hoặc chọn --port-base khác")


def _check_model(settings: Settings) -> None:
    if settings.model.exists():
        return
    done = subprocess.run(ourselves("train"), check=False, env=os.environ | {"PYTHONPATH": str(HERE)})
    if done.returncode:
        raise UpError("không huấn luyện được mô hình; hãy chạy: langnghe train")


def _greet(settings: Settings, tokens: dict[str, str], say: Say) -> None:
    address = f"http://127.0.0.1:{settings.ports.web}"
    say(f"\nLắng Nghe đang chạy: {address}")
    for path, name in (
        ("tiep-nhan", "Tiếp nhận"),
        ("theo-doi", "Theo dõi, đôn đốc"),
        ("giam-sat", "Màn hình giám sát"),
        ("don-thu", "Đơn thư"),
    ):
        say(f"  {name}: {address}/{path}")
    say(f"Kafka: {settings.bootstrap}")
    watching = installed_ports(settings.ports)
    for name, words in (("prometheus", "Số liệu và cảnh báo"), ("alertmanager", "Nơi gửi cảnh báo")):
        where = f"http://127.0.0.1:{watching[name]}" if name in watching else f"chưa cài {name}; {INSTALL_WATCHERS}"
        say(f"{words}: {where}")
    say(f"Mã đăng nhập theo vai trò (cũng có trong {settings.tokens}):")
    for role, token in tokens.items():
        say(f"  {role}: {token}")
    say("Nhấn Ctrl-C để dừng.")


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Nobody else uses the data directory meanwhile. Raises UpError."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UpError(
                f"thư mục dữ liệu {data} đang được một langnghe khác dùng; hãy dừng nó hoặc chọn --data khác"
            ) from None
        yield


@contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """A list that SIGTERM and SIGINT append to."""
    stopped: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        stopped.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
