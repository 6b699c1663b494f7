"""What policies ask of the moment of a question: the day of the week, the time of day, the day, or an instant so long ago."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

#: The days of the week, as policies call them.
WEEKDAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
#: Times of day have two digits for the hour and two for the minute, so that their order is that of the clock.
TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

#: What is known of the moment: how it follows from the clock on the wall, and of which type it is.
FACTS: Final[dict[str, tuple[Callable[[datetime], Any], type]]] = {
    "weekday": (lambda wall: WEEKDAYS[wall.weekday()], str),
    "timeOfDay": (lambda wall: wall.strftime("%H:%M"), str),
    "today": (lambda wall: wall.date(), date),
}

_SPAN: Final = re.compile(r"([1-9]\d{0,4}) (minute|hour|day|week)s?")


@dataclass(frozen=True)
class Moment:
    """Something that follows from `actor.now`.

    Attributes:
        name: one of `FACTS`, or `ago`.
        zone: where the clock hangs that `FACTS` are read from, as the policies say.
        span: of `ago`, as it is written.
    """

    name: str
    zone: str = "UTC"
    span: str = ""

    def __str__(self) -> str:
        return f'ago("{self.span}")' if self.span else self.name

    @property
    def type(self) -> type:
        """The Python type of its values."""
        return datetime if self.span else FACTS[self.name][1]

    @property
    def words(self) -> tuple[str, ...] | None:
        """The words that it is one of, if it is a word."""
        return WEEKDAYS if self.name == "weekday" else None

    @property
    def ordered(self) -> bool:
        """Whether an earlier one is less."""
        return self.name != "weekday"

    def of(self, now: datetime) -> Any:
        """What it is at an instant."""
        return ago(now, self.span) if self.span else FACTS[self.name][0](now.astimezone(zone(self.zone)))


def zone(name: str) -> tzinfo:
    """A time zone by its name; ValueError where there is none of that name, or the system knows no zones."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError) as error:
        raise ValueError(name) from error


def ago(now: datetime, span: str) -> datetime:
    """The instant so long before another; a day has 24 hours."""
    return now - length(span)


def length(span: str) -> timedelta:
    """How long `30 days` are; ValueError for what is no span, such as months, of which some are shorter."""
    found = _SPAN.fullmatch(span)
    if found is None:
        raise ValueError(span)
    return timedelta(**{f"{found[2]}s": int(found[1])})
