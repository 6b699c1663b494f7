"""Telling customers what was recorded on paper, so that somebody else's letter does not pass unseen."""

from models import Instruction, Template
from policies.actor import Actor
from procedures.consent import suspension
from procedures.message import outbox


async def tell_everywhere(instruction: Instruction, template: Template, by: Actor) -> None:
    """Tell the customer at every address that is verified, in the transaction under way; if at none, as `suspension.tell`."""
    day, until = f"{instruction.recorded_at:%Y-%m-%d}", f"{instruction.due_at:%Y-%m-%d}"
    told = await outbox.queue_everywhere(instruction.customer_id, template, by=by, recorded=day, until=until)
    if not told:
        await suspension.tell(instruction, template, by, until=until)
