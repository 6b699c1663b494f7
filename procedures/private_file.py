"""Files that only their owner may read."""

import os
from pathlib import Path
from typing import TextIO

OWNER_ONLY = 0o600


def opened(path: Path, *, new: bool = False) -> TextIO:
    """Open a file for writing that nobody but its owner may read, not even for a moment.

    Args:
        path: the file; a symbolic link is refused, so that nobody can have the values written elsewhere.
        new: refuse a file that is there already, instead of emptying it.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | (os.O_EXCL if new else os.O_TRUNC)
    descriptor = os.open(path, flags, OWNER_ONLY)
    # A file that was there before has its old mode.
    os.fchmod(descriptor, OWNER_ONLY)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")


def is_private(path: Path) -> bool:
    """Whether nobody but the owner may read or write the file."""
    return path.stat().st_mode & 0o077 == 0
