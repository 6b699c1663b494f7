"""Suppression: whoever leaves may ask not to be taken in or written to again.

For that, argon2id of a keyed hash of each address is stored, and no address. Without the key provider nobody can try
addresses against it at all, and with it each try costs what a password costs.
"""

import asyncio
import hmac
from collections.abc import Iterable
from datetime import datetime

from models import ContactKind, ContactPoint, Suppression, opened
from procedures.access import slow_digest
from procedures.errors import Conflict
from vault import vault
from vault.errors import SealBroken

#: The same for all: with a salt of its own an address could not be found.
_SALT = b"savas suppression 1"

Address = tuple[ContactKind, str]


class AddressUnreadable(Conflict):
    """An address does not open, and so its digest cannot be made."""

    code = "ADDRESS_UNREADABLE"
    message = (
        "An address is damaged, and what cannot be read cannot be suppressed. Withdraw without `suppress`: "
        "everything is erased all the same."
    )
    field = "suppress"


async def addresses(customer_id: object) -> list[Address]:
    """The kind and value of each contact point of a customer.

    Raises:
        AddressUnreadable: one of them does not open.
    """
    try:
        points = await ContactPoint.filter(customer_id=customer_id)
        return [(point.kind, (await opened(point)).value) for point in points]
    except SealBroken:
        raise AddressUnreadable from None


async def digests(points: Iterable[Address]) -> list[tuple[int, bytes]]:
    """Bucket and digest of each address, as `suppress` stores them. Slow, so not within a transaction."""
    return await asyncio.gather(*(_digest(keyed) for keyed in {_keyed(address) for address in points}))


async def suppress(entries: Iterable[tuple[int, bytes]], now: datetime) -> int:
    """Store buckets and digests of addresses, in the transaction under way; returns how many."""
    rows = [Suppression(bucket=bucket, digest=digest, at=now) for bucket, digest in entries]
    if rows:
        await Suppression.bulk_create(rows)
    return len(rows)


async def suppressed(address: Address) -> bool:
    """Whether somebody who left asked that this address is not used again."""
    keyed = _keyed(address)
    stored = await Suppression.filter(bucket=keyed[0]).values_list("digest", flat=True)
    if not stored:
        return False
    _, digest = await _digest(keyed)
    return any(hmac.compare_digest(bytes(each), digest) for each in stored)


def _keyed(address: Address) -> bytes:
    kind, value = address
    normal = ContactPoint._meta.fields_map["value_index"].normalise(value)  # type: ignore[attr-defined]  # the field is an BlindIndex
    return bytes.fromhex(vault.current().keyed_hash(f"suppression|{kind.value}|{normal}"))


async def _digest(keyed: bytes) -> tuple[int, bytes]:
    return keyed[0], await slow_digest(keyed, _SALT)
