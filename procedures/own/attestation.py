"""Attestations: somebody's confirmation that a row is right, stored with the row's revision."""

from models import Attestation, Personal
from policies.actor import Actor


async def attested(row: Personal, by: Actor) -> None:
    """Store that the actor confirms a row in its present revision to be right, in the transaction under way."""
    await Attestation.create(
        customer_id=row.customer_id,
        category=row.category,
        row_id=row.id,
        revision=row.revision,
        by_id=by.actor_id,
        at=by.now,
    )
