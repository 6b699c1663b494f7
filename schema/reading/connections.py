"""Pages by keyset: a cursor names a record and an order, and holds no value of either."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from uuid import UUID

from models.errors import ProcedureError
from policies.statements import Order
from schema.reading import guard
from schema.reading.context import Context
from schema.reading.guard import Question
from schema.reading.released import Plain, object_type, value
from schema.reading.selection import Selection, selected
from schema.reading.shapes import shape

T = TypeVar("T")

#: The most records of one page.
LARGEST = 1_000


class PageTooLarge(ProcedureError):
    """More records were asked for than one page holds."""

    code = "PAGE_TOO_LARGE"
    message = f"Ask for 1 to {LARGEST} records a page, and follow `endCursor`."
    field = "first"


class StaleCursor(ProcedureError):
    """The cursor's record is not there any more, for this actor at least; or it is no cursor."""

    code = "CURSOR_STALE"
    message = "This cursor is not valid, or its record is gone. Start again from the first page."
    field = "after"


@object_type
class PageInfo(Plain):
    """Whether there are more pages, and the cursors to get them."""

    has_next_page: bool = value("Whether there are records after this page.")
    end_cursor: str | None = value("The cursor of the last record; give it as `after` to get the next page.")
    has_previous_page: bool = value("Whether this page was requested by a cursor.")
    start_cursor: str | None = value("The cursor of the first record.")


@object_type
class Edge(Plain, Generic[T]):
    """A record with its cursor."""

    node: T = value("The record.")
    cursor: str = value("The cursor of the record.")


@object_type
class Connection(Plain, Generic[T]):
    """A page of the records that you may see."""

    nodes: list[T] = value("The records.")
    edges: list[Edge[T]] = value("The records with their cursors.")
    page_info: PageInfo = value("Where the page ends.")


@dataclass(frozen=True)
class Page:
    """What a client asks of a connection."""

    first: int
    after: str | None
    order: Order


async def page(info: Any, type_name: str, question: Question, asked: Page) -> Connection[Any]:
    """One page of records.

    Raises:
        PageTooLarge: the page is larger than pages get.
        StaleCursor: the cursor leads nowhere.
    """
    context: Context = info.context
    check_first(asked.first)
    question = replace(question, order=asked.order)
    if asked.after is not None:
        question = await _after(context, info, type_name, question, asked)
    views, more = await guard.page(context, nodes(info, type_name), question, asked.first)
    return connection(views, asked, more=more)


def check_first(first: int) -> None:
    """Refuse more records than a page has, or none.

    Raises:
        PageTooLarge: it is so.
    """
    if not 1 <= first <= LARGEST:
        raise PageTooLarge


def connection(views: list[Any], asked: Page, *, more: bool) -> Connection[Any]:
    """A page of views that were read already."""
    edges = [Edge(node=view, cursor=cursor(asked.order, view.key)) for view in views]
    info = PageInfo(
        has_next_page=more,
        end_cursor=edges[-1].cursor if edges else None,
        has_previous_page=asked.after is not None,
        start_cursor=edges[0].cursor if edges else None,
    )
    return Connection(nodes=views, edges=edges, page_info=info)


def nodes(info: Any, type_name: str) -> Selection:
    """What is asked of a page's records, under `nodes` and under `edges`."""
    direct = selected(info, type_name, "nodes")
    below = selected(info, type_name, "edges", "node")
    return replace(direct, sets=[*direct.sets, *below.sets])


def cursor(order: Order, id: UUID) -> str:
    """The cursor of a record in an order."""
    text = f"{'-' if order.descending else '+'}{order.field}:{id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def position(text: str, order: Order) -> UUID:
    """The record that a cursor names.

    Raises:
        StaleCursor: it is no cursor of this order.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        id = UUID(base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").rpartition(":")[2])
    except (binascii.Error, ValueError) as error:
        raise StaleCursor from error
    if cursor(order, id) != text:
        raise StaleCursor
    return id


async def _after(context: Context, info: Any, type_name: str, question: Question, asked: Page) -> Question:
    """The question continued behind the cursor's record, whose place is looked up as the actor sees it."""
    id = position(asked.after or "", asked.order)
    form = shape(type_name)
    selection = selected(info, type_name).written(type_name, f"{{ {asked.order.field} }}")
    mark = await guard.one(context.aside(), selection, Question().among("id", [id]))
    if mark is None:
        raise StaleCursor
    plan = context.policy.plan(context.actor, type_name)
    value = mark.__dict__[form.attributes[asked.order.field]]
    return question.also(asked.order.after(plan, value), {"after": value, "after.id": id})
