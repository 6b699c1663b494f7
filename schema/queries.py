"""The queries: every one of them reads through the guard."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from models.contact import reachable
from models.fields import folded
from policies import ir, search
from policies.ir import Compare, Const, Param, Path
from policies.search import Order
from procedures.errors import ProcedureError, Unauthenticated
from schema import guard
from schema.company import Company
from schema.connection import Connection, Page, StaleCursor, check_size, connection, nodes, page, position
from schema.context import Context
from schema.customer import Customer
from schema.employee import Employee
from schema.enums import CustomerStatus, Purpose, TaskStatus
from schema.guard import Question
from schema.node import Node, decode, key_of
from schema.notice import Notice
from schema.partner import PartnerClient
from schema.selection import selected
from schema.task import Task

#: The most customers that can be sorted by what is only known once their rows are opened.
SORTABLE = 5_000

Me = Annotated[Customer | Employee | PartnerClient, strawberry.union("Me", description="Whoever asks.")]


class TooManyToSort(ProcedureError):
    """A sealed value cannot be sorted by the database, and there are too many records to sort here."""

    def __init__(self) -> None:
        super().__init__(
            "TOO_MANY_TO_SORT",
            f"More than {SORTABLE} customers would have to be sorted. Narrow the filter.",
            "orderBy",
        )


class NothingToFind(ProcedureError):
    """A search for nothing."""

    def __init__(self, field: str) -> None:
        super().__init__(
            "NOTHING_TO_FIND", "An empty value finds nothing. Leave the filter out or give a value.", field
        )


@strawberry.enum(description="What customers are sorted by.")
class CustomerSort(Enum):
    """Sort keys of customers."""

    NUMBER = "number"
    CREATED_AT = "createdAt"
    FAMILY_NAME = "familyName"


@strawberry.enum(description="Which way to sort.")
class Direction(Enum):
    """Sort directions."""

    ASC = "asc"
    DESC = "desc"


@strawberry.input(description="How to sort customers. Values that are withheld come last.")
class CustomerOrder:
    """A sort key and a direction."""

    by: CustomerSort = strawberry.field(default=CustomerSort.NUMBER, description="The sort key.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="The direction.")


@strawberry.input(description="Which customers. A value that is withheld from you matches nothing.")
class CustomerFilter:
    """Conditions on customers, all of which must hold."""

    number: str | None = strawberry.field(default=None, description="The customer's number, exactly.")
    status: CustomerStatus | None = strawberry.field(default=None, description="The customer's status.")
    family_name: str | None = strawberry.field(default=None, description="The family name, in any case.")
    email: str | None = strawberry.field(default=None, description="An e-mail address, in any case.")
    phone: str | None = strawberry.field(
        default=None, description="A telephone number, however it is spaced."
    )


@strawberry.input(description="Which tasks.")
class TaskFilter:
    """Conditions on tasks, all of which must hold."""

    status: TaskStatus | None = strawberry.field(default=None, description="The task's status.")
    purpose: Purpose | None = strawberry.field(default=None, description="The task's purpose.")
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="The customer it is about."
    )


First = Annotated[int, strawberry.argument(description="How many, at most 1,000.")]
After = Annotated[str | None, strawberry.argument(description="Behind which cursor.")]
Ident = Annotated[strawberry.ID, strawberry.argument(description="The identifier.")]


@strawberry.type(
    description="What can be asked. Every field of every record is released only as the policies decide."
)
class Query:
    """The root of all queries."""

    @strawberry.field(description="Whoever asks; null when not signed in.")
    async def me(self, info: Info[Context, None]) -> Me | None:
        """The asker's own record."""
        asker = info.context.asker
        if asker.kind == "Anonymous":
            return None
        name, key, id = {
            "Employee": ("Employee", "actorId", asker.actor_id),
            "PartnerClient": ("PartnerClient", "actorId", asker.actor_id),
            "Customer": ("Customer", "id", asker.customer_id),
        }[asker.kind]
        return await guard.one(info.context, selected(info, name), Question().among(key, [id]))

    @strawberry.field(description="A customer by identifier; null when there is none for you.")
    async def customer(self, info: Info[Context, None], id: Ident) -> Customer | None:
        """One customer."""
        found: Customer | None = await _by_id(info, "Customer", id)
        return found

    @strawberry.field(description="The customers you may see.")
    async def customers(
        self,
        info: Info[Context, None],
        first: First = 50,
        after: After = None,
        filter: Annotated[CustomerFilter | None, strawberry.argument(description="Which customers.")] = None,
        order_by: Annotated[
            CustomerOrder | None, strawberry.argument(description="How to sort them.")
        ] = None,
    ) -> Connection[Customer]:
        """A page of customers."""
        _signed_in(info.context)
        order = order_by or CustomerOrder()
        asked = Page(first, after, Order(order.by.value, order.direction is Direction.DESC))
        question = _customers(info.context, filter or CustomerFilter())
        check_size(asked)
        if order.by is CustomerSort.FAMILY_NAME:
            return await _by_family_name(info, question, asked)
        return await page(info, "Customer", question, asked)

    @strawberry.field(description="A task by identifier; null when there is none for you.")
    async def task(self, info: Info[Context, None], id: Ident) -> Task | None:
        """One task."""
        found: Task | None = await _by_id(info, "Task", id)
        return found

    @strawberry.field(description="The tasks you may see, the oldest first.")
    async def tasks(
        self,
        info: Info[Context, None],
        first: First = 50,
        after: After = None,
        filter: Annotated[TaskFilter | None, strawberry.argument(description="Which tasks.")] = None,
    ) -> Connection[Task]:
        """A page of tasks."""
        _signed_in(info.context)
        question = _tasks(info.context, filter or TaskFilter())
        return await page(info, "Task", question, Page(first, after, Order("openedAt")))

    @strawberry.field(description="The companies you may see, by name.")
    async def companies(
        self, info: Info[Context, None], first: First = 50, after: After = None
    ) -> Connection[Company]:
        """A page of companies."""
        _signed_in(info.context)
        return await page(info, "Company", Question(), Page(first, after, Order("name")))

    @strawberry.field(description="The privacy notices in use, the oldest first.")
    async def notices(
        self, info: Info[Context, None], first: First = 50, after: After = None
    ) -> Connection[Notice]:
        """A page of notices."""
        return await page(info, "Notice", Question(), Page(first, after, Order("createdAt")))

    @strawberry.field(description="Any record by identifier; null when there is none for you.")
    async def node(self, info: Info[Context, None], id: Ident) -> Node | None:
        """One record of any type."""
        type_name, _ = decode(id)
        found: Node | None = await _by_id(info, type_name, id)
        return found

    @strawberry.field(
        description="Records by identifier, at most 100, in the order asked; null where there is none for you."
    )
    async def nodes(
        self,
        info: Info[Context, None],
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="The identifiers.")],
    ) -> list[Node | None]:
        """Several records of any types."""
        if len(ids) > 100:
            raise ProcedureError("PAGE_TOO_LARGE", "Ask for at most 100 identifiers at a time.", "ids")
        keys = [decode(id) for id in ids]
        found: dict[Any, Any] = {}
        for type_name in sorted({name for name, _ in keys}):
            wanted = [key for name, key in keys if name == type_name]
            views = await guard.read(info.context, selected(info, type_name), Question().among("id", wanted))
            found |= {(type_name, view.key): view for view in views}
        return [found.get(key) for key in keys]


def _signed_in(context: Context) -> None:
    if context.asker.kind == "Anonymous":
        raise Unauthenticated


async def _by_id(info: Any, type_name: str, id: str) -> Any:
    key = key_of(id, type_name)
    return await guard.one(info.context, selected(info, type_name), Question().among("id", [key]))


def _customers(context: Context, filter: CustomerFilter) -> Question:
    """The filter as conditions on cells the asker may see."""
    plan = context.policy.plan(context.asker, "Customer")
    question = Question()
    if filter.number is not None:
        question = question.also(search.equals(plan, "number", "number"), {"number": filter.number})
    if filter.status is not None:
        question = question.also(search.equals(plan, "status", "status"), {"status": filter.status.value})
    if filter.family_name is not None:
        field = {"familyName": Compare("=", Path(ir.THIS, ("familyNameIndex",)), Param("familyName"))}
        found = search.holding(plan, "identity", context.policy.plan(context.asker, "Identity"), field)
        question = question.also(found, {"familyName": _index(folded(filter.family_name), "familyName")})
    for kind, name, value in (("EMAIL", "email", filter.email), ("PHONE", "phone", filter.phone)):
        if value is not None:
            question = question.also(_contact(context, kind, name), {name: _index(reachable(value), name)})
    return question


def _contact(context: Context, kind: str, name: str) -> ir.Condition:
    plan = context.policy.plan
    fields: dict[str, ir.Condition] = {
        "kind": Compare("=", Path(ir.THIS, ("kind",)), Const(kind)),
        "value": Compare("=", Path(ir.THIS, ("valueIndex",)), Param(name)),
    }
    return search.holding(
        plan(context.asker, "Customer"), "contactPoints", plan(context.asker, "ContactPoint"), fields
    )


def _index(text: str, field: str) -> bytes:
    if not text:
        raise NothingToFind(field)
    return text.encode()


def _tasks(context: Context, filter: TaskFilter) -> Question:
    plan = context.policy.plan(context.asker, "Task")
    question = Question()
    if filter.status is not None:
        question = question.also(search.equals(plan, "status", "status"), {"status": filter.status.value})
    if filter.purpose is not None:
        question = question.also(search.equals(plan, "purpose", "purpose"), {"purpose": filter.purpose.value})
    if filter.customer_id is not None:
        field = Compare("=", Path(ir.THIS, ("customerId",)), Param("customer"))
        where = ir.conjunction([plan.grant("customer").condition, field])
        question = question.also(where, {"customer": key_of(filter.customer_id, "Customer")})
    return question


async def _by_family_name(info: Any, question: Question, asked: Page) -> Connection[Customer]:
    """Customers by a value that is only known once opened: all that may be seen are sorted here."""
    context: Context = info.context
    everyone = selected(info, "Customer").written("Customer", "{ identity { familyName } }")
    views = await guard.read(context.aside(), everyone, question.first(SORTABLE + 1))
    if len(views) > SORTABLE:
        raise TooManyToSort
    ids = _sorted(views, descending=asked.order.descending)
    start = 0 if asked.after is None else _behind(ids, position(asked.after, asked.order))
    wanted = ids[start : start + asked.first]
    found = await guard.read(context, nodes(info, "Customer"), question.among("id", wanted))
    places = {view.key: view for view in found}
    return connection(
        [places[id] for id in wanted if id in places], asked, more=len(ids) > start + len(wanted)
    )


def _sorted(views: list[Any], *, descending: bool) -> list[UUID]:
    """The customers' keys by family name; those whose name is withheld or absent come last."""
    names = {view.key: view.identity and view.identity.family_name for view in views}
    ids = sorted(names)
    known = sorted((id for id in ids if names[id]), key=lambda id: folded(names[id]), reverse=descending)
    return known + [id for id in ids if not names[id]]


def _behind(ids: list[UUID], id: UUID) -> int:
    if id not in ids:
        raise StaleCursor
    return ids.index(id) + 1
