"""Sealing one row's content: AES-256-GCM under a key the content commits to, bound to its place.

A sealed content is `0x01 | commitment 32 | nonce 12 | ciphertext and tag`. The associated data name the
table, the row, the key's commitment, the version of the content's shape and the row's revision, so that a
content that was moved, replayed or taken for another shape does not open. GCM alone does not commit to its
key (a ciphertext can be made that opens under two); the commitment does (Albertini et al., USENIX Security
2022, "How to abuse and fix authenticated encryption without key commitment").
"""

import hmac
import secrets
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.errors import SealBroken
from vault.secret import Secret

SIZE = 32
_VERSION = b"\x01"
_NONCE = 12
_TAG = 16
_SMALLEST = 1 + SIZE + _NONCE + _TAG


class Key(Secret):
    """A 256-bit key, with a repr that does not show it."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SIZE:
            raise SealBroken
        self._secret = secret

    @classmethod
    def new(cls) -> "Key":
        """A key from the system's randomness."""
        return cls(secrets.token_bytes(SIZE))

    @cached_property
    def commitment(self) -> bytes:
        """32 bytes that name the key, and no other key."""
        return hmac.digest(self._secret, b"savas key commitment 1", "sha256")

    @cached_property
    def cipher(self) -> AESGCM:
        """The cipher under this key."""
        return AESGCM(self._secret)

    def reveal(self) -> bytes:
        """The key itself, to be wrapped at once."""
        return self._secret


class Sealed:
    """A sealed content as it lies in the database, with a repr that does not show it."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    @property
    def commitment(self) -> bytes:
        """Which key it was sealed under."""
        return self.raw[1 : 1 + SIZE]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other.raw == self.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def __repr__(self) -> str:
        return "Sealed()"


def is_sealed(raw: bytes) -> bool:
    """Whether bytes have the form of a sealed content."""
    return raw[:1] == _VERSION and len(raw) >= _SMALLEST


def place(table: str, row: str, version: int, revision: int) -> bytes:
    """Where a content belongs, as associated data.

    Args:
        table: the table's name.
        row: the row's id, as text.
        version: of the content's shape.
        revision: of the row.
    """
    return f"{table}|{row}|{version}|{revision}|".encode()


def seal(key: Key, where: bytes, plain: bytes) -> bytes:
    """Encrypt a content for one place; the result opens nowhere else."""
    nonce = secrets.token_bytes(_NONCE)
    return _VERSION + key.commitment + nonce + key.cipher.encrypt(nonce, plain, where + key.commitment)


def open_(key: Key, where: bytes, sealed: Sealed) -> bytes:
    """Decrypt a content in its place.

    Raises:
        SealBroken: it was not sealed under this key for this place, or was changed since.
    """
    raw = sealed.raw
    if not is_sealed(raw) or raw[1 : 1 + SIZE] != key.commitment:
        raise SealBroken
    start = 1 + SIZE
    try:
        return key.cipher.decrypt(raw[start : start + _NONCE], raw[start + _NONCE :], where + key.commitment)
    except InvalidTag:
        raise SealBroken from None
