"""What follows from the instant of a question, as formulas of z3: the day of the week, the time of day, the day, and what was so long ago.

Of a place where a clock hangs a proof knows only that it is so many seconds ahead of UTC, or behind.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import z3

from policies.judging import NOON
from policies.moments import WEEKDAYS, Moment, length, zone

#: Instants are counted as finely as databases keep them, so that there is one between any two that differ by more.
TICK = timedelta(microseconds=1)
DAY, MINUTE, WEEK = (span // TICK for span in (timedelta(days=1), timedelta(minutes=1), timedelta(weeks=1)))
MIDNIGHT = (NOON - NOON.replace(hour=0)) // TICK


class Clock:
    """The clocks of one question.

    Args:
        now: the instant of the question.
        text: gives the number that stands for a text.
        know: called with what holds of the clocks.
    """

    def __init__(self, now: Any, text: Callable[[str], int], know: Callable[[Any], object]) -> None:
        self._now, self._text, self._know = now, text, know
        self._ahead: dict[str, Any] = {}
        self._weekdays: dict[str, Any] = {}

    def value(self, moment: Moment) -> Any:
        """What stands for something that follows from the instant; for a time of day its minutes."""
        if moment.span:
            return self._now - length(moment.span) // TICK
        wall = self._now + MIDNIGHT + self._offset(moment.zone)
        if moment.name == "timeOfDay":
            return (wall % DAY) / MINUTE
        return wall / DAY if moment.name == "today" else self._weekday(moment.zone, wall / DAY)

    def usual(self) -> list[Any]:
        """What real clocks show in the week of the records that stories are about."""
        near = [self._now >= 0, self._now < WEEK] if self._ahead else []
        return near + [
            ahead == (NOON.astimezone(zone(name)).utcoffset() or timedelta()) // TICK
            for name, ahead in self._ahead.items()
        ]

    def _offset(self, name: str) -> Any:
        """How far a clock is ahead of UTC at that instant."""
        if name == "UTC":
            return self._ahead.setdefault(name, z3.IntVal(0))
        if name not in self._ahead:
            ahead = self._ahead[name] = z3.Int(f"{name} is ahead by")
            self._know(z3.And(ahead > -DAY, ahead < DAY))
        return self._ahead[name]

    def _weekday(self, name: str, day: Any) -> Any:
        if name not in self._weekdays:
            weekday = self._weekdays[name] = z3.Int(f"the weekday in {name}")
            first = NOON.weekday()
            days = [
                z3.And((day + first) % len(WEEKDAYS) == place, weekday == self._text(word))
                for place, word in enumerate(WEEKDAYS)
            ]
            self._know(z3.Or(*days))
        return self._weekdays[name]


def minutes(time: str) -> int:
    """The minutes of a time of day as it is written."""
    hour, minute = time.split(":")
    return 60 * int(hour) + int(minute)
