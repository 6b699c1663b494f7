"""What a procedure works with: the present time, the calendar of due days, and whom to tell how far it has come."""

from calendar import monthrange
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


def months_after(at: datetime, months: int) -> datetime:
    """The same day and time some months later, or the last day of a month that is too short: 31 January, 28 February."""
    years, month = divmod(at.month - 1 + months, 12)
    year, month = at.year + years, month + 1
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))
