"""Sealing of personal data: libsodium sealed boxes; whoever seals cannot open."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from streams.codec.envelope import stable_id


class SealError(ValueError):
    """A sealed value that no key at hand opens."""


def key_id(public_key: bytes) -> str:
    """The short name of a public key that messages carry."""
    return stable_id(public_key.hex())[:12]


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals bytes for the desk with its public key (32 bytes)."""

    public_key: bytes

    @property
    def key_id(self) -> str:
        return key_id(self.public_key)

    def seal(self, value: bytes) -> dict[str, str]:
        """`{"key_id", "sealed"}`, the latter base64."""
        sealed = SealedBox(PublicKey(self.public_key)).encrypt(value)
        return {"key_id": self.key_id, "sealed": base64.b64encode(sealed).decode()}


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens what was sealed for any of the desk's private keys, current or retired."""

    private_keys: Mapping[str, bytes]

    @classmethod
    def of(cls, *private_keys: bytes) -> "Opener":
        return cls({key_id(bytes(PrivateKey(key).public_key)): key for key in private_keys})

    def open(self, sealed: Mapping[str, str]) -> bytes:
        """Raises SealError for an unknown key or a damaged box."""
        key = self.private_keys.get(str(sealed.get("key_id")))
        if key is None:
            raise SealError("không có khóa riêng để mở dữ liệu niêm phong này")
        try:
            return bytes(SealedBox(PrivateKey(key)).decrypt(base64.b64decode(sealed["sealed"])))
        except (CryptoError, ValueError, KeyError, TypeError):
            raise SealError("dữ liệu niêm phong bị hỏng") from None


def new_private_key() -> bytes:
    return bytes(PrivateKey.generate())


def public_key(private_key: bytes) -> bytes:
    return bytes(PrivateKey(private_key).public_key)
