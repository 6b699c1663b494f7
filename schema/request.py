"""What customers ask to be put right: asked, taken back, put off, granted, refused."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.types import Info

from models import Category, RequestKind, RequestState, Role
from policies import ir, search
from policies.actor import Actor
from policies.ir import Compare, Const, Param, Path
from policies.search import Order
from procedures import request as requests
from procedures.request import OPEN, Asked, model_of
from schema.employee import Employee
from schema.obligation import Obligation
from schema.reading import (
    After,
    Connection,
    Context,
    First,
    Guarded,
    Ident,
    Page,
    Plain,
    Question,
    Released,
    UserError,
    actor_of,
    answered,
    by_id,
    composed,
    decode,
    errors,
    key_of,
    many,
    one,
    page,
    recorded,
    signed_in,
    value,
)
from schema.submission import SubmissionInput, envelope

if TYPE_CHECKING:
    from schema.customer import Customer


@recorded
@strawberry.type(
    description="A request of a customer to put right what they cannot change themselves, to be answered by a day."
)
class Request(Released, Guarded):
    """A request."""

    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one(
        "Customer", "Who asks.", here="customer_id"
    )
    kind: RequestKind | None = value("Which right it is about.")
    category: Category | None = value("The category of the row.")
    record_id: strawberry.ID | None = value("The row.")
    field: str | None = value("The field to be put right.")
    wanted: str | None = value("What it is to be; null: empty.")
    reason: str | None = value("Why, in the customer's words.")
    state: RequestState | None = value("How far it has come.")
    received_at: datetime | None = value("When it was made.")
    due_at: datetime | None = value("By when it is answered.")
    overdue: bool | None = value("Whether that passed while it waited.")
    extended_at: datetime | None = value("When the answer was put off.")
    extension_reason: str | None = value("Why the answer was put off.")
    decided_at: datetime | None = value("When it was decided.")
    decided_by: Employee | None = one("Employee", "Who decided.", here="decided_by_id", there="actor_id")
    decided_roles: list[Role] | None = value("In which roles it was decided.")
    decision_reason: str | None = value("Why it was refused.")
    obligations: list[Obligation] | None = many(
        "Obligation", "Which partners were told to put it right, too.", there="request_id"
    )


@composed("decidedRoles", "decided_roles")
def _roles(roles: str) -> list[Role]:
    return [Role(role) for role in roles.split()]


@strawberry.input(description="Which requests.")
class RequestFilter:
    """Conditions, all of which must hold."""

    state: RequestState | None = strawberry.field(default=None, description="How far it has come.")
    open: bool | None = strawberry.field(default=None, description="Whether it waits for its answer.")
    due_before: datetime | None = strawberry.field(default=None, description="Due before this instant.")


@strawberry.type
class RequestQueries:
    """What can be asked about requests."""

    @strawberry.field(description="A request by identifier; null when there is none for you.")
    async def request(self, info: Info[Context, None], id: Ident) -> Request | None:
        """One request."""
        found: Request | None = await by_id(info, "Request", id)
        return found

    @strawberry.field(description="The requests that you may see, the first due first.")
    async def requests(
        self,
        info: Info[Context, None],
        first: First = 50,
        after: After = None,
        filter: Annotated[RequestFilter | None, strawberry.argument(description="Which requests.")] = None,
    ) -> Connection[Request]:
        """A page of requests."""
        signed_in(info.context)
        question = _requests(info.context, filter or RequestFilter())
        return await page(info, "Request", question, Page(first, after, Order("dueAt")))


@strawberry.input(description="What is to be put right.")
class RequestSubmitInput:
    """One field of one row of one's own."""

    record_id: strawberry.ID = strawberry.field(description="The row: an order, a card, …")
    field: str = strawberry.field(description="The field, by its name here.")
    wanted: str | None = strawberry.field(default=None, description="What it is to be; left out: empty.")
    reason: str = strawberry.field(description="Why; read by who decides.")


@strawberry.type(description="A request that was made.")
class RequestSubmitPayload(Plain):
    """The request."""

    request: Request | None = strawberry.field(default=None, description="The request.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="What is to be put right of a health record, sealed.")
class RequestSubmitSealedInput:
    """A health record of one's own, and what was sealed: `field`, `wanted`, `reason`."""

    record_id: strawberry.ID = strawberry.field(description="The health record.")
    submission: SubmissionInput = strawberry.field(
        description="What was sealed: `field`, `reason`, and `wanted` unless it is to be empty."
    )


@strawberry.type(description="A request that was made.")
class RequestSubmitSealedPayload(Plain):
    """The request."""

    request: Request | None = strawberry.field(default=None, description="The request.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A request to take back.")
class RequestWithdrawInput:
    """The request."""

    request_id: strawberry.ID = strawberry.field(description="The request.")


@strawberry.type(description="A request taken back; what was written in it is gone.")
class RequestWithdrawPayload(Plain):
    """The request."""

    request: Request | None = strawberry.field(default=None, description="The request.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A request whose answer takes longer.")
class RequestExtendInput:
    """The request, by how long, and why."""

    request_id: strawberry.ID = strawberry.field(description="The request.")
    months: int = strawberry.field(default=2, description="By how many months: 1 or 2.")
    reason: str = strawberry.field(description="Why; the customer is told.")


@strawberry.type(description="A request put off.")
class RequestExtendPayload(Plain):
    """The request."""

    request: Request | None = strawberry.field(default=None, description="The request.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A request to grant.")
class RequestGrantInput:
    """The request."""

    request_id: strawberry.ID = strawberry.field(description="The request.")
    revision: int | None = strawberry.field(
        default=None,
        description="The row's revision that was read, from `provenance`; without it, the row must be as it was when "
        "the customer asked.",
    )


@strawberry.type(description="A request granted: the row is put right, and partners who had it are told.")
class RequestGrantPayload(Plain):
    """The request."""

    request: Request | None = strawberry.field(default=None, description="The request.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A request to refuse.")
class RequestRefuseInput:
    """The request, and why."""

    request_id: strawberry.ID = strawberry.field(description="The request.")
    reason: str = strawberry.field(description="Why; the customer is told, and with whom to complain.")


@strawberry.type(description="A request refused.")
class RequestRefusePayload(Plain):
    """The request."""

    request: Request | None = strawberry.field(default=None, description="The request.")
    user_errors: list[UserError] = errors()


@strawberry.type
class RequestMutations:
    """What can be done about requests."""

    @strawberry.mutation(
        description="Ask to have put right what you cannot change yourself; asking twice is asking once."
    )
    async def request_submit(
        self,
        info: Info[Context, None],
        input: Annotated[RequestSubmitInput, strawberry.argument(description="What to do.")],
    ) -> RequestSubmitPayload:
        """Ask."""
        work = _submit(actor_of(info), input)
        return RequestSubmitPayload(**await answered(info, "Request", "request", work))

    @strawberry.mutation(description="Ask to have a health record put right; what is asked travels sealed.")
    async def request_submit_sealed(
        self,
        info: Info[Context, None],
        input: Annotated[RequestSubmitSealedInput, strawberry.argument(description="What to do.")],
    ) -> RequestSubmitSealedPayload:
        """Ask about health."""
        work = _submit_sealed(actor_of(info), input)
        return RequestSubmitSealedPayload(**await answered(info, "Request", "request", work))

    @strawberry.mutation(description="Take back what you asked for.")
    async def request_withdraw(
        self,
        info: Info[Context, None],
        input: Annotated[RequestWithdrawInput, strawberry.argument(description="What to do.")],
    ) -> RequestWithdrawPayload:
        """Take back."""
        work = requests.withdraw(key_of(input.request_id, "Request"), by=actor_of(info))
        return RequestWithdrawPayload(**await answered(info, "Request", "request", work))

    @strawberry.mutation(
        description="Put an answer off by up to two months: once, within the first month, with a reason."
    )
    async def request_extend(
        self,
        info: Info[Context, None],
        input: Annotated[RequestExtendInput, strawberry.argument(description="What to do.")],
    ) -> RequestExtendPayload:
        """Put off."""
        id, actor = key_of(input.request_id, "Request"), actor_of(info)
        work = requests.extend(id, input.reason, by=actor, months=input.months)
        return RequestExtendPayload(**await answered(info, "Request", "request", work))

    @strawberry.mutation(description="Put right what was asked for.")
    async def request_grant(
        self,
        info: Info[Context, None],
        input: Annotated[RequestGrantInput, strawberry.argument(description="What to do.")],
    ) -> RequestGrantPayload:
        """Grant."""
        id, actor = key_of(input.request_id, "Request"), actor_of(info)
        work = requests.grant(id, by=actor, revision=input.revision)
        return RequestGrantPayload(**await answered(info, "Request", "request", work))

    @strawberry.mutation(description="Refuse what was asked for, with a reason.")
    async def request_refuse(
        self,
        info: Info[Context, None],
        input: Annotated[RequestRefuseInput, strawberry.argument(description="What to do.")],
    ) -> RequestRefusePayload:
        """Refuse."""
        work = requests.refuse(key_of(input.request_id, "Request"), input.reason, by=actor_of(info))
        return RequestRefusePayload(**await answered(info, "Request", "request", work))


async def _submit(actor: Actor, input: RequestSubmitInput) -> Any:
    type_name, key = decode(input.record_id)
    asked = Asked(input.field, input.wanted, input.reason)
    return await requests.submit(model_of(type_name), key, asked, by=actor)


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
        seen = ir.conjunction([plan.grant("dueAt").condition, before])
        question = question.also(seen, {"before": filter.due_before})
    return question
