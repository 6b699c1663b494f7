"""Pages by keyset: a cursor names a record and an order, and holds no value of either.

It is signed for whoever it was given to: so a page goes on behind a record that may be seen no more, and nobody learns
of a record by making up a cursor for it.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from models.errors import ProcedureError
from policies.conditions import Plan
from policies.statements import Order
from schema.reading import guard
from schema.reading.context import Context
from schema.reading.guard import Question
from schema.reading.released import Plain, object_type, value
from schema.reading.selection import Selection, selected
from schema.reading.shapes import Shape, shape
from vault import vault

T = TypeVar("T")

#: The most records of one page.
LARGEST = 1_000


class PageTooLarge(ProcedureError):
    """More records were asked for than one page holds."""

    code = "PAGE_TOO_LARGE"
    message = f"Ask for 1 to {LARGEST} records a page, and follow `endCursor`."
    field = "first"


class StaleCursor(ProcedureError):
    """It is no cursor that this actor was given for this order, or nobody can tell any more where its record was."""

    code = "CURSOR_STALE"
    message = "This cursor is not valid here, or its record is gone. Start again from the first page."
    field = "after"


#: Sort keys that change: where a record stands by them is told to nobody who may not see it now.
_CHANGING: Final = frozenset({"dueAt", "priority", "name"})


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
    return connection(context, views, asked, more=more)


def check_first(first: int) -> None:
    """Refuse more records than a page has, or none.

    Raises:
        PageTooLarge: it is so.
    """
    if not 1 <= first <= LARGEST:
        raise PageTooLarge


def connection(
    context: Context, views: list[Any], asked: Page, *, more: bool, named: int = 1
) -> Connection[Any]:
    """A page of views that were read already; each cursor names so many records: its own, and those before it."""
    sign, keys = _signing(context, asked.order), [view.key for view in views]
    edges = [
        Edge(node=view, cursor=_encoded(sign(keys[max(0, place + 1 - named) : place + 1])))
        for place, view in enumerate(views)
    ]
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


def position(context: Context, asked: Page) -> list[UUID]:
    """The records that a cursor names; the last is its own.

    Raises:
        StaleCursor: it is no cursor that this actor was given for this order.
    """
    text = asked.after or ""
    try:
        padded = text + "=" * (-len(text) % 4)
        decoded = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        ids = list(map(UUID, decoded.split(":")[1].split(",")))
    except (binascii.Error, ValueError, IndexError) as error:
        raise StaleCursor from error
    if not hmac.compare_digest(_encoded(_signing(context, asked.order)(ids)), text):
        raise StaleCursor
    return ids


def _signing(context: Context, order: Order) -> Callable[[Iterable[UUID]], str]:
    """Names records in an order, with a signature for this actor."""
    mark = vault.current().mark if vault.reason() is None else _unsigned
    before = f"{'-' if order.descending else '+'}{order.field}:"

    def signed(ids: Iterable[UUID]) -> str:
        named = before + ",".join(map(str, ids))
        return f"{named}:{mark(f'cursor|{context.actor.actor_id}|{named}')[:32]}"

    return signed


def _unsigned(_: str) -> str:
    """While the vault is sealed nothing personal is listed, and a cursor is as good as its record."""
    return ""


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


async def _after(context: Context, info: Any, type_name: str, question: Question, asked: Page) -> Question:
    """The question continued behind the cursor's record, whose place is looked up as the actor sees it."""
    id = position(context, asked)[-1]
    form = shape(type_name)
    selection = selected(info, type_name).written(type_name, f"{{ {asked.order.field} }}")
    mark = await guard.one(context.aside(), selection, Question().among("id", [id]))
    plan = context.policy.plan(context.actor, type_name)
    if mark is not None:
        value = mark.__dict__[form.attributes[asked.order.field]]
    else:
        value = await _former_place(form, plan, asked.order, id)
    return question.also(asked.order.after(plan, value), {"after": value, "after.id": id})


async def _former_place(form: Shape, plan: Plan, order: Order, id: UUID) -> Any:
    """Where a record stands that this actor was shown and may see no more; only by what is the same as then.

    Raises:
        StaleCursor: it is gone, may have moved since, or was not shown to everybody alike.
    """
    if order.field in _CHANGING or not order.plain(plan) or vault.reason() is not None:
        raise StaleCursor
    rows = form.resource.model.filter(id=id)
    found = await rows.values_list(form.columns[order.field].name, flat=True)
    if not found:
        raise StaleCursor
    return found[0]
