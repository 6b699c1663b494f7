"""Reading without a task: asked for, approved by somebody else, ended, and looked at afterwards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from models import BreakGlassState, Category, Purpose, Verdict
from policies import ir, search
from policies.actor import Actor
from policies.ir import Compare, Const, Path
from policies.search import Order
from procedures.task import break_glass
from schema.employee import Employee
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
    attempt,
    by_id,
    errors,
    key_of,
    one,
    page,
    plucked,
    recorded,
    shown,
    signed_in,
    value,
    within,
)

if TYPE_CHECKING:
    from schema.customer import Customer


@within
@strawberry.type(description="One category that a request to break glass names.")
class BreakGlassCategory(Released, Guarded):
    """A category named."""

    category: Category | None = value("The category.")


@recorded
@strawberry.type(
    description="A request to read named categories of one customer without a task: opens once somebody else approved it."
)
class BreakGlass(Released, Guarded):
    """A request to break glass."""

    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one(
        "Customer", "Whose data.", here="customer_id"
    )
    purpose: Purpose | None = value("What for; the request for the data has to state it.")
    categories: list[Category] | None = plucked(
        "BreakGlassCategory", "category", "What it opens, and nothing else.", there="break_glass_id"
    )
    state: BreakGlassState | None = value("How far it went.")
    reason: str | None = value("Why it had to be, in the words of who asked.")
    requested_at: datetime | None = value("When it was asked for.")
    ends_at: datetime | None = value("Until when it waits; once approved, until when it opens.")
    opened_at: datetime | None = value("When it was approved; null if it opened nothing.")
    requested_by: Employee | None = one("Employee", "Who asked.", here="requested_by_id", there="actor_id")
    decided_by: Employee | None = one(
        "Employee", "Who approved or refused.", here="decided_by_id", there="actor_id"
    )
    verdict: Verdict | None = value("What the review came to.")
    note: str | None = value("What the reviewer found.")
    reviewed_at: datetime | None = value("When it was reviewed.")
    reviewed_by: Employee | None = one(
        "Employee", "Who reviewed it.", here="reviewed_by_id", there="actor_id"
    )


@strawberry.input(description="Which requests to break glass.")
class BreakGlassFilter:
    """Conditions, all of which must hold."""

    state: BreakGlassState | None = strawberry.field(default=None, description="How far it went.")
    reviewed: bool | None = strawberry.field(
        default=None, description="Of those that were opened: whether somebody has reviewed it."
    )


@strawberry.type
class BreakGlassQueries:
    """What can be asked about broken glass."""

    @strawberry.field(description="A request by identifier; null when there is none for you.")
    async def break_glass(self, info: Info[Context, None], id: Ident) -> BreakGlass | None:
        """One request."""
        found: BreakGlass | None = await by_id(info, "BreakGlass", id)
        return found

    @strawberry.field(description="The requests to break glass that you may see, the latest first.")
    async def break_glasses(
        self,
        info: Info[Context, None],
        first: First = 50,
        after: After = None,
        filter: Annotated[BreakGlassFilter | None, strawberry.argument(description="Which requests.")] = None,
    ) -> Connection[BreakGlass]:
        """A page of requests."""
        signed_in(info.context)
        question = _glasses(info.context, filter or BreakGlassFilter())
        return await page(
            info, "BreakGlass", question, Page(first, after, Order("requestedAt", descending=True))
        )


@strawberry.input(description="What has to be read without a task, and why.")
class BreakGlassRequestInput:
    """One customer, some categories, one purpose, a reason."""

    customer_number: str = strawberry.field(description="The customer's number.")
    categories: list[Category] = strawberry.field(description="What has to be read, and no more.")
    purpose: Purpose = strawberry.field(description="What for.")
    reason: str = strawberry.field(
        description="Why it has to be, in at least 20 characters; read by who decides, who reviews, and the customer."
    )


@strawberry.type(description="A request to break glass, waiting for somebody else for 30 minutes.")
class BreakGlassRequestPayload(Plain):
    """The request."""

    break_glass: BreakGlass | None = strawberry.field(default=None, description="The request.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A request to approve.")
class BreakGlassApproveInput:
    """The request, and for how long."""

    break_glass_id: strawberry.ID = strawberry.field(description="The request.")
    minutes: int = strawberry.field(default=15, description="How long it opens, at most 15 minutes.")


@strawberry.type(description="Glass broken: it opens until `endsAt`.")
class BreakGlassApprovePayload(Plain):
    """The request."""

    break_glass: BreakGlass | None = strawberry.field(default=None, description="The request.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A request to refuse.")
class BreakGlassRefuseInput:
    """The request."""

    break_glass_id: strawberry.ID = strawberry.field(description="The request.")


@strawberry.type(description="A request refused.")
class BreakGlassRefusePayload(Plain):
    """The request."""

    break_glass: BreakGlass | None = strawberry.field(default=None, description="The request.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="What to end early.")
class BreakGlassEndInput:
    """The request."""

    break_glass_id: strawberry.ID = strawberry.field(description="The request.")


@strawberry.type(description="Ended: it opens nothing any more.")
class BreakGlassEndPayload(Plain):
    """The request."""

    break_glass: BreakGlass | None = strawberry.field(default=None, description="The request.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="What a look at broken glass came to.")
class BreakGlassReviewInput:
    """The request, a verdict and why."""

    break_glass_id: strawberry.ID = strawberry.field(description="The request.")
    verdict: Verdict = strawberry.field(description="Whether it had to be.")
    note: str = strawberry.field(description="What was found.")


@strawberry.type(description="Reviewed; the verdict stands.")
class BreakGlassReviewPayload(Plain):
    """The request."""

    break_glass: BreakGlass | None = strawberry.field(default=None, description="The request.")
    user_errors: list[UserError] = errors()


@strawberry.type
class BreakGlassMutations:
    """What can be done about broken glass."""

    @strawberry.mutation(
        description="Ask to read a customer's data without a task; needs a confirmed session."
    )
    async def break_glass_request(
        self,
        info: Info[Context, None],
        input: Annotated[BreakGlassRequestInput, strawberry.argument(description="What to do.")],
    ) -> BreakGlassRequestPayload:
        """Ask."""
        actor = actor_of(info)
        ask = break_glass.request(
            input.customer_number, input.categories, input.purpose, input.reason, by=actor
        )
        return BreakGlassRequestPayload(**await _done(info, actor, ask))

    @strawberry.mutation(
        description="Let somebody else's request pass, for at most 15 minutes; needs a confirmed session."
    )
    async def break_glass_approve(
        self,
        info: Info[Context, None],
        input: Annotated[BreakGlassApproveInput, strawberry.argument(description="What to do.")],
    ) -> BreakGlassApprovePayload:
        """Approve."""
        actor = actor_of(info)
        approve = _of(
            input.break_glass_id, lambda id: break_glass.approve(id, by=actor, minutes=input.minutes)
        )
        return BreakGlassApprovePayload(**await _done(info, actor, approve))

    @strawberry.mutation(description="Refuse somebody else's request.")
    async def break_glass_refuse(
        self,
        info: Info[Context, None],
        input: Annotated[BreakGlassRefuseInput, strawberry.argument(description="What to do.")],
    ) -> BreakGlassRefusePayload:
        """Refuse."""
        actor = actor_of(info)
        refuse = _of(input.break_glass_id, lambda id: break_glass.refuse(id, by=actor))
        return BreakGlassRefusePayload(**await _done(info, actor, refuse))

    @strawberry.mutation(description="End early what opens, or still waits.")
    async def break_glass_end(
        self,
        info: Info[Context, None],
        input: Annotated[BreakGlassEndInput, strawberry.argument(description="What to do.")],
    ) -> BreakGlassEndPayload:
        """End."""
        actor = actor_of(info)
        end = _of(input.break_glass_id, lambda id: break_glass.end(id, by=actor))
        return BreakGlassEndPayload(**await _done(info, actor, end))

    @strawberry.mutation(description="Say, once it is over, whether it had to be; no party to it may.")
    async def break_glass_review(
        self,
        info: Info[Context, None],
        input: Annotated[BreakGlassReviewInput, strawberry.argument(description="What to do.")],
    ) -> BreakGlassReviewPayload:
        """Review."""
        actor = actor_of(info)
        review = _of(
            input.break_glass_id, lambda id: break_glass.review(id, input.verdict, input.note, by=actor)
        )
        return BreakGlassReviewPayload(**await _done(info, actor, review))


async def _of(identifier: str, work: Callable[[UUID], Awaitable[Any]]) -> Any:
    """What is done to the request of an identifier."""
    return await work(key_of(identifier, "BreakGlass"))


async def _done(info: Any, actor: Actor, work: Awaitable[Any]) -> dict[str, Any]:
    """What every payload here consists of."""
    done, errors = await attempt(work, actor)
    return {"break_glass": await shown(info, "BreakGlass", "breakGlass", done), "user_errors": errors}


def _glasses(context: Context, filter: BreakGlassFilter) -> Question:
    plan = context.policy.plan(context.actor, "BreakGlass")
    question = Question()
    if filter.state is not None:
        question = question.also(search.equals(plan, "state", "state"), {"state": filter.state.value})
    if filter.reviewed is not None:
        opened = Compare("!=", Path(ir.THIS, ("openedAt",)), Const(None))
        reviewed = Compare("!=" if filter.reviewed else "=", Path(ir.THIS, ("verdict",)), Const(None))
        seen = [plan.grant(name).condition for name in ("openedAt", "verdict")]
        question = question.also(ir.conjunction([*seen, opened, reviewed]), {})
    return question
