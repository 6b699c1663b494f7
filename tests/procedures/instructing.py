"""Instructions to end consents: who says so, and a second person who carries them out."""

from models import Instruction, Role
from policies.actor import Actor
from procedures import instruction
from procedures.instruction.instruction import Approved
from tests.procedures import records

SAID = "She rang on Monday and said so."


async def officer() -> Actor:
    """A privacy officer, confirmed a moment ago."""
    return await records.confirmed(
        records.staff(await records.employee(Role.PRIVACY_OFFICER), Role.PRIVACY_OFFICER)
    )


async def approved(said: Instruction | None, by: Actor | None = None) -> Approved:
    """What comes of an instruction that another privacy officer approves."""
    assert said is not None
    return await instruction.approve(said.id, by=by or await officer())
