"""Customers' requests to correct data: submitted, withdrawn, extended, granted, refused."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from models import Category, RequestKind, RequestState, Role
from policies import ir, search
from policies.actor import Actor
from policies.ir import Compare, Const, Param, Path
from policies.search import Order
from procedures import request as requests
from procedures.request import OPEN, Rectification, model_of
from schema.employee import Employee
from schema.obligation import Obligation
from schema.reading import (
    After,
    Connection,
    Context,
    ContextInfo,
    First,
    Guarded,
    Ident,
    Input,
    Page,
    Payload,
    Question,
    Released,
    actor_of,
    by_id,
    composed,
    decode,
    key_of,
    many,
    one,
    page,
    payload_of,
    recorded,
    signed_in,
    value,
)
from schema.submission import SubmissionInput, envelope

if TYPE_CHECKING:
    from schema.customer import Customer


@recorded
@strawberry.type(description="A customer's request to correct a field that they cannot change themselves.")
class Request(Released, Guarded):
    """A request."""

    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one(
        "Customer", "The customer.", here="customer_id"
    )
    kind: RequestKind | None = value("The right that it is about.")
    category: Category | None = value("The category of the row.")
    record_id: strawberry.ID | None = value("The row to correct.")
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
    decided_by: Employee | None = one(
        "Employee", "The employee who decided; null until then.", here="decided_by_id", there="actor_id"
    )
    decided_roles: list[Role] | None = value("The roles of the employee who decided, at that time.")
    decision_reason: str | None = value("Why it was refused; null if it was not.")
    obligations: list[Obligation] | None = many(
        "Obligation", "The obligations of partners to correct it, too.", there="request_id"
    )


@composed("decidedRoles", "decided_roles")
def _roles(roles: str) -> list[Role]:
    return [Role(role) for role in roles.split()]


@strawberry.input(description="Which requests to return; all conditions must hold.")
class RequestFilter:
    """Conditions, all of which must hold."""

    state: RequestState | None = strawberry.field(default=None, description="Only requests in this state.")
    open: bool | None = strawberry.field(
        default=None, description="Only requests that wait for an answer (true) or do not (false)."
    )
    due_before: datetime | None = strawberry.field(
        default=None, description="Only requests whose deadline is before this time."
    )


@strawberry.type
class RequestQueries:
    """What can be asked about requests."""

    @strawberry.field(description="A request by identifier; null if there is none that you may see.")
    async def request(self, info: ContextInfo, id: Ident) -> Request | None:
        """One request."""
        found: Request | None = await by_id(info, "Request", id)
        return found

    @strawberry.field(description="The requests that you may see, the earliest deadline first.")
    async def requests(
        self,
        info: ContextInfo,
        first: First = 50,
        after: After = None,
        filter: Annotated[
            RequestFilter | None, strawberry.argument(description="Which requests to return.")
        ] = None,
    ) -> Connection[Request]:
        """A page of requests."""
        signed_in(info.context)
        question = _requests(info.context, filter or RequestFilter())
        return await page(info, "Request", question, Page(first, after, Order("dueAt")))


@strawberry.input(description="A request to correct one field of one row.")
class RequestSubmitInput:
    """One field of one row of one's own."""

    record_id: strawberry.ID = strawberry.field(description="The row to correct, such as an order or a card.")
    field: str = strawberry.field(description="The name of the field, as in this schema.")
    wanted: str | None = strawberry.field(
        default=None, description="The correct value; left out if the field should be empty."
    )
    reason: str = strawberry.field(description="The reason; those who decide read it.")


@strawberry.type
class _RequestPayload(Payload):
    """The request, as the actor may see it."""

    request: Request | None = strawberry.field(default=None, description="The request.")


@strawberry.type(description="The submitted request.")
class RequestSubmitPayload(_RequestPayload):
    """The request."""


@strawberry.input(description="A request to correct a field of a health record, sealed by the browser.")
class RequestSubmitSealedInput:
    """A health record of one's own, and what was sealed: `field`, `wanted`, `reason`."""

    record_id: strawberry.ID = strawberry.field(description="The health record.")
    submission: SubmissionInput = strawberry.field(
        description="The sealed values: `field`, `reason`, and `wanted` unless the field should be empty."
    )


@strawberry.type(description="The submitted request.")
class RequestSubmitSealedPayload(_RequestPayload):
    """The request."""


@strawberry.input(description="The request to withdraw.")
class RequestWithdrawInput:
    """The request."""

    request_id: strawberry.ID = strawberry.field(description="The request.")


@strawberry.type(description="The withdrawn request; its values and reason are deleted.")
class RequestWithdrawPayload(_RequestPayload):
    """The request."""


@strawberry.input(description="The request whose deadline to extend.")
class RequestExtendInput:
    """The request, by how long, and why."""

    request_id: strawberry.ID = strawberry.field(description="The request.")
    months: int = strawberry.field(default=2, description="By how many months: 1 or 2.")
    reason: str = strawberry.field(description="The reason; the customer is told.")


@strawberry.type(description="The request with its new deadline.")
class RequestExtendPayload(_RequestPayload):
    """The request."""


@strawberry.input(description="The request to grant.")
class RequestGrantInput:
    """The request."""

    request_id: strawberry.ID = strawberry.field(description="The request.")
    revision: int | None = strawberry.field(
        default=None,
        description="The revision of the row that you read, from `provenance`; if left out, the row must "
        "be unchanged since the customer asked.",
    )


@strawberry.type(
    description="The granted request: the field is corrected, and partners that had it are obliged to "
    "correct it."
)
class RequestGrantPayload(_RequestPayload):
    """The request."""


@strawberry.input(description="The request to refuse.")
class RequestRefuseInput:
    """The request, and why."""

    request_id: strawberry.ID = strawberry.field(description="The request.")
    reason: str = strawberry.field(
        description="The reason; the customer is told, and also where to complain."
    )


@strawberry.type(description="The refused request.")
class RequestRefusePayload(_RequestPayload):
    """The request."""


@strawberry.type
class RequestMutations:
    """What can be done about requests."""

    @strawberry.mutation(
        description="Request the correction of a field that you cannot change yourself; the same request "
        "again changes nothing."
    )
    async def request_submit(
        self, info: ContextInfo, input: Input[RequestSubmitInput]
    ) -> RequestSubmitPayload:
        """Ask."""
        work = _submit(actor_of(info), input)
        return RequestSubmitPayload(**await payload_of(info, "Request", work))

    @strawberry.mutation(description="Request the correction of a health record, sealed by the browser.")
    async def request_submit_sealed(
        self, info: ContextInfo, input: Input[RequestSubmitSealedInput]
    ) -> RequestSubmitSealedPayload:
        """Ask about health."""
        work = _submit_sealed(actor_of(info), input)
        return RequestSubmitSealedPayload(**await payload_of(info, "Request", work))

    @strawberry.mutation(description="Withdraw your request.")
    async def request_withdraw(
        self, info: ContextInfo, input: Input[RequestWithdrawInput]
    ) -> RequestWithdrawPayload:
        """Take back."""
        work = requests.withdraw(key_of(input.request_id, "Request"), by=actor_of(info))
        return RequestWithdrawPayload(**await payload_of(info, "Request", work))

    @strawberry.mutation(
        description="Extend the deadline by up to two months: once, within the first month, with a reason."
    )
    async def request_extend(
        self, info: ContextInfo, input: Input[RequestExtendInput]
    ) -> RequestExtendPayload:
        """Put off."""
        id, actor = key_of(input.request_id, "Request"), actor_of(info)
        work = requests.extend(id, input.reason, by=actor, months=input.months)
        return RequestExtendPayload(**await payload_of(info, "Request", work))

    @strawberry.mutation(description="Grant a request: the field is corrected.")
    async def request_grant(self, info: ContextInfo, input: Input[RequestGrantInput]) -> RequestGrantPayload:
        """Grant."""
        id, actor = key_of(input.request_id, "Request"), actor_of(info)
        work = requests.grant(id, by=actor, revision=input.revision)
        return RequestGrantPayload(**await payload_of(info, "Request", work))

    @strawberry.mutation(description="Refuse a request, with a reason.")
    async def request_refuse(
        self, info: ContextInfo, input: Input[RequestRefuseInput]
    ) -> RequestRefusePayload:
        """Refuse."""
        work = requests.refuse(key_of(input.request_id, "Request"), input.reason, by=actor_of(info))
        return RequestRefusePayload(**await payload_of(info, "Request", work))


async def _submit(actor: Actor, input: RequestSubmitInput) -> Any:
    type_name, key = decode(input.record_id)
    correction = Rectification(input.field, input.wanted, input.reason)
    return await requests.submit(model_of(type_name), key, correction, by=actor)


async def _submit_sealed(actor: Actor, input: RequestSubmitSealedInput) -> Any:
    customer = key_of(input.submission.customer_id, "Customer")
    record = key_of(input.record_id, "HealthRecord")
    return await requests.submit_sealed(customer, record, envelope(input.submission), by=actor)


def _requests(context: Context, filter: RequestFilter) -> Question:
    plan = context.policy.plan(context.actor, "Request")
    question = Question()
    if filter.state is not None:
        question = question.also(search.equals(plan, "state", "state"), {"state": filter.state.value})
    if filter.open is not None:
        waits = Compare(
            "in" if filter.open else "not in",
            Path(ir.THIS, ("state",)),
            Const(tuple(sorted(state.value for state in OPEN))),
        )
        question = question.also(ir.conjunction([plan.grant("state").condition, waits]), {})
    if filter.due_before is not None:
        before = Compare("<", Path(ir.THIS, ("dueAt",)), Param("before"))
        condition = ir.conjunction([plan.grant("dueAt").condition, before])
        question = question.also(condition, {"before": filter.due_before})
    return question
