"""The machine that a sequence runs on: what its clocks show, and where identifiers come from, so that it can be run again."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from policies import actor
from procedures.clock import clock

START = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR, DAY, NOTHING = timedelta(hours=1), timedelta(days=1), timedelta(0)


@dataclass
class Machine:
    """A machine whose clock may be wrong.

    Attributes:
        chance: where identifiers come from.
        true: what time it really is.
        wrong: by how much its clock is ahead.
        ran: how long it has run, in seconds.
        ahead: by how much it was ahead at most without being doubted for it.
    """

    chance: Random
    true: datetime = START
    wrong: timedelta = NOTHING
    ran: float = 0.0
    ahead: timedelta = NOTHING

    @property
    def shown(self) -> datetime:
        """What its clock shows."""
        return self.true + self.wrong

    def passes(self, time: timedelta, *, running: bool = True) -> None:
        """Let time pass, with a server running or without."""
        self.true += time
        self.ran += time.total_seconds() if running else 0.0

    def set_wrong(self, wrong: timedelta) -> None:
        """Set the clock."""
        self.wrong = wrong
        if wrong <= clock.pace.FAR:
            self.ahead = max(self.ahead, wrong)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Have the program ask this machine, while the block lasts."""
        machine = self

        class Shown(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Any:
                return machine.shown.astimezone(tz)

        with pytest.MonkeyPatch.context() as patch:
            # The places where the program asks for the time, and Python for chance.
            patch.setattr(actor, "datetime", Shown)
            patch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: machine.ran))
            patch.setattr(uuid, "os", SimpleNamespace(urandom=self.chance.randbytes))
            yield
