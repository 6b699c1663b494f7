"""What a procedure is given to work with: the present time, and whom to tell how far it has come."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

T = TypeVar("T")

#: Called for the present instant.
Clock = Callable[[], datetime]

#: Called with how many are done, and how many there are.
Progress = Callable[[int, int], object]


def silent(_done: int, _all: int) -> None:
    """A progress that is not shown to anybody."""


def one_by_one(rows: list[T], progress: Progress) -> Iterator[T]:
    """The rows in turn; each is told of before it is worked on."""
    for done, row in enumerate(rows):
        progress(done, len(rows))
        yield row
    progress(len(rows), len(rows))
