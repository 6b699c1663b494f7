"""Reading without a task: asked for, approved by somebody else, ended, and looked at afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from models import BreakGlassState, Category, Purpose, Verdict
from policies.actor import Actor
from policies.conditions import Compare, Const, Path, ir
from policies.statements import Order
from procedures.task import break_glass
from schema.employee import Employee
from schema.reading import (
    Context,
    Guarded,
    Id,
    Question,
    Released,
    all_of,
    having,
    input_type,
    mutation,
    one,
    one_of,
    plucked,
    recorded,
    value,
    within,
)
from schema.reviewed import Reviewed, with_verdict

if TYPE_CHECKING:
    from schema.customer import Customer


@within
class BreakGlassCategory(Released, Guarded):
    """One category of a break-glass request."""

    category: Category | None = value("The category.")


@recorded
class BreakGlass(Reviewed, Released, Guarded):
    """A request to read some categories of one customer's data without a task.

    Reading is possible once another employee has approved it.
    """

    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one("The customer.")
    purpose: Purpose | None = value(
        "The purpose; whoever reads the data has to state it in the header `Purpose`."
    )
    categories: list[Category] | None = plucked(
        "BreakGlassCategory", "category", "The categories that may be read."
    )
    state: BreakGlassState | None = value("The state of the request.")
    reason: str | None = value("Why the data have to be read, as given by the employee who asks.")
    requested_at: datetime | None = value("When it was requested.")
    ends_at: datetime | None = value("While it waits: when it lapses. Once approved: when reading ends.")
    opened_at: datetime | None = value("When it was approved; null if it was not.")
    requested_by: Employee | None = one("The employee who asks.", there="actor_id")
    decided_by: Employee | None = one(
        "The employee who approved or refused it; null until then.", there="actor_id"
    )


@input_type
class BreakGlassFilter:
    """Which break-glass requests to return; all conditions must hold."""

    state: BreakGlassState | None = value("Only requests in this state.", default=None)
    reviewed: bool | None = value(
        "Only approved requests that were reviewed (true) or were not (false).", default=None
    )


def _where(context: Context, filter: BreakGlassFilter) -> Question:
    plan = context.policy.plan(context.actor, "BreakGlass")
    question = having(context, "BreakGlass", {"state": filter.state})
    if filter.reviewed is not None:
        opened = Compare("!=", Path(ir.THIS, ("openedAt",)), Const(None))
        visible = [plan.grant(name).condition for name in ("openedAt", "verdict")]
        question = question.also(ir.conjunction([*visible, opened, with_verdict(filter.reviewed)]), {})
    return question


BREAK_GLASS = one_of(
    BreakGlass, "break_glass", "A break-glass request by identifier; null if there is none that you may see."
)
BREAK_GLASSES = all_of(
    BreakGlass,
    "break_glasses",
    "The break-glass requests that you may see, the latest first.",
    Order("requestedAt", descending=True),
    BreakGlassFilter,
    _where,
)

#: What mutations of break-glass requests show.
SHOWN = {"break_glass": (BreakGlass, "The break-glass request.")}

BreakGlassId = Annotated[UUID, Id("BreakGlass"), "The break-glass request."]


@mutation(
    "The new request; it waits 30 minutes for another employee's approval.",
    SHOWN,
    input="A request to read some categories of a customer's data without a task.",
    creates=True,
)
async def break_glass_request(
    customer_number: Annotated[str, "The customer's number."],
    categories: Annotated[list[Category], "The categories to read."],
    purpose: Annotated[Purpose, "The purpose."],
    reason: Annotated[
        str,
        "Why the data have to be read, in at least 20 characters. Those who decide, those who review and the "
        "customer can read it.",
    ],
    *,
    by: Actor,
) -> Any:
    """Request to read a customer's data without a task; needs a confirmed session (`sessionConfirm`)."""
    return await break_glass.request(customer_number, categories, purpose, reason, by=by)


@mutation(
    "The approved request; the data may be read until its `endsAt`.",
    SHOWN,
    input="The request to approve, and for how long.",
)
async def break_glass_approve(
    break_glass_id: BreakGlassId,
    minutes: Annotated[int, "For how many minutes the data may be read, at most 15."] = 15,
    *,
    by: Actor,
) -> Any:
    """Approve another employee's request, for at most 15 minutes; needs a confirmed session."""
    return await break_glass.approve(break_glass_id, by=by, minutes=minutes)


@mutation("The refused request.", SHOWN, input="The request to refuse.")
async def break_glass_refuse(break_glass_id: BreakGlassId, *, by: Actor) -> Any:
    """Refuse another employee's request."""
    return await break_glass.refuse(break_glass_id, by=by)


@mutation("The ended request; the data may no longer be read.", SHOWN, input="The request to end early.")
async def break_glass_end(break_glass_id: BreakGlassId, *, by: Actor) -> Any:
    """End a request early, whether it was approved or still waits."""
    return await break_glass.end(break_glass_id, by=by)


@mutation(
    "The reviewed request; the verdict is final.",
    SHOWN,
    input="A review of a break-glass request that has ended.",
)
async def break_glass_review(
    break_glass_id: BreakGlassId,
    verdict: Annotated[Verdict, "The verdict."],
    note: Annotated[str, "The findings."],
    *,
    by: Actor,
) -> Any:
    """Review a request once it has ended; those who requested or approved it may not."""
    return await break_glass.review(break_glass_id, verdict, note, by=by)
