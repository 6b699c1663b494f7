"""The channels that messages are sent by, and the error of a message that was not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from models import MessageChannel


@dataclass(frozen=True, repr=False)
class Letter:
    """One message as it is sent: to one address, in plain text; its id is the same at every try."""

    id: UUID
    address: str
    subject: str
    text: str


class Undelivered(Exception):
    """A message was not sent.

    Args:
        code: UPPER_SNAKE and stable; holds no address and nothing of what the other side said.
        final: whether trying again would be in vain.
    """

    def __init__(self, code: str, *, final: bool) -> None:
        super().__init__(code)
        self.code = code
        self.final = final


class Channel(Protocol):
    """A channel of one kind: mail or text message."""

    async def send(self, letter: Letter) -> None:
        """Hand a message over; once this returns, the other side has taken it.

        Raises:
            Undelivered: it has not.
        """


Channels = Mapping[MessageChannel, Channel]
