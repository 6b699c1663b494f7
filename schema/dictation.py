"""What others than the customer wrote into a customer's data on the customer's word."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from models import Category, DictationChange, DictationState, Role
from policies.actor import Actor
from procedures.own import dictation
from schema.employee import Employee
from schema.reading import Guarded, Id, Released, composed, mutation, one, one_of, recorded, value

if TYPE_CHECKING:
    from schema.customer import Customer


@recorded
class Dictation(Released, Guarded):
    """One row of a customer's data that somebody else wrote, as they say on the customer's word.

    The customer confirms or contradicts it. What it says is in the row itself.
    """

    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one("The customer.")
    category: Category | None = value("The category of the row.")
    record_id: strawberry.ID | None = value("The row that was written.")
    change: DictationChange | None = value("Whether the row was added or changed.")
    evidence: str | None = value(
        "How the customer is said to have said it; null of an interaction, which says it itself."
    )
    state: DictationState | None = value("The state of the dictation.")
    recorded_at: datetime | None = value("When it was written.")
    recorded_roles: list[Role] | None = value(
        "The roles of the employee who wrote it, at that time; empty where a partner did."
    )
    recorded_by: Employee | None = one(
        "The employee who wrote it; null where a partner did.", there="actor_id"
    )
    kept_until: datetime | None = value(
        "Until when what was there before is kept, to be put back; null where nothing is."
    )
    decided_at: datetime | None = value("When it was confirmed, contradicted or replaced; null until then.")


@composed("recordedRoles", "recorded_roles")
def _roles(roles: str) -> list[Role]:
    return [Role(role) for role in roles.split()]


DICTATION = one_of(
    Dictation, "dictation", "A dictation by identifier; null if there is none that you may see."
)

#: What mutations of dictations show.
SHOWN = {"dictation": (Dictation, "The dictation.")}
DictationId = Annotated[UUID, Id("Dictation"), "The dictation."]


@mutation("The confirmed dictation.", SHOWN, input="The dictation to confirm.", creates=True)
async def dictation_confirm(dictation_id: DictationId, *, by: Actor) -> Any:
    """Confirm that what somebody else wrote into your data is right; what was there before is deleted."""
    return await dictation.confirm(dictation_id, by=by)


@mutation("The contradicted dictation.", SHOWN, input="The dictation to contradict.", creates=True)
async def dictation_contradict(dictation_id: DictationId, *, by: Actor) -> Any:
    """Contradict what somebody else wrote into your data: what was changed is as it was, what was added is removed."""
    return await dictation.contradict(dictation_id, by=by)
