"""Directories that tests need besides pytest's own: deleted at their end, and those of a killed run by the next one.

Each holds a file that its process keeps locked. The kernel unlocks it with the process, however that ends, so that nobody
mistakes the directory of a run that goes on for one that was left.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

OWNER: Final = "owner.lock"


@contextmanager
def directory(noun: str, within: str | None = None) -> Iterator[Path]:
    """A private directory for a while.

    Args:
        noun: what is in it.
        within: where; the directory for temporary files unless given.
    """
    path = Path(tempfile.mkdtemp(prefix=f"savas-{noun}-", dir=within))
    owner = os.open(path / "new.lock", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(owner, fcntl.LOCK_EX)
    # Locked before anybody looks at it.
    (path / "new.lock").rename(path / OWNER)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(owner)


def sweep(*places: str) -> None:
    """Delete the directories there whose process is gone."""
    for owner in (found for place in places for found in Path(place).glob(f"savas-*/{OWNER}")):
        # Another process may be sweeping, or it is somebody else's.
        with suppress(OSError), owner.open("rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(owner.parent, ignore_errors=True)
