"""What was said with a customer: written down by staff and subcontractors, each a new row under the customer's consent.

It is recorded and told as `procedures.own.dictated` says, and put right at the customer's request, or contradicted.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from models import Interaction, Personal
from models.database import transaction
from policies.actor import Actor
from policies.decide import require
from procedures.consent import locked
from procedures.own.dictated import check_past
from procedures.own.new_values import new_values
from procedures.own.own_change import create, said_by


async def record(customer_id: UUID, values: Mapping[str, Any], *, by: Actor) -> Personal:
    """Write down what was said with a customer.

    Args:
        customer_id: with whom.
        values: of the fields of an interaction, by name.
        by: whose task needs interactions.

    Raises:
        Refused: the actor has no task that needs interactions, or the customer does not let us use them for it.
        ConsentRequired: there is no consent that the actor may use.
        Unfit: a value cannot be used.
        RateLimited: the actor has written too much of others today.
    """
    async with transaction():
        await require(by, "record_interaction", "Customer", customer_id)
        await locked(customer_id)
        check_past(values["occurred_at"], "occurredAt", by)
        new = new_values(Interaction, values, by.now)
        return await create(new, customer_id, by, await said_by(customer_id, by, None))
