"""Customers, and how they are searched for."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from models import Choice, CustomerStatus, TaskStatus, camel, folded
from models.errors import ProcedureError
from models.values import line
from policies.conditions import Compare, Const, Exists, Param, Path, ir, negated
from policies.registry import resources
from policies.statements import Order, search
from procedures.imports import marks
from schema.attestation import Attestation
from schema.break_glass import BreakGlass
from schema.category import Edges
from schema.consent import Consent
from schema.dictation import Dictation
from schema.enums import Direction, choice
from schema.instruction import Instruction
from schema.legal_hold import LegalHold
from schema.message import Message
from schema.outside_key import OutsideKey
from schema.reading import (
    After,
    Connection,
    Context,
    ContextInfo,
    First,
    Guarded,
    Page,
    Question,
    Released,
    StaleCursor,
    actor_of,
    check_first,
    connection,
    guard,
    input_type,
    many,
    nodes,
    one_of,
    page,
    position,
    query,
    recorded,
    selected,
    value,
)
from schema.request import Request
from schema.scan import Scan
from schema.task import NOBODY, Task

#: The most customers that can be sorted by what is only known once their rows are opened.
SORTABLE = 5_000
#: How many customers a cursor of that order names, so that the page goes on behind the last that may still be seen.
NEIGHBOURS = 10


@recorded
class Customer(Edges, Released, Guarded):  # type: ignore[misc]  # made of the declarations
    """A customer. The record itself has no personal data: those are in the fields of each category."""

    number: str | None = value("The customer's number, such as C-1234-5678.")
    status: CustomerStatus | None = value("Whether the customer is active or has left.")
    restricted: bool | None = value(
        "Whether processing is restricted at the customer's request: the data are kept, and "
        "only the customer can read them."
    )
    created_at: datetime | None = value("When the customer was recorded.")
    consents: list[Consent] | None = many("The customer's consents, in every state.")
    tasks: list[Task] | None = many("The tasks for the customer.")
    legal_holds: list[LegalHold] | None = many("The legal holds on the customer's data.")
    attestations: list[Attestation] | None = many("The confirmations that the customer's data are right.")
    break_glasses: list[BreakGlass] | None = many("The break-glass requests for the customer's data.")
    messages: list[Message] | None = many("Messages sent to the customer, and messages to be read here.")
    instructions: list[Instruction] | None = many(
        "What others than the customer said of the customer's consents, decided or not."
    )
    dictations: list[Dictation] | None = many(
        "What others than the customer wrote into the customer's data, as they say on the customer's word."
    )
    scans: list[Scan] | None = many("The scans of letters that came for the customer.")
    requests: list[Request] | None = many("The customer's requests to correct data.")
    outside_keys: list[OutsideKey] | None = many(
        "The keys under which other systems, from which data were imported, know the customer."
    )


class TooManyToSort(ProcedureError):
    """A sealed value cannot be sorted by the database, and there are too many records to sort here."""

    code = "TOO_MANY_TO_SORT"
    message = f"More than {SORTABLE} customers would have to be sorted. Narrow the filter."
    field = "orderBy"


class NothingToFind(ProcedureError):
    """A search for nothing."""

    def __init__(self, field: str) -> None:
        super().__init__(
            "NOTHING_TO_FIND", "An empty value finds nothing. Leave the filter out or give a value.", field
        )


@choice
class CustomerSort(Choice):
    """What to sort customers by."""

    NUMBER = "number", "The customer's number."
    CREATED_AT = "createdAt", "When the customer was recorded."
    FAMILY_NAME = "familyName", "The family name; for at most 5,000 customers."


@input_type
class CustomerOrder:
    """How to sort customers. Values that you may not read come last."""

    by: CustomerSort = value("What to sort by.", default=CustomerSort.NUMBER)
    direction: Direction = value("The direction.", default=Direction.ASC)


@input_type
class OutsideKeyInput:
    """What another system calls a customer."""

    source: str = value("The name of the other system, as the import was given it.")
    key: str = value("The customer's key there, exactly as it is written.")


@input_type
class CustomerFilter:
    """Which customers to return; all conditions must hold. Values that you may not read match nothing."""

    number: str | None = value("The customer's number.", default=None)
    status: CustomerStatus | None = value("The customer's status.", default=None)
    given_name: str | None = value("The given names; case does not matter.", default=None)
    family_name: str | None = value("The family name; case does not matter.", default=None)
    company_name: str | None = value(
        "The company that the customer acts for; case does not matter.", default=None
    )
    email: str | None = value("An e-mail address; case does not matter.", default=None)
    phone: str | None = value("A telephone number; spaces do not matter.", default=None)
    personal_code: str | None = value(
        "A national identification number; separators do not matter.", default=None
    )
    outside_key: OutsideKeyInput | None = value(
        "The key under which another system knows the customer.", default=None
    )
    without_task: bool | None = value(
        "Only customers of whom you can see that nobody has an open task that is not over its day (true), or that "
        "somebody has (false).",
        default=None,
    )


CUSTOMER = one_of(Customer, "customer", "A customer by identifier; null if there is none that you may see.")


@query
async def customers(
    first: First = 50,
    after: After = None,
    filter: Annotated[CustomerFilter | None, "Which customers to return."] = None,
    order_by: Annotated[CustomerOrder | None, "How to sort them."] = None,
    *,
    info: ContextInfo,
) -> Connection[Customer]:
    """The customers that you may see."""
    actor_of(info)
    sorting = order_by or CustomerOrder()
    asked = Page(first, after, Order(sorting.by.value, sorting.direction is Direction.DESC))
    question = _customers(info.context, filter or CustomerFilter())
    if filter and filter.outside_key:
        question = await _known_as(info.context, question, filter.outside_key)
    check_first(first)
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
    if filter.without_task is not None:
        somebody = _somebodys_task(context)
        holds = negated(somebody) if filter.without_task else somebody
        question = question.also(
            ir.conjunction([plan.grant("tasks").condition, holds]), {"now": context.actor.now}
        )
    for name, text, edge, (record, field, column) in (
        ("givenName", filter.given_name, "identity", ("Identity", "givenName", "given_name_index")),
        ("familyName", filter.family_name, "identity", ("Identity", "familyName", "family_name_index")),
        ("companyName", filter.company_name, "identity", ("Identity", "companyName", "company_name_index")),
        ("personalCode", filter.personal_code, "personalCodes", ("PersonalCode", "code", "code_index")),
    ):
        if text is not None:
            fits = {field: search.indexed(camel(column), name)}
            holds = search.holding(plan, edge, context.policy.plan(context.actor, record), fits)
            question = question.also(holds, _index_values(record, column, text, name))
    for kind, name, text in (("EMAIL", "email", filter.email), ("PHONE", "phone", filter.phone)):
        if text is not None:
            values = _index_values("ContactPoint", "value_index", text, name)
            question = question.also(_contact(context, kind, name), values)
    return question


async def _known_as(context: Context, question: Question, wanted: OutsideKeyInput) -> Question:
    """The same, of the customer whom another system knows under a key, if the actor may look for customers so."""
    source, key = wanted.source.strip(), wanted.key.strip()
    if not source or not key:
        raise NothingToFind("outsideKey")
    may_find = context.policy.action(context.actor, "find_by_outside_key", "Customer").condition
    known = Compare("=", Path(ir.THIS, ("id",)), Param("known"))
    found = await marks.customer_of(source, key)
    return question.also(ir.conjunction([may_find, known]), {"known": found or NOBODY})


def _somebodys_task(context: Context) -> ir.Condition:
    """Customers with an open task that the actor may see, whom it is assigned to, too, and that is not over its day."""
    tasks = context.policy.plan(context.actor, "Task")
    cell = partial(Path, ir.THIS)
    grants = [tasks.grant(field).condition for field in ("status", "assignee", "dueAt")]
    lasting = [
        Compare("=", cell(("status",)), Const(TaskStatus.OPEN.value)),
        Compare("!=", cell(("assigneeId",)), Const(None)),
        Compare(">", cell(("dueAt",)), Param("now")),
    ]
    where = search.moved(ir.conjunction([*grants, *lasting]), "task")
    return Exists("task", Path(ir.THIS, ("tasks",)), where)


def _contact(context: Context, kind: str, name: str) -> ir.Condition:
    plan = context.policy.plan
    fields: dict[str, ir.Condition] = {
        "kind": Compare("=", Path(ir.THIS, ("kind",)), Const(kind)),
        "value": search.indexed("valueIndex", name),
    }
    return search.holding(
        plan(context.actor, "Customer"), "contactPoints", plan(context.actor, "ContactPoint"), fields
    )


def _index_values(record: str, column: str, text: str, name: str) -> dict[str, bytes]:
    """The values of the parameters that find a text by its blind index."""
    index: Any = resources()[record].model._meta.fields_map[column]
    if not index.normalise(text):
        raise NothingToFind(name)
    newest, former = index.lookup_indexes(text)
    return {name: newest, f"{name}.former": former}


async def _by_family_name(info: Any, question: Question, asked: Page) -> Connection[Customer]:
    """Customers by a value that is only known once opened: all that may be seen are sorted here."""
    context: Context = info.context
    everyone = selected(info, "Customer").written("Customer", "{ identity { familyName } }")
    views = await guard.read(context.aside(), everyone, question.first(SORTABLE + 1))
    if len(views) > SORTABLE:
        raise TooManyToSort
    ids = _sorted(views, descending=asked.order.descending)
    start = 0 if asked.after is None else _behind(ids, position(context, asked))
    page_ids = ids[start : start + asked.first]
    by_key = {
        view.key: view
        for view in await guard.read(context, nodes(info, "Customer"), question.among("id", page_ids))
    }
    views = [by_key[id] for id in page_ids if id in by_key]
    return connection(context, views, asked, more=len(ids) > start + len(page_ids), named=NEIGHBOURS)


def _sorted(views: list[Any], *, descending: bool) -> list[UUID]:
    """The customers' keys by family name; those whose name is withheld or absent come last."""
    names = {view.key: view.identity and view.identity.family_name for view in views}
    ids = sorted(names)
    named = sorted((id for id in ids if names[id]), key=lambda id: folded(names[id]), reverse=descending)
    return named + [id for id in ids if not names[id]]


def _behind(ids: list[UUID], named: list[UUID]) -> int:
    """The place behind the last of the cursor's records that is still there: those after it are there no more."""
    places = {id: place for place, id in enumerate(ids)}
    found = [places[id] for id in reversed(named) if id in places]
    if not found:
        raise StaleCursor
    return found[0] + 1
