"""Reading without a task: asked for, approved by somebody else, ended, and looked at afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models import BreakGlassState, Category, Purpose, Verdict
from policies import ir, search
from policies.ir import Compare, Const, Path
from policies.search import Order
from procedures.task import break_glass
from schema.employee import Employee
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
    on_record,
    one,
    page,
    payload_of,
    plucked,
    recorded,
    signed_in,
    value,
    within,
)

if TYPE_CHECKING:
    from schema.customer import Customer


@within
@strawberry.type(description="One category of a break-glass request.")
class BreakGlassCategory(Released, Guarded):
    """A category named."""

    category: Category | None = value("The category.")


@recorded
@strawberry.type(
    description="A request to read some categories of one customer's data without a task. Reading is "
    "possible once another employee has approved it."
)
class BreakGlass(Released, Guarded):
    """A request to break glass."""

    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one(
        "Customer", "The customer.", here="customer_id"
    )
    purpose: Purpose | None = value(
        "The purpose; whoever reads the data has to state it in the header `Purpose`."
    )
    categories: list[Category] | None = plucked(
        "BreakGlassCategory", "category", "The categories that may be read.", there="break_glass_id"
    )
    state: BreakGlassState | None = value("The state of the request.")
    reason: str | None = value("Why the data have to be read, as given by the employee who asks.")
    requested_at: datetime | None = value("When it was requested.")
    ends_at: datetime | None = value("While it waits: when it lapses. Once approved: when reading ends.")
    opened_at: datetime | None = value("When it was approved; null if it was not.")
    requested_by: Employee | None = one(
        "Employee", "The employee who asks.", here="requested_by_id", there="actor_id"
    )
    decided_by: Employee | None = one(
        "Employee",
        "The employee who approved or refused it; null until then.",
        here="decided_by_id",
        there="actor_id",
    )
    verdict: Verdict | None = value("The verdict of the review; null until then.")
    note: str | None = value("The findings of the review; null until then.")
    reviewed_at: datetime | None = value("When it was reviewed; null until then.")
    reviewed_by: Employee | None = one(
        "Employee", "The employee who reviewed it; null until then.", here="reviewed_by_id", there="actor_id"
    )


@strawberry.input(description="Which break-glass requests to return; all conditions must hold.")
class BreakGlassFilter:
    """Conditions, all of which must hold."""

    state: BreakGlassState | None = strawberry.field(default=None, description="Only requests in this state.")
    reviewed: bool | None = strawberry.field(
        default=None, description="Only approved requests that were reviewed (true) or were not (false)."
    )


@strawberry.type
class BreakGlassQueries:
    """Queries of break-glass requests."""

    @strawberry.field(
        description="A break-glass request by identifier; null if there is none that you may see."
    )
    async def break_glass(self, info: ContextInfo, id: Ident) -> BreakGlass | None:
        """One request."""
        found: BreakGlass | None = await by_id(info, "BreakGlass", id)
        return found

    @strawberry.field(description="The break-glass requests that you may see, the latest first.")
    async def break_glasses(
        self,
        info: ContextInfo,
        first: First = 50,
        after: After = None,
        filter: Annotated[
            BreakGlassFilter | None, strawberry.argument(description="Which requests to return.")
        ] = None,
    ) -> Connection[BreakGlass]:
        """A page of requests."""
        signed_in(info.context)
        question = _requests(info.context, filter or BreakGlassFilter())
        return await page(
            info, "BreakGlass", question, Page(first, after, Order("requestedAt", descending=True))
        )


@strawberry.input(description="A request to read some categories of a customer's data without a task.")
class BreakGlassRequestInput:
    """One customer, some categories, one purpose, a reason."""

    customer_number: str = strawberry.field(description="The customer's number.")
    categories: list[Category] = strawberry.field(description="The categories to read.")
    purpose: Purpose = strawberry.field(description="The purpose.")
    reason: str = strawberry.field(
        description="Why the data have to be read, in at least 20 characters. Those who decide, those who "
        "review and the customer can read it."
    )


@strawberry.type
class _BreakGlassPayload(Payload):
    """The break-glass request, as the actor may see it."""

    break_glass: BreakGlass | None = strawberry.field(default=None, description="The break-glass request.")


@strawberry.type(description="The new request; it waits 30 minutes for another employee's approval.")
class BreakGlassRequestPayload(_BreakGlassPayload):
    """The request."""


@strawberry.input(description="The request to approve, and for how long.")
class BreakGlassApproveInput:
    """The request, and for how long."""

    break_glass_id: strawberry.ID = strawberry.field(description="The break-glass request.")
    minutes: int = strawberry.field(
        default=15, description="For how many minutes the data may be read, at most 15."
    )


@strawberry.type(description="The approved request; the data may be read until its `endsAt`.")
class BreakGlassApprovePayload(_BreakGlassPayload):
    """The request."""


@strawberry.input(description="The request to refuse.")
class BreakGlassRefuseInput:
    """The request."""

    break_glass_id: strawberry.ID = strawberry.field(description="The break-glass request.")


@strawberry.type(description="The refused request.")
class BreakGlassRefusePayload(_BreakGlassPayload):
    """The request."""


@strawberry.input(description="The request to end early.")
class BreakGlassEndInput:
    """The request."""

    break_glass_id: strawberry.ID = strawberry.field(description="The break-glass request.")


@strawberry.type(description="The ended request; the data may no longer be read.")
class BreakGlassEndPayload(_BreakGlassPayload):
    """The request."""


@strawberry.input(description="A review of a break-glass request that has ended.")
class BreakGlassReviewInput:
    """The request, a verdict and why."""

    break_glass_id: strawberry.ID = strawberry.field(description="The break-glass request.")
    verdict: Verdict = strawberry.field(description="The verdict.")
    note: str = strawberry.field(description="The findings.")


@strawberry.type(description="The reviewed request; the verdict is final.")
class BreakGlassReviewPayload(_BreakGlassPayload):
    """The request."""


@strawberry.type
class BreakGlassMutations:
    """Mutations of break-glass requests."""

    @strawberry.mutation(
        description="Request to read a customer's data without a task; needs a confirmed session "
        "(`sessionConfirm`)."
    )
    async def break_glass_request(
        self, info: ContextInfo, input: Input[BreakGlassRequestInput]
    ) -> BreakGlassRequestPayload:
        """Ask."""
        ask = break_glass.request(
            input.customer_number, input.categories, input.purpose, input.reason, by=actor_of(info)
        )
        return BreakGlassRequestPayload(**await payload_of(info, "BreakGlass", ask))

    @strawberry.mutation(
        description="Approve another employee's request, for at most 15 minutes; needs a confirmed session."
    )
    async def break_glass_approve(
        self, info: ContextInfo, input: Input[BreakGlassApproveInput]
    ) -> BreakGlassApprovePayload:
        """Approve."""
        approve = on_record(
            break_glass.approve, "BreakGlass", input.break_glass_id, by=actor_of(info), minutes=input.minutes
        )
        return BreakGlassApprovePayload(**await payload_of(info, "BreakGlass", approve))

    @strawberry.mutation(description="Refuse another employee's request.")
    async def break_glass_refuse(
        self, info: ContextInfo, input: Input[BreakGlassRefuseInput]
    ) -> BreakGlassRefusePayload:
        """Refuse."""
        refuse = on_record(break_glass.refuse, "BreakGlass", input.break_glass_id, by=actor_of(info))
        return BreakGlassRefusePayload(**await payload_of(info, "BreakGlass", refuse))

    @strawberry.mutation(description="End a request early, whether it was approved or still waits.")
    async def break_glass_end(
        self, info: ContextInfo, input: Input[BreakGlassEndInput]
    ) -> BreakGlassEndPayload:
        """End."""
        end = on_record(break_glass.end, "BreakGlass", input.break_glass_id, by=actor_of(info))
        return BreakGlassEndPayload(**await payload_of(info, "BreakGlass", end))

    @strawberry.mutation(
        description="Review a request once it has ended; those who requested or approved it may not."
    )
    async def break_glass_review(
        self, info: ContextInfo, input: Input[BreakGlassReviewInput]
    ) -> BreakGlassReviewPayload:
        """Review."""
        review = on_record(
            break_glass.review,
            "BreakGlass",
            input.break_glass_id,
            input.verdict,
            input.note,
            by=actor_of(info),
        )
        return BreakGlassReviewPayload(**await payload_of(info, "BreakGlass", review))


def _requests(context: Context, filter: BreakGlassFilter) -> Question:
    plan = context.policy.plan(context.actor, "BreakGlass")
    question = Question()
    if filter.state is not None:
        question = question.also(search.equals(plan, "state", "state"), {"state": filter.state.value})
    if filter.reviewed is not None:
        opened = Compare("!=", Path(ir.THIS, ("openedAt",)), Const(None))
        reviewed = Compare("!=" if filter.reviewed else "=", Path(ir.THIS, ("verdict",)), Const(None))
        visible = [plan.grant(name).condition for name in ("openedAt", "verdict")]
        question = question.also(ir.conjunction([*visible, opened, reviewed]), {})
    return question
