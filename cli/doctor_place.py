"""What `langnghe doctor` finds around the processes: disk, keys, database, and whether an alert would reach anybody."""

import json
import shutil
import stat
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from cli.finding import Finding
from cli.settings import Settings
from desk.store.queries import read_progress
from desk.store.tables import open_engine
from streams.codec.sealing import public_key

ANSWER_SECONDS = 3
LEAST_FREE = 5 << 30  # bytes; Kafka stops for good when it cannot write
LEAST_SHARE = 0.1


def disk(path: Path) -> Finding:
    """Room where the data is, or will be."""
    there = next(parent for parent in (path, *path.parents) if parent.exists())
    usage = shutil.disk_usage(there)
    return room(usage.free, usage.total)


def room(free: int, total: int) -> Finding:
    """`free` and `total` in bytes."""
    words = f"còn trống {free / (1 << 30):.0f} GB trên {total / (1 << 30):.0f} GB"
    if free >= LEAST_FREE and free >= LEAST_SHARE * total:
        return Finding("Đĩa", True, words)
    return Finding("Đĩa", False, f"{words}; hãy thêm đĩa hoặc dời bản sao lưu cũ, Kafka dừng hẳn khi hết chỗ")


def keys(directory: Path) -> Finding:
    """Whether the pair of the desk belongs together and only its owner can read it."""
    private, public = directory / "desk.key", directory / "desk.pub"
    if not private.exists():
        return Finding("Khóa", True, f"chưa có tại {directory}; lần chạy đầu sẽ tạo (langnghe keys create)")
    if stat.S_IMODE(private.stat().st_mode) & 0o077:
        return Finding("Khóa", False, f"người khác đọc được {private}; hãy chạy: chmod 600 {private}")
    if not public.exists() or public.read_bytes() != public_key(private.read_bytes()):
        return Finding("Khóa", False, f"{public} không thuộc khóa riêng bên cạnh; hãy xóa nó và khởi động lại")
    return Finding("Khóa", True, f"{directory}, {len(list(directory.glob('*.key')))} khóa")


def database(url: str) -> Finding:
    """Whether the read model answers, and to when it is true."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            as_of = read_progress(connection).as_of
    except SQLAlchemyError as error:
        return _no_database(engine.dialect.name, type(error).__name__)
    finally:
        engine.dispose()
    return Finding(
        "Bảng đọc", True, f"{engine.dialect.name}, đúng đến {as_of:%H:%M:%S %d/%m/%Y}" if as_of else "mới, trống"
    )


def _no_database(kind: str, problem: str) -> Finding:
    """A server that is silent is a fault; tables that are not there yet are made by the projector."""
    if problem == "OperationalError" and kind == "postgresql":
        return Finding("Bảng đọc", False, "PostgreSQL không trả lời; hãy xem LANGNGHE_DATABASE_URL và máy chủ")
    return Finding("Bảng đọc", True, f"{kind}, chưa có bảng; projector sẽ tạo")


def alert_path(settings: Settings) -> Finding:
    """Whether Prometheus runs and knows an Alertmanager that answers."""
    prometheus = settings.prometheus or f"http://127.0.0.1:{settings.ports.prometheus}"
    known = _json(f"{prometheus}/api/v1/alertmanagers")
    if known is None and settings.prometheus:
        words = f"Prometheus tại {prometheus} không trả lời: không ai được báo khi có lỗi; hãy khởi động lại nó"
        return Finding("Báo động", False, words)
    if known is None:
        installed = shutil.which("prometheus") is not None
        advice = "hãy chạy langnghe up" if installed else "hãy cài prometheus và prometheus-alertmanager"
        return Finding("Báo động", not installed, f"Prometheus không chạy: không ai được báo khi có lỗi; {advice}")
    active = known.get("data", {}).get("activeAlertmanagers", [])
    urls = [str(found["url"]).partition("/api/")[0] for found in active]
    if not urls:
        return Finding("Báo động", False, f"Prometheus tại {prometheus} chưa biết Alertmanager nào; xem mục alerting")
    silent = [url for url in urls if not url.startswith("http") or _json(f"{url}/api/v2/status") is None]
    if silent:
        return Finding("Báo động", False, f"Alertmanager {silent[0]} không trả lời; hãy khởi động lại nó")
    return Finding("Báo động", True, f"Prometheus gửi tới {', '.join(urls)}")


def _json(url: str) -> Any:
    """What is answered, or None."""
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - http:// by construction
            return json.loads(answer.read())
    except (OSError, HTTPException, ValueError):
        return None
