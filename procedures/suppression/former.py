"""What customers were found by, and are not any more: keyed hashes, so that an import recognises whom it is about."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from uuid import UUID

from models import PERSONAL, Category, FormerAddress, Personal, opened
from procedures.suppression.found_by import CATEGORIES, Trait, keyed, of_row
from vault.errors import SealBroken


async def remember(rows: Iterable[Personal]) -> None:
    """Keep what the rows of one customer were found by, before they go, in the transaction under way.

    A row that does not open leaves nothing.
    """
    digests: dict[bytes, UUID] = {}
    for row in rows:
        with suppress(SealBroken):
            digests |= {keyed(trait): row.customer_id for trait in of_row(row, await opened(row))}
    if digests:
        customers = set(digests.values())
        known = {bytes(each.digest) for each in await FormerAddress.filter(customer_id__in=list(customers))}
        await FormerAddress.bulk_create(
            [FormerAddress(customer_id=digests[each], digest=each) for each in digests.keys() - known]
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


async def customers(traits: Collection[Trait]) -> dict[Trait, set[UUID]]:
    """By trait, the customers who were found by it."""
    digests = {trait: keyed(trait) for trait in traits}
    rows = await FormerAddress.filter(digest__in=list(set(digests.values()))).values("digest", "customer_id")
    found: dict[bytes, set[UUID]] = {}
    for row in rows:
        found.setdefault(bytes(row["digest"]), set()).add(row["customer_id"])
    return {trait: found[digest] for trait, digest in digests.items() if digest in found}
