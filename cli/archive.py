"""The files of a backup: records of a partition in a row, and a manifest, written last, that vouches for every file."""

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

FORMAT = 1
LENGTH_BYTES = 4
MANIFEST = "manifest.json"


class ArchiveError(RuntimeError):
    """The directory is no whole backup; the message says what is wrong with it."""


class Kept(NamedTuple):
    """A record of Kafka; `timestamp` in milliseconds since 1970."""

    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


class Part(msgspec.Struct, frozen=True):
    """A partition: where its records began and ended in Kafka, how many are kept, and its file."""

    topic: str
    partition: int
    first: int
    end: int
    records: int
    file: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds; topics without prefix, committed offsets as group -> topic -> by partition."""

    format: int
    made_at: str
    partitions: int
    parts: tuple[Part, ...]
    committed: dict[str, dict[str, list[int]]]
    sums: dict[str, str]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Kept).decode


def write_records(path: Path, records: Iterable[Kept]) -> int:
    """Writes a file of records; how many there were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with gzip.open(path, "wb", compresslevel=1) as file:
        for record in records:
            content = _encode(record)
            file.write(len(content).to_bytes(LENGTH_BYTES, "big") + content)
            count += 1
    return count


def read_records(path: Path) -> Iterator[Kept]:
    """What `write_records` wrote."""
    with gzip.open(path, "rb") as file:
        while length := file.read(LENGTH_BYTES):
            yield _decode(file.read(int.from_bytes(length, "big")))


def seal(folder: Path, manifest: Manifest) -> None:
    """Writes the manifest with the sums of all files: from now on the directory is a backup."""
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    whole = msgspec.structs.replace(manifest, sums={name: _sum(folder / name) for name in names})
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(whole)))


def open_archive(folder: Path) -> Manifest:
    """The manifest, after a look at every file. Raises ArchiveError."""
    try:
        found = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except OSError:
        raise ArchiveError(f"{folder} không phải bản sao lưu trọn vẹn: không có {MANIFEST}") from None
    except msgspec.DecodeError:
        raise ArchiveError(f"{folder}/{MANIFEST} bị hỏng") from None
    if found.format != FORMAT:
        raise ArchiveError(f"{folder} do bản phần mềm khác ghi (dạng {found.format}, cần {FORMAT})")
    bad = [
        name for name, wanted in found.sums.items() if not (folder / name).is_file() or _sum(folder / name) != wanted
    ]
    if bad:
        raise ArchiveError(f"tệp sao lưu bị hỏng hoặc thiếu: {', '.join(bad[:3])}")
    return found


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
