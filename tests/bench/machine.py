"""The machine that is measured on: its description, CPU time, memory of process trees, pinning to a core."""

import os
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from cli.settings import HERE, find_java

PACKAGES = ("faust-streaming", "aiokafka", "kafka-python", "rocksdict", "msgspec", "scikit-learn", "underthesea")
PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Processes started inside run on that core alone (as by taskset); None leaves the choice to Linux."""
    before = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def two_cores() -> tuple[int | None, int | None]:
    """A core for the system under test and another for the broker; no pinning where there is but one."""
    cores = sorted(os.sched_getaffinity(0))
    return (cores[-1], cores[0]) if len(cores) > 1 else (None, None)


def load() -> float:
    """The load average of the last minute."""
    return os.getloadavg()[0]


def cpu_seconds(pid: int) -> float:
    """CPU time that a process has used, user and system."""
    fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes (10^6) of a tree of processes: RSS counts shared pages for each process, PSS once."""

    rss: float
    pss: float
    processes: int


def memory_below(pid: int) -> Memory:
    """Memory of a process and everything that it started."""
    tree = [found for found in map(_rollup, _tree(pid)) if found]
    rss, pss = (sum(found[name] for found in tree) / 1e6 for name in ("Rss", "Pss"))
    return Memory(rss, pss, len(tree))


def _tree(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (parent := _parent(entry)):
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for known in found:
        found += children.get(known, [])
    return found


def _parent(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None  # it has just ended


def _rollup(pid: int) -> dict[str, int] | None:
    """Bytes by name; None for a process that has just ended."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return None
    return {name: int(rest.split()[0]) * 1024 for name, _, rest in (line.partition(":") for line in lines)}


def description() -> dict[str, str]:
    """Processor, memory, system and versions, as the report names them."""
    return {
        "processor": f"{os.cpu_count()} × {_first('/proc/cpuinfo', 'model name')}",
        "memory": f"{int(_first('/proc/meminfo', 'MemTotal').split()[0]) / 1e6:.1f} GB",
        "system": f"Linux {platform.release()}, Python {platform.python_version()}",
        "kafka": _kafka(),
        **{package: version(package) for package in PACKAGES},
    }


def _first(path: str, name: str) -> str:
    lines = (line.partition(":") for line in Path(path).read_text().splitlines())
    return next((rest.strip() for found, _, rest in lines if found.strip() == name), "0")


def _kafka() -> str:
    jar = next((HERE / "deploy" / "kafka" / "libs").glob("kafka_2*.jar"))
    java = subprocess.run([find_java(), "-version"], capture_output=True, text=True, check=True).stderr.splitlines()[0]
    return f"{jar.stem.partition('-')[2]}, {java}"
