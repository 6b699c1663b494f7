"""The channels that lead outside, by which messages leave.

Undelivered   the message did not get out; `code` says why, and `final` whether another try is in vain
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from models import MessageChannel


@dataclass(frozen=True, repr=False)
class Letter:
    """One message as it leaves: to one address, in plain text; its id is the same at every try."""

    id: UUID
    address: str
    subject: str
    text: str


class Undelivered(Exception):
    """A message did not get out.

    Args:
        code: UPPER_SNAKE and stable; holds no address and nothing of what the other side said.
        final: whether trying again would be in vain.
    """

    def __init__(self, code: str, *, final: bool) -> None:
        super().__init__(code)
        self.code = code
        self.final = final


class Channel(Protocol):
    """What takes a message over."""

    async def send(self, letter: Letter) -> None:
        """Hand a message over; once this returns, it is somebody else's to carry on.

        Raises:
            Undelivered: nobody has taken it.
        """


Channels = Mapping[MessageChannel, Channel]
