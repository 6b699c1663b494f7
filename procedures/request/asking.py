"""What is requested: checked, and compared with what waits already; nothing here writes anything."""

from dataclasses import dataclass
from typing import Final

from tortoise.queryset import QuerySet

from models import Personal, Request, RequestContent, opened
from models.errors import Unfit
from models.values import line
from policies.actor import Actor
from procedures.request.errors import AlreadyAsked
from procedures.request.rectification import plain_columns, rectifiable, rectified

#: How many requests of a customer can wait at once.
MOST: Final = 20


@dataclass(frozen=True, repr=False)
class Rectification:
    """What a customer requests: the field by its GraphQL name, its right value (None for empty), and the reason."""

    field: str
    wanted: str | None
    reason: str


async def check_waiting(
    waiting: QuerySet[Request], row: Personal, content: RequestContent, *, on_paper: bool = False
) -> Request | None:
    """The same request that waits already; on paper nobody learns whether it is the same."""
    for each in await waiting.filter(record_id=row.id):
        earlier = await opened(each)
        if earlier.field == content.field:
            if earlier.wanted == content.wanted and not on_paper:
                return each
            raise AlreadyAsked
    if await waiting.count() >= MOST:
        raise Unfit(f"{MOST} requests wait already. Wait for an answer, or take one back.", code="TOO_MANY")
    return None


async def checked(
    row: Personal, rectification: Rectification, by: Actor, *, on_paper: bool = False
) -> RequestContent:
    """What is requested, each part checked and in its one spelling."""
    before = await opened(row)
    field = rectification.field
    plain = plain_columns(row) if on_paper else None
    right = rectified(type(row), before, field, rectification.wanted, by.now, plain=plain)
    if right == before and not on_paper:
        raise Unfit("It is as you want it. There is nothing to change.", "wanted", code="NOTHING_TO_CHANGE")
    wanted = getattr(right, rectifiable(type(row), on_paper=on_paper)[field].name)
    return RequestContent(field, wanted, line(rectification.reason, "reason", longest=1000))
