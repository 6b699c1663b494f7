"""The anchor that everything about a person hangs on, and how customers are found."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from models import CustomerStatus, camel, folded
from models.errors import ProcedureError
from models.values import line
from policies import ir, search
from policies.ir import Compare, Const, Path
from policies.registry import resources
from policies.search import Order
from schema.attestation import Attestation
from schema.break_glass import BreakGlass
from schema.category import Edges
from schema.consent import Consent
from schema.enums import describe
from schema.legal_hold import LegalHold
from schema.message import Message
from schema.reading import (
    After,
    Connection,
    Context,
    First,
    Guarded,
    Ident,
    Page,
    Question,
    Released,
    StaleCursor,
    by_id,
    check_size,
    connection,
    guard,
    many,
    nodes,
    page,
    position,
    recorded,
    selected,
    signed_in,
    value,
)
from schema.request import Request
from schema.task import Task

#: The most customers that can be sorted by what is only known once their rows are opened.
SORTABLE = 5_000

OF = "customer_id"


@recorded
@strawberry.type(description="A person, as a number; what is personal lies in the categories below.")
class Customer(Edges, Released, Guarded):  # type: ignore[misc]  # made of the declarations
    """A customer."""

    number: str | None = value("The number by which customer and company speak of the record.")
    status: CustomerStatus | None = value("Where the customer stands with us.")
    restricted: bool | None = value("Whether the data are kept but not used, at the customer's request.")
    created_at: datetime | None = value("Since when the customer is known.")
    consents: list[Consent] | None = many("Consent", "What the customer consents to.", there=OF)
    tasks: list[Task] | None = many("Task", "What is done for the customer.", there=OF)
    legal_holds: list[LegalHold] | None = many(
        "LegalHold", "What the law forbids to erase yet, and why.", there=OF
    )
    attestations: list[Attestation] | None = many(
        "Attestation", "What of the customer's data was confirmed to be right.", there=OF
    )
    break_glasses: list[BreakGlass] | None = many(
        "BreakGlass", "Who asked to read the data without a task, and why.", there=OF
    )
    messages: list[Message] | None = many(
        "Message", "Messages to the customer: those that were sent, and those to be read here.", there=OF
    )
    requests: list[Request] | None = many("Request", "What the customer asked to be put right.", there=OF)


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


class CustomerSort(Enum):
    """Sort keys of customers."""

    NUMBER = "number"
    CREATED_AT = "createdAt"
    FAMILY_NAME = "familyName"


class Direction(Enum):
    """Sort directions."""

    ASC = "asc"
    DESC = "desc"


describe(
    CustomerSort,
    "What customers are sorted by.",
    NUMBER="By number.",
    CREATED_AT="By the day they became known.",
    FAMILY_NAME="By family name; at most 5,000 customers.",
)
describe(Direction, "Which way to sort.", ASC="The least first.", DESC="The greatest first.")


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
    given_name: str | None = strawberry.field(default=None, description="The given names, in any case.")
    family_name: str | None = strawberry.field(default=None, description="The family name, in any case.")
    email: str | None = strawberry.field(default=None, description="An e-mail address, in any case.")
    phone: str | None = strawberry.field(
        default=None, description="A telephone number, however it is spaced."
    )
    personal_code: str | None = strawberry.field(
        default=None, description="A personal code, whatever separates its parts."
    )


@strawberry.type
class CustomerQueries:
    """What can be asked about customers."""

    @strawberry.field(description="A customer by identifier; null when there is none for you.")
    async def customer(self, info: Info[Context, None], id: Ident) -> Customer | None:
        """One customer."""
        found: Customer | None = await by_id(info, "Customer", id)
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
        signed_in(info.context)
        sorting = order_by or CustomerOrder()
        asked = Page(first, after, Order(sorting.by.value, sorting.direction is Direction.DESC))
        question = _customers(info.context, filter or CustomerFilter())
        check_size(asked)
        if sorting.by is CustomerSort.FAMILY_NAME:
            return await _by_family_name(info, question, asked)
        return await page(info, "Customer", question, asked)


def _customers(context: Context, filter: CustomerFilter) -> Question:
    """The filter as conditions on cells the actor may see."""
    plan = context.policy.plan(context.actor, "Customer")
    question = Question()
    if filter.number is not None:
        question = question.also(
            search.equals(plan, "number", "number"), {"number": line(filter.number, "number")}
        )
    if filter.status is not None:
        question = question.also(search.equals(plan, "status", "status"), {"status": filter.status.value})
    for name, text, edge, (record, field, column) in (
        ("givenName", filter.given_name, "identity", ("Identity", "givenName", "given_name_index")),
        ("familyName", filter.family_name, "identity", ("Identity", "familyName", "family_name_index")),
        ("personalCode", filter.personal_code, "personalCodes", ("PersonalCode", "code", "code_index")),
    ):
        if text is not None:
            fits = {field: search.indexed(camel(column), name)}
            found = search.holding(plan, edge, context.policy.plan(context.actor, record), fits)
            question = question.also(found, _wanted(record, column, text, name))
    for kind, name, text in (("EMAIL", "email", filter.email), ("PHONE", "phone", filter.phone)):
        if text is not None:
            wanted = _wanted("ContactPoint", "value_index", text, name)
            question = question.also(_contact(context, kind, name), wanted)
    return question


def _contact(context: Context, kind: str, name: str) -> ir.Condition:
    plan = context.policy.plan
    fields: dict[str, ir.Condition] = {
        "kind": Compare("=", Path(ir.THIS, ("kind",)), Const(kind)),
        "value": search.indexed("valueIndex", name),
    }
    return search.holding(
        plan(context.actor, "Customer"), "contactPoints", plan(context.actor, "ContactPoint"), fields
    )


def _wanted(record: str, column: str, text: str, name: str) -> dict[str, bytes]:
    """The values of the parameters that find a text by its blind index."""
    index: Any = resources()[record].model._meta.fields_map[column]
    if not index.normalise(text):
        raise NothingToFind(name)
    newest, former = index.wanted(text)
    return {name: newest, f"{name}.former": former}


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
