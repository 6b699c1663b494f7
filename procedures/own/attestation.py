"""Somebody's word that data are right, kept with the revision of the row that it is about."""

from models import Attestation, Personal
from policies.actor import Actor


async def attested(row: Personal, by: Actor) -> None:
    """Note somebody's word that a row is right as it stands now, in the transaction under way."""
    await Attestation.create(
        customer_id=row.customer_id,
        category=row.category,
        row_id=row.id,
        revision=row.revision,
        by_id=by.actor_id,
        at=by.now,
    )
