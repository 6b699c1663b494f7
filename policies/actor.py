"""Who is asking, why, and what time it is: everything a decision may know besides the records."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from models import Purpose, Role

Kind = Literal["Employee", "Customer", "PartnerClient", "Anonymous"]


class Channel(StrEnum):
    """The way by which somebody asks."""

    API = "API"
    CONSOLE = "CONSOLE"
    PARTNER_NETWORK = "PARTNER_NETWORK"


def utc_now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Actor:
    """One actor with the purposes stated in this request.

    `now` is read from the clock at every statement, so that what ends between two statements of one
    request ends for the second. `customer_id` is set for a customer, `partner_id` for a partner's client.
    `channel` is the console where a command on the machine asks on somebody's behalf, and the partner's network where its
    client calls the API from an address there; what the server does by itself for somebody is done by the API, where they
    asked for it.
    """

    kind: Kind = "Anonymous"
    actor_id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    customer_id: UUID | None = None
    partner_id: UUID | None = None
    purposes: frozenset[Purpose] = frozenset()
    clock: Callable[[], datetime] = field(default=utc_now, compare=False)
    session_id: UUID | None = None
    channel: Channel = Channel.API

    @property
    def now(self) -> datetime:
        """The instant of the decision, in UTC."""
        return self.clock()


ANONYMOUS = Actor()
