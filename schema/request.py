"""Customers' requests to correct data: submitted, withdrawn, extended, granted, refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from models import PERSONAL, Category, Medium, Proof, RequestKind, RequestState, Role
from models.errors import Unfit
from policies.actor import Actor
from policies.conditions import Compare, Const, Path, ir
from policies.statements import Order
from procedures import request as requests
from procedures.instruction import Received
from procedures.request import OPEN, Rectification, model_of
from schema.employee import Employee
from schema.obligation import Obligation
from schema.reading import (
    Context,
    Guarded,
    Id,
    Question,
    Released,
    all_of,
    before,
    composed,
    having,
    input_type,
    key_of,
    many,
    mutation,
    one,
    one_of,
    recorded,
    value,
)
from schema.scan import Scan
from schema.submission import SubmissionInput, envelope

if TYPE_CHECKING:
    from schema.customer import Customer


@recorded
class Request(Released, Guarded):
    """A customer's request to correct a field that they cannot change themselves."""

    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one("The customer.")
    kind: RequestKind | None = value("The right that it is about.")
    category: Category | None = value("The category of the row.")
    record_id: strawberry.ID | None = value(
        "The row to correct; null if whoever recorded it saw no row: whoever grants it names one."
    )
    field: str | None = value("The field to correct.")
    wanted: str | None = value("The correct value; null if the field should be empty.")
    reason: str | None = value("The customer's reason.")
    state: RequestState | None = value("The state of the request.")
    received_at: datetime | None = value("When it was submitted.")
    due_at: datetime | None = value("The deadline for the answer.")
    overdue: bool | None = value("Whether the deadline has passed without an answer.")
    extended_at: datetime | None = value("When the deadline was extended; null if it was not.")
    extension_reason: str | None = value("Why the deadline was extended; null if it was not.")
    decided_at: datetime | None = value("When it was decided; null until then.")
    decided_by: Employee | None = one("The employee who decided; null until then.", there="actor_id")
    decided_roles: list[Role] | None = value("The roles of the employee who decided, at that time.")
    decision_reason: str | None = value("Why it was refused; null if it was not.")
    medium: Medium | None = value("How it came on paper; null if the customer made it here.")
    proof: Proof | None = value("How surely it was the customer; null as for `medium`.")
    evidence: str | None = value("By what it is found again; null as for `medium`.")
    recorded_by: Employee | None = one(
        "The employee who recorded it; null as for `medium`.", there="actor_id"
    )
    scans: list[Scan] | None = many("The scans of the letter.")
    obligations: list[Obligation] | None = many("The obligations of partners to correct it, too.")


@composed("decidedRoles", "decided_roles")
def _roles(roles: str) -> list[Role]:
    return [Role(role) for role in roles.split()]


@input_type
class RequestFilter:
    """Which requests to return; all conditions must hold."""

    state: RequestState | None = value("Only requests in this state.", default=None)
    open: bool | None = value("Only requests that wait for an answer (true) or do not (false).", default=None)
    due_before: datetime | None = value("Only requests whose deadline is before this time.", default=None)


def _where(context: Context, filter: RequestFilter) -> Question:
    plan = context.policy.plan(context.actor, "Request")
    question = having(context, "Request", {"state": filter.state})
    if filter.open is not None:
        waiting = Const(tuple(sorted(state.value for state in OPEN)))
        waits = Compare("in" if filter.open else "not in", Path(ir.THIS, ("state",)), waiting)
        question = question.also(ir.conjunction([plan.grant("state").condition, waits]), {})
    return before(question, context, "Request", "dueAt", filter.due_before)


REQUEST = one_of(Request, "request", "A request by identifier; null if there is none that you may see.")
REQUESTS = all_of(
    Request,
    "requests",
    "The requests that you may see, the earliest deadline first.",
    Order("dueAt"),
    RequestFilter,
    _where,
)

#: What mutations of requests show.
SHOWN = {"request": (Request, "The request.")}

RequestId = Annotated[UUID, Id("Request"), "The request."]


@mutation("The submitted request.", SHOWN, input="A request to correct one field of one row.", creates=True)
async def request_submit(
    record_id: Annotated[tuple[str, UUID], Id(), "The row to correct, such as an order or a card."],
    field: Annotated[str, "The name of the field, as in this schema."],
    reason: Annotated[str, "The reason; those who decide read it."],
    wanted: Annotated[str | None, "The correct value; left out if the field should be empty."] = None,
    *,
    by: Actor,
) -> Any:
    """Request the correction of a field that you cannot change yourself; the same request again changes nothing."""
    type_name, key = record_id
    return await requests.submit(model_of(type_name), key, Rectification(field, wanted, reason), by=by)


@mutation(
    "The recorded request.",
    SHOWN,
    input="A request to correct one field of one row, which came on paper.",
    creates=True,
)
async def request_record(
    field: Annotated[str, "The name of the field, as in this schema."],
    reason: Annotated[str, "The reason; those who decide read it."],
    medium: Annotated[Medium, "How it came."],
    received_on: Annotated[date, "The day on which it came, from which the deadline counts."],
    evidence: Annotated[str, "A line by which it is found again, such as the mark on the letter."],
    proof: Annotated[Proof, "How surely it was the customer; `CLAIMED` is not enough to grant it."],
    wanted: Annotated[str | None, "The correct value; left out if the field should be empty."] = None,
    record_id: Annotated[
        tuple[str, UUID] | None,
        Id(),
        "The row to correct; or `customerId` and `category`, if you see no row.",
    ] = None,
    customer_id: Annotated[UUID | None, Id("Customer"), "The customer, with the category."] = None,
    category: Annotated[
        Category | None, "The category of the row, with the customer; whoever grants it names the row."
    ] = None,
    *,
    by: Actor,
) -> Any:
    """Record what a customer who does not sign in wants corrected; somebody else decides it, and the customer is notified.

    Name the row; or the customer and the category, and say in the reason which row is meant.
    """
    rectification, received = Rectification(field, wanted, reason), Received(medium, received_on, proof)
    if record_id is not None and customer_id is None and category is None:
        type_name, key = record_id
        return await requests.record(model_of(type_name), key, rectification, received, evidence, by=by)
    if record_id is None and customer_id is not None and category is not None:
        model = PERSONAL[category]
        return await requests.record_of_some(model, customer_id, rectification, received, evidence, by=by)
    raise Unfit("Name a row; or a customer and a category.", "recordId", code="ROW_OR_CATEGORY")


@mutation(
    "The submitted request.",
    SHOWN,
    input="A request to correct a field of a health record, sealed by the browser.",
    creates=True,
)
async def request_submit_sealed(
    record_id: Annotated[UUID, Id("HealthRecord"), "The health record."],
    submission: Annotated[
        SubmissionInput,
        "The sealed values: `field`, `reason`, and `wanted` unless the field should be empty.",
    ],
    *,
    by: Actor,
) -> Any:
    """Request the correction of a health record, sealed by the browser."""
    customer = key_of(submission.customer_id, "Customer", "customerId")
    return await requests.submit_sealed(customer, record_id, envelope(submission), by=by)


@mutation(
    "The withdrawn request; its values and reason are deleted.", SHOWN, input="The request to withdraw."
)
async def request_withdraw(request_id: RequestId, *, by: Actor) -> Any:
    """Withdraw your request."""
    return await requests.withdraw(request_id, by=by)


@mutation("The request with its new deadline.", SHOWN, input="The request whose deadline to extend.")
async def request_extend(
    request_id: RequestId,
    reason: Annotated[str, "The reason, of which the customer is notified."],
    months: Annotated[int, "By how many months: 1 or 2."] = 2,
    *,
    by: Actor,
) -> Any:
    """Extend the deadline by up to two months: once, within the first month, with a reason."""
    return await requests.extend(request_id, reason, by=by, months=months)


@mutation(
    "The granted request: the field is corrected, and partners that had it are obliged to correct it.",
    SHOWN,
    input="The request to grant.",
)
async def request_grant(
    request_id: RequestId,
    revision: Annotated[
        int | None,
        "The revision of the row that you read, from `provenance`; if left out, the row must be unchanged since "
        "the customer asked.",
    ] = None,
    record_id: Annotated[
        tuple[str, UUID] | None,
        Id(),
        "The row that is meant, if the request names none; with its `revision`.",
    ] = None,
    *,
    by: Actor,
) -> Any:
    """Grant a request: the field is corrected."""
    row = record_id and record_id[1]
    return await requests.grant(request_id, by=by, revision=revision, record_id=row)


@mutation("The refused request.", SHOWN, input="The request to refuse.")
async def request_refuse(
    request_id: RequestId,
    reason: Annotated[str, "The reason, of which the customer is notified, and also of where to complain."],
    *,
    by: Actor,
) -> Any:
    """Refuse a request, with a reason."""
    return await requests.refuse(request_id, reason, by=by)
