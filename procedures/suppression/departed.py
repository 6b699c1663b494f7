"""What is kept when somebody leaves, so that no file brings them back: slow hashes of addresses, hashes of keys."""

from collections.abc import Collection, Iterable
from uuid import UUID

from models import PERSONAL, DepartedKey, FormerAddress, ImportedRow, is_hash, key_hash, opened
from procedures.errors import Conflict
from procedures.suppression import suppression
from procedures.suppression.found_by import CATEGORIES, Digest, is_anothers, keyed, of_row
from vault import vault
from vault.errors import SealBroken

#: The entity of customers in the marks of imported rows.
CUSTOMER = "customer"


class AddressUnreadable(Conflict):
    """An address does not open, and so its digest cannot be made."""

    code = "ADDRESS_UNREADABLE"
    message = (
        "An address is damaged, and what cannot be read cannot be suppressed. Withdraw without `suppress`: "
        "everything is erased all the same."
    )
    field = "suppress"


async def digests(customer_id: UUID, *, wished: bool) -> list[Digest]:
    """Slow digests of what a customer is and was found by. Slow, so not within a transaction.

    Args:
        customer_id: who is about to leave.
        wished: the customer wishes to be suppressed. What is rather another's than theirs is kept for imports all the
            same; what does not open is left out where they do not wish it.

    Raises:
        AddressUnreadable: an address that is to be suppressed does not open.
    """
    former = await FormerAddress.filter(customer_id=customer_id)
    quick = {bytes(each.digest): each.imports_only or not wished for each in former}
    for category in CATEGORIES:
        for row in await PERSONAL[category].filter(customer_id=customer_id):
            try:
                for trait in of_row(row, await opened(row)):
                    only = not wished or await is_anothers(row, trait)
                    quick[keyed(trait)] = quick.get(keyed(trait), True) and only
            except SealBroken:
                if wished:
                    raise AddressUnreadable from None
    return await suppression.digests(quick)


async def keep_keys(customer_id: UUID) -> list[bytes]:
    """Keep hashes of the keys under which other systems know a customer, in the transaction under way; returns them."""
    marks = await ImportedRow.filter(record_id=customer_id, entity=CUSTOMER)
    hashes = [_hash(mark.key if is_hash(mark.key) else f"{mark.source}|{mark.key}") for mark in marks]
    await DepartedKey.bulk_create([DepartedKey(digest=digest) for digest in hashes])
    return hashes


async def keys(source: str, some: Iterable[str]) -> set[str]:
    """Those of some keys of a source under which somebody was known who left."""
    by_hash = {_hash(key_hash(source, CUSTOMER, key)): key for key in some}
    # As an earlier version kept them.
    by_hash |= {_hash(f"{source}|{key}"): key for key in by_hash.values()}
    stored = await DepartedKey.filter(digest__in=list(by_hash)).values_list("digest", flat=True)
    hashes: Collection[bytes] = [bytes(each) for each in stored]
    return {by_hash[digest] for digest in hashes}


def _hash(text: str) -> bytes:
    return bytes.fromhex(vault.current().keyed_hash(f"departed|{text}"))
