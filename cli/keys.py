"""The desk's key pair and the tokens of the roles, made at the first start and kept with mode 0600."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streams.codec.sealing import new_private_key, public_key

KEY_BYTES = 32
ROLES = ("operator", "handler", "supervisor", "inspector", "wall", "source", "admin")


class KeyFileError(RuntimeError):
    """A file of a key that is missing or no key; the message names it."""


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Writes a file, all of it or nothing; without another `mode` only its owner can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Processes that start at once on new data must not each make a secret: what one seals no other could open."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock_file = path.with_name(path.name + ".lock")
    lock_file.touch(mode=0o600)
    with lock_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ensure_keys(directory: Path) -> tuple[bytes, bytes]:
    """Private and public key (32 bytes each)."""
    private_file, public_file = directory / "desk.key", directory / "desk.pub"
    with _one_at_a_time(private_file):
        if not private_file.exists():
            write_whole(private_file, new_private_key())
        private = private_file.read_bytes()
        if not public_file.exists():
            write_whole(public_file, public_key(private))
    return private, public_file.read_bytes()


def read_public_key(path: Path) -> bytes:
    """32 bytes. Raises KeyFileError."""
    try:
        found = path.read_bytes()
    except OSError:
        raise KeyFileError(f"không đọc được {path}; hãy chạy: langnghe keys create") from None
    if len(found) != KEY_BYTES:
        raise KeyFileError(f"{path} không phải khóa công khai ({len(found)} byte, cần {KEY_BYTES})")
    return found


def publish_key(directory: Path, target: Path) -> None:
    """Writes the public key where workers that must not see the private one read it."""
    write_whole(target, ensure_keys(directory)[1], 0o666)  # less what the umask takes away


def rotate_keys(directory: Path, day: str) -> str:
    """A new pair; the old private key stays beside it as `desk-DAY.key`, for what was sealed with it. Its new name."""
    ensure_keys(directory)
    private_file, public_file = directory / "desk.key", directory / "desk.pub"
    with _one_at_a_time(private_file):
        retired = directory / f"desk-{day}.key"
        number = 1
        while retired.exists():
            number += 1
            retired = directory / f"desk-{day}-{number}.key"
        private_file.rename(retired)
        private = new_private_key()
        write_whole(private_file, private)
        write_whole(public_file, public_key(private))
    return retired.name


def ensure_tokens(path: Path) -> dict[str, str]:
    """One token per role."""
    with _one_at_a_time(path):
        tokens: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        missing = [role for role in ROLES if role not in tokens]
        if missing:
            tokens |= {role: secrets.token_urlsafe(24) for role in missing}
            write_whole(path, json.dumps(tokens, indent=1).encode())
    return tokens
