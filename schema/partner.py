"""Subcontractors."""

import strawberry

from models import Purpose
from policies.conditions import Compare, Const, Exists, Param, Path, ir
from policies.statements import Order
from schema.employee import active, listed, open_tasks, overdue_tasks
from schema.reading import (
    Context,
    Guarded,
    Question,
    Released,
    all_of,
    input_type,
    key_of,
    one,
    recorded,
    value,
)


@recorded
class Partner(Released, Guarded):
    """A partner: a subcontractor that processes data for the company."""

    name: str | None = value("The partner's name.")
    active: bool | None = value("Whether the company works with it at present.")


@recorded
class PartnerClient(Released, Guarded):
    """A program by which a partner uses this API."""

    name: str | None = value("The client's name.")
    partner: Partner | None = one("The partner.")
    active: bool | None = active()
    open_tasks: int | None = open_tasks()
    overdue_tasks: int | None = overdue_tasks()


@input_type
class PartnerClientFilter:
    """Which clients of partners to return; all conditions must hold."""

    active: bool | None = value("Only those that may sign in (true) or that may not (false).", default=None)
    partner_id: strawberry.ID | None = value("Only those of this partner.", default=None)
    purpose: Purpose | None = value(
        "Only those of partners with a signed agreement in force for this purpose.", default=None
    )


def _where(context: Context, filter: PartnerClientFilter) -> Question:
    question = listed(context, "PartnerClient", active=filter.active)
    if filter.partner_id is not None:
        visible = context.policy.plan(context.actor, "PartnerClient").grant("partner").condition
        of = Compare("=", Path(ir.THIS, ("partnerId",)), Param("partner"))
        key = key_of(filter.partner_id, "Partner", "partnerId")
        question = question.also(ir.conjunction([visible, of]), {"partner": key})
    if filter.purpose is not None:
        values = {"now": context.actor.now, "purpose": filter.purpose.value}
        question = question.also(_BOUND, values)
    return question


#: Clients of partners that are bound for a purpose at present.
_BOUND = Exists(
    "agreement",
    Path(ir.THIS, ("partner", "agreements")),
    ir.conjunction([
        Compare("=", Path("agreement", ("signed",)), Const(True)),
        Compare("<=", Path("agreement", ("fromAt",)), Param("now")),
        Compare(">", Path("agreement", ("untilAt",)), Param("now")),
        Exists(
            "term",
            Path("agreement", ("terms",)),
            Compare("=", Path("term", ("purpose",)), Param("purpose")),
        ),
    ]),
)  # fmt: skip

PARTNER_CLIENTS = all_of(
    PartnerClient,
    "partner_clients",
    "The clients of partners, by name; for managers, administrators and privacy officers.",
    Order("name"),
    PartnerClientFilter,
    _where,
)
