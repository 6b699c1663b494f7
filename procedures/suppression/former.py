"""What a customer is found by no more, because it was erased, removed or changed.

It leaves a keyed hash, so that an import still recognises whom it is about.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from uuid import UUID

from models import PERSONAL, Category, FormerAddress, Personal, opened
from procedures.suppression.belonging import is_anothers
from procedures.suppression.found_by import CATEGORIES, Trait, keyed, of_row
from vault.errors import SealBroken


async def remember(rows: Iterable[Personal]) -> None:
    """Keep what rows were found by, before they go, in the transaction under way.

    A row that does not open leaves nothing.
    """
    kept = {
        (row.customer_id, keyed(trait)): await is_anothers(row, trait) for row, trait in await _traits(rows)
    }
    if kept:
        known = await FormerAddress.filter(customer_id__in=list({id for id, _ in kept}))
        fresh = kept.keys() - {(each.customer_id, bytes(each.digest)) for each in known}
        await FormerAddress.bulk_create(
            [FormerAddress(customer_id=each[0], digest=each[1], imports_only=kept[each]) for each in fresh]
        )


async def remember_category(customer_id: UUID, category: Category) -> None:
    """The same of all rows of a category of a customer."""
    if category in CATEGORIES:
        await remember(await PERSONAL[category].filter(customer_id=customer_id))


async def forget(customer_id: UUID, traits: Collection[Trait]) -> None:
    """Drop what a customer is found by again, because the customer has said so, in the transaction under way."""
    if traits:
        digests = [keyed(trait) for trait in traits]
        await FormerAddress.filter(customer_id=customer_id, digest__in=digests).delete()


async def proved(rows: Iterable[Personal]) -> None:
    """Note that customers have proved what some rows hold, in the transaction under way: who gave it up has it no more."""
    for row, trait in await _traits(rows):
        others = FormerAddress.filter(digest=keyed(trait)).exclude(customer_id=row.customer_id)
        await others.update(imports_only=True)


async def formerly(traits: Collection[Trait]) -> dict[Trait, set[UUID]]:
    """By trait, the customers who were found by it, and are not any more."""
    digests = {trait: keyed(trait) for trait in traits}
    rows = await FormerAddress.filter(digest__in=list(set(digests.values()))).values("digest", "customer_id")
    found: dict[bytes, set[UUID]] = {}
    for row in rows:
        found.setdefault(bytes(row["digest"]), set()).add(row["customer_id"])
    return {trait: found[digest] for trait, digest in digests.items() if digest in found}


async def _traits(rows: Iterable[Personal]) -> list[tuple[Personal, Trait]]:
    found: list[tuple[Personal, Trait]] = []
    for row in rows:
        with suppress(SealBroken):
            found += [(row, trait) for trait in of_row(row, await opened(row))]
    return found
