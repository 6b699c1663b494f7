"""How much somebody at the front desk may look up in a day, and from when on that is conspicuous."""

import math
from datetime import timedelta
from typing import Final

from procedures.errors import RateLimited

#: How long a look-up counts against the account that made it.
WINDOW: Final = timedelta(days=1)
#: Somebody at a desk serves a caller every two and a half minutes at most: 190 in eight hours.
A_DAY: Final = 200
#: What a look-up counts that finds nobody: guessing misses, and people who call know their address.
MISS: Final = 4


class DeskLimited(RateLimited):
    """The account looked up as much as it may in a day.

    Args:
        left: how long look-ups are refused.
    """

    def __init__(self, left: timedelta) -> None:
        super().__init__(max(math.ceil(left.total_seconds()), 1), "Too much was looked up in a day.")


class DeskBounds:
    """How much one account of an installation may look up in a day; a look-up that finds nobody counts four times."""

    def __init__(self) -> None:
        self.a_day = A_DAY

    @property
    def conspicuous(self) -> int:
        """How much in a day the privacy officers are told of: three quarters of what is allowed."""
        return self.a_day * 3 // 4
