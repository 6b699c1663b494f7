"""Telling customers what was recorded on paper, so that somebody else's letter does not pass unseen."""

from models import ContactPoint, Instruction, Template
from policies.actor import Actor
from procedures.consent import suspension
from procedures.message import outbox
from procedures.suppression import Suppressed, TraitUnusable


async def tell_everywhere(instruction: Instruction, template: Template, by: Actor) -> None:
    """Tell the customer at every address that is verified, in the transaction under way; in the account if at none."""
    day, until = f"{instruction.recorded_at:%Y-%m-%d}", f"{instruction.due_at:%Y-%m-%d}"
    points = await outbox.confirmed(instruction.customer_id, by.now)
    told = [await _told(point, instruction, template, by, day, until) for point in points]
    if not any(told):
        await suspension.tell(instruction, template, by, until=until)


async def _told(
    point: ContactPoint, instruction: Instruction, template: Template, by: Actor, day: str, until: str
) -> bool:
    try:
        await outbox.queue(
            instruction.customer_id, template, by=by, contact_point_id=point.id, recorded=day, until=until
        )
    except (Suppressed, TraitUnusable):
        return False
    return True
