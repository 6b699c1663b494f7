"""Lifting a suppression: at the own wish of the person whose address it is, by a privacy officer."""

from uuid import UUID

from models import Employee, Suppression
from models.database import after_commit, transaction
from models.event import Event
from models.values import line
from policies.actor import Actor
from policies.decide import require
from procedures.errors import found
from procedures.ledger import record
from procedures.suppression import listing
from procedures.suppression.found_by import Trait
from procedures.suppression.suppression import matching
from vault import vault


async def lift(trait: Trait, evidence: str, *, by: Actor) -> int:
    """Forget that somebody with this address or personal code left, so that they can be taken in again.

    Args:
        trait: the kind and value, as the person says it; not stored.
        evidence: a reference to the person's own wish; the ledger has a keyed hash of it.
        by: a privacy officer.

    Returns:
        How many entries were lifted; 0 where there is none.

    Raises:
        Refused: the actor may not.
        Unfit: the evidence is no line of text.
    """
    reference = line(evidence, "evidence")
    # Slow, and so before the transaction; what is stored meanwhile is found by the next call.
    rows = [row.id for row in await matching(trait)]
    async with transaction():
        await require(by, "lift_suppression", "Employee", await _employee(by))
        standing = await Suppression.filter(id__in=rows)
        await Suppression.filter(id__in=[row.id for row in standing]).delete()
        if standing:
            record(
                Event.SUPPRESSION_LIFTED,
                by,
                entries=len(standing),
                evidence=vault.current().keyed_hash(f"evidence|{reference}"),
            )
            digests = [bytes(row.digest) for row in standing]
            after_commit(lambda: _listed(digests))
    return len(standing)


async def _listed(digests: list[bytes]) -> None:
    listing.append_lifted(digests)


async def _employee(by: Actor) -> UUID:
    return found(await Employee.get_or_none(actor_id=by.actor_id), "employee").id
