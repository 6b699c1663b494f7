"""The files of the witness directory: append-only, and outside of the databases.

    checkpoints   signed notes of what the ledger was
    leaves        the hashes of its entries, 32 bytes each, in order
    signing.pub   the public key that the notes are signed with
    erasures      what was erased, one JSON document in a line
    withdrawals   who left, in the same form
    words         what people asked for, said and closed, in the same form
    suppressions  hashes by which nobody who left is taken in again, in the same form

Several processes may write, and all they do is append: the directory may be where nothing else is permitted. A line
that a killed process left half written is skipped, and the next one begins on a line of its own.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO

from vault.merkle import HASH_SIZE


class WitnessError(Exception):
    """The witness directory cannot be read or written; look at --witness, and at the disk."""

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


def append_note(directory: Path, text: str) -> None:
    """Add a signed note and a blank line; it is on disk when this returns.

    Raises:
        WitnessError: that cannot be done.
    """
    with _appending(directory, "checkpoints") as file:
        size = os.fstat(file).st_size
        os.write(file, _separator(os.pread(file, 2, max(size - 2, 0))) + text.encode() + b"\n")


def append_leaves(directory: Path, start: int, leaves: Sequence[bytes]) -> None:
    """Add the hashes of entries from a number on, as far as they are not there; they are on disk when this returns.

    What a killed process left half written of a hash is completed.

    Raises:
        WitnessError: that cannot be done.
    """
    raw = b"".join(leaves)
    with _appending(directory, "leaves") as file:
        done = os.fstat(file).st_size - start * HASH_SIZE
        if 0 <= done < len(raw):
            _write(file, raw[done:])


def publish_key(directory: Path, public: bytes) -> None:
    """Write down the signing key in hexadecimal digits; one that is there already stays.

    Raises:
        WitnessError: that cannot be done.
    """
    with _appending(directory, "signing.pub") as file:
        text = f"{public.hex()}\n".encode()
        done = os.fstat(file).st_size
        if os.pread(file, done, 0) == text[:done]:
            _write(file, text[done:])


def tail(directory: Path, name: str, most: int) -> bytes:
    """The end of a file of the directory, at most so many bytes; nothing when there is no such file.

    Raises:
        WitnessError: it cannot be read.
    """
    return read(directory, name, max(length(directory, name) - most, 0), most)


def leaf(directory: Path, number: int) -> bytes:
    """The hash of an entry that the directory has; nothing when it has none.

    Raises:
        WitnessError: it cannot be read.
    """
    return read(directory, "leaves", number * HASH_SIZE, HASH_SIZE)


def length(directory: Path, name: str) -> int:
    """How many bytes a file of the directory has; 0 when there is no such file.

    Raises:
        WitnessError: it cannot be looked at.
    """
    with _reading(directory, name) as file:
        return file.seek(0, os.SEEK_END)


def lines(directory: Path, name: str) -> list[str]:
    """The whole lines of a file of the directory; none when there is no such file.

    Raises:
        WitnessError: it cannot be read.
    """
    return [line.decode() for line in read(directory, name).split(b"\n")[:-1] if line.endswith(b"}")]


def read(directory: Path, name: str, start: int = 0, most: int = -1) -> bytes:
    """What a file of the directory holds from a place on, at most so many bytes; nothing when there is no such file.

    Raises:
        WitnessError: it cannot be read.
    """
    with _reading(directory, name) as file:
        file.seek(start)
        return file.read(most)


@contextmanager
def _reading(directory: Path, name: str) -> Iterator[IO[bytes]]:
    try:
        with (directory / name).open("rb") as file:
            yield file
    except FileNotFoundError:
        yield BytesIO()
    except OSError as error:
        raise WitnessError(error.strerror or "it cannot be read") from None


def _separator(end: bytes) -> bytes:
    """What to write between the last bytes of a file and the next note.

    A note that was cut off must not look like one: its last line gets a word that no signature has.
    """
    if end in (b"", b"\n\n"):
        return b""
    return b"\n" if end.endswith(b"\n") else b" (cut off)\n\n"


def _write(file: int, raw: bytes) -> None:
    """Write all of it: of what is long, the system may take a part at a time."""
    while raw:
        raw = raw[os.write(file, raw) :]


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
        _sync(directory)
    except OSError as error:
        raise WitnessError(error.strerror or "it cannot be written") from None


def _sync(directory: Path) -> None:
    """Have the names of new files on disk as well."""
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
