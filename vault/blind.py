"""Blind indexes: keyed hashes that find a value by equality, and tell nothing without the key.

An index is `epoch, 4 bytes | HMAC-SHA256 of the normalised value, 16 bytes` under a key of the column's own.
Sixteen bytes: two of a billion customers share one with a chance of one in 10²⁰, and a hit is decided again
on nothing else, so it must not be shorter.
"""

import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vault.provider import KeyProvider


LENGTH = 20


def column_key(provider: "KeyProvider", epoch: int, column: str) -> bytes:
    """The key of one column in one epoch, derived where the epoch's key is."""
    return provider.mac(f"index-{epoch}", b"savas blind index 1|" + column.encode())


def prefix(epoch: int) -> bytes:
    """What every index of an epoch begins with; those of older epochs are smaller."""
    return epoch.to_bytes(4, "big")


def epoch(index: bytes) -> int:
    """The epoch that an index is of."""
    return int.from_bytes(index[:4], "big")


def index(key: bytes, epoch: int, value: bytes) -> bytes:
    """The index of a normalised value: 20 bytes."""
    return prefix(epoch) + hmac.digest(key, value, "sha256")[:16]
