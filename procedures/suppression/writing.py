"""The one place where rows of personal data are written, and so where it is decided whether an address may be kept."""

from collections.abc import Collection, Sequence
from typing import Any

from models import Personal
from policies.actor import Actor
from procedures.access import Throttle
from procedures.current import installation
from procedures.suppression.found_by import Trait, forget, of_row
from procedures.suppression.suppression import refusal, suppressed


class Probing(Throttle):
    """Counts what one customer tried to have written that may not be used, so that nobody learns from trying who left."""


async def write(row: Any, by: Actor | None = None) -> None:
    """Write a row whose content is there in plain, in the transaction under way.

    Args:
        row: of any category.
        by: who says so; None for an import, whose word makes no address the customer's again.

    Raises:
        Suppressed, TraitUnusable: somebody who had this address left, and wishes that nobody uses it.
        RateLimited: this customer has tried too many such addresses.
    """
    traits = of_row(row)
    await require_usable(traits, by)
    await row.save()
    if by is not None:
        await forget(row.customer_id, traits)


async def write_all(model: type[Personal], rows: Sequence[Any]) -> None:
    """Write many new rows of a category, as `write` does for an import."""
    await require_usable([trait for row in rows for trait in of_row(row)], None)
    await model.bulk_create(rows)


async def require_usable(traits: Collection[Trait], by: Actor | None) -> None:
    """Refuse what somebody who left wishes not to be used again; raises as `write`."""
    if not traits:
        return
    # Whoever is staff, or the system, may know.
    probing = by is not None and by.kind == "Customer"
    throttle = installation().instance(Probing)
    if by is not None and probing:
        throttle.enter(str(by.actor_id), str(by.actor_id), by.now)
    if await suppressed(traits):
        raise refusal(by)
    if by is not None and probing:
        throttle.succeeded(str(by.actor_id), str(by.actor_id), by.now)
