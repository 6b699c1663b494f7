"""What is remembered outside of the databases: append-only files in the witness directory.

    checkpoints   signed notes of what the ledger was
    leaves        the hashes of its entries, 32 bytes each, in order
    signing.pub   the public key that the notes are signed with
    erasures      what was erased, one JSON document in a line

Several processes may write. A line that a killed process left half written is passed over, and the next one begins
on a line of its own.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class WitnessError(Exception):
    """The witness directory cannot be used; `code` is stable and `message` says what to do."""

    code = "WITNESS_UNUSABLE"

    def __init__(self, why: str) -> None:
        self.message = f"The witness directory cannot be used: {why}. Look at --witness, and at the disk."
        super().__init__(self.message)


def append_line(directory: Path, name: str, text: str) -> None:
    """Add a line to a file of the directory; it is on disk when this returns.

    Raises:
        WitnessError: that cannot be done.
    """
    with _appending(directory, name) as file:
        size = os.fstat(file).st_size
        torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
        os.write(file, (b"\n" if torn else b"") + text.encode() + b"\n")


def lines(directory: Path, name: str) -> list[str]:
    """The whole lines of a file of the directory; none when there is no such file."""
    try:
        raw = (directory / name).read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise WitnessError(error.strerror or "it cannot be read") from None
    return [line.decode() for line in raw.split(b"\n")[:-1] if line.endswith(b"}")]


@contextmanager
def _appending(directory: Path, name: str) -> Iterator[int]:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(directory / name, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            os.fsync(file)
        finally:
            os.close(file)
        _settled(directory)
    except OSError as error:
        raise WitnessError(error.strerror or "it cannot be written") from None


def _settled(directory: Path) -> None:
    """Have the names of new files on disk, too."""
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
