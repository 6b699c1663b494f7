"""What a customer ordered: entered by staff, each a new row under the customer's consent.

It is recorded and told as `procedures.own.dictated` says, and put right at the customer's request, or contradicted.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from models import Order, Personal, check_total, entered_lines
from models.database import transaction
from models.errors import Unfit
from policies.actor import Actor
from policies.decide import require
from procedures.consent import locked
from procedures.own.dictated import check_past
from procedures.own.new_values import new_values
from procedures.own.own_change import create, said_by

#: How many lines an order has at most.
LINES: Final = 200


async def enter(
    customer_id: UUID,
    values: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    *,
    by: Actor,
    evidence: str,
) -> Personal:
    """Enter an order of a customer; its amounts are checked as those of an import.

    Args:
        customer_id: whose order.
        values: of the fields of an order but its lines, by name.
        lines: the fields of each line, by name; if there are any, they add up to the total.
        by: whose task needs orders.
        evidence: how the customer ordered.

    Raises:
        Refused: the actor has no task that needs orders, or the customer does not let us use them for it.
        ConsentRequired: there is no consent that the actor may use.
        Unfit: a value cannot be used; TOTAL_DIFFERS, the lines do not add up.
        RateLimited: the actor has written too much of others today.
    """
    async with transaction():
        await require(by, "enter_order", "Customer", customer_id)
        await locked(customer_id)
        check_past(values["placed_at"], "placedAt", by)
        if len(lines) > LINES:
            raise Unfit(f"An order has at most {LINES} lines. Enter several orders.", "lines")
        new = new_values(Order, {**values, "lines": entered_lines(lines)}, by.now)
        check_total(new.sealed["lines"], new.sealed["total"], "total")
        return await create(new, customer_id, by, await said_by(customer_id, by, evidence))
