"""Suppression: whoever leaves may wish not to be taken in or written to again.

For that something must remain. It is no address: it is argon2id of a keyed hash of the address. Without the key
provider nobody can try addresses against it at all, and with it each try costs what a password costs.
"""

import asyncio
import hmac
from collections.abc import Iterable
from datetime import datetime

from argon2.low_level import Type, hash_secret_raw

from models import ContactKind, ContactPoint, Suppression, opened
from vault import vault

#: Of one address: 19 MiB, two passes, as for a password; no salt of its own, or nothing could be found by it.
_COST = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1, "hash_len": 32, "type": Type.ID}
_SALT = b"savas suppression 1"

Address = tuple[ContactKind, str]


async def addresses(customer_id: object) -> list[Address]:
    """The addresses that a customer is known by."""
    points = await ContactPoint.filter(customer_id=customer_id)
    return [(point.kind, (await opened(point)).value) for point in points]


async def digests(known: Iterable[Address]) -> list[tuple[int, bytes]]:
    """What is kept of some addresses: bucket and digest of each. Slow, so not within a transaction."""
    return [await _digest(_keyed(address)) for address in known]


async def suppress(found: Iterable[tuple[int, bytes]], now: datetime) -> int:
    """Keep digests, in the transaction under way; returns how many."""
    rows = [Suppression(bucket=bucket, digest=digest, at=now) for bucket, digest in found]
    if rows:
        await Suppression.bulk_create(rows)
    return len(rows)


async def suppressed(address: Address) -> bool:
    """Whether somebody who left wishes this address to be left alone."""
    keyed = _keyed(address)
    kept = await Suppression.filter(bucket=keyed[0]).values_list("digest", flat=True)
    if not kept:
        return False
    _, digest = await _digest(keyed)
    return any(hmac.compare_digest(bytes(each), digest) for each in kept)  # type: ignore[arg-type]  # Tortoise types one column as tuples


def _keyed(address: Address) -> bytes:
    kind, value = address
    normal = ContactPoint._meta.fields_map["value_index"].normalise(value)  # type: ignore[attr-defined]  # the field is an Index
    return bytes.fromhex(vault.current().keyed_hash(f"suppression|{kind.value}|{normal}"))


async def _digest(keyed: bytes) -> tuple[int, bytes]:
    raw = await asyncio.to_thread(hash_secret_raw, keyed, _SALT, **_COST)
    return keyed[0], raw
