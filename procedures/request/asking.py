"""What is requested: checked, and compared with what waits already; nothing here writes anything."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tortoise.queryset import QuerySet

from models import Personal, Request, RequestContent, opened
from models.errors import Unfit
from models.values import line
from policies.actor import Actor
from procedures.request.errors import AlreadyAsked
from procedures.request.rectification import plain_columns, rectifiable, rectified, value_of_some_row

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
    earlier = await _about(waiting.filter(record_id=row.id), content.field)
    if earlier is not None:
        if (await opened(earlier)).wanted == content.wanted and not on_paper:
            return earlier
        raise AlreadyAsked
    await _check_number(waiting)
    return None


async def check_own(waiting: QuerySet[Request], model: type[Personal], field: str, by: Actor) -> None:
    """Refuse what the actor recorded before of some row, and more than can wait; of what others recorded nothing is told."""
    own = waiting.filter(record_id=None, recorded_by_id=by.actor_id)
    if await _about(own.filter(category=model.category), field) is not None:
        raise AlreadyAsked
    await _check_number(own)


async def _about(waiting: QuerySet[Request], field: str) -> Request | None:
    """The request about a field among those that wait."""
    for each in await waiting:
        if (await opened(each)).field == field:
            return each
    return None


async def _check_number(waiting: QuerySet[Request]) -> None:
    if await waiting.count() >= MOST:
        raise Unfit(f"{MOST} requests wait already. Wait for an answer, or take one back.", code="TOO_MANY")


def of_some_row(model: type[Personal], rectification: Rectification, now: datetime) -> RequestContent:
    """What is requested of a row that is not named, each part checked as far as that takes no row; raises Unfit."""
    wanted = value_of_some_row(model, rectification.field, rectification.wanted, now)
    return RequestContent(rectification.field, wanted, line(rectification.reason, "reason", longest=1000))


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
