"""A file that is kept sealed, as it is sent to whoever may have it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Fetched:
    """A file to be sent: its size in bytes, and its content in parts, each opened when it is sent."""

    size: int
    parts: AsyncIterator[bytes]
