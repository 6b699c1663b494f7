"""Who left and is not taken in again, as slow, keyed hashes of what they were found by; no address is stored.

Whoever leaves may ask that nobody takes them in or writes to them again; of whoever does not, hashes are kept for
imports alone. Without the key provider nobody can try addresses against them at all. With it each try costs what a
password costs, and of those for imports, which ask for a hundred thousand, about a thirtieth of it.
"""

import asyncio
import hmac
from collections import OrderedDict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from models import ContactKind, Employee, Suppression
from models.database import after_commit, transaction
from models.event import Event
from models.values import line
from policies.actor import Actor, Channel
from policies.decide import require
from procedures.access import slow_digest
from procedures.current import installation
from procedures.errors import Conflict, found
from procedures.ledger import record
from procedures.suppression import listing
from procedures.suppression.found_by import Digest, Trait, keyed
from vault import vault

#: The same for all: with a salt of its own an address could not be found.
_SALT: Final = b"savas suppression 1"
#: Buckets count from here on, of so many bits; smaller ones are one byte, as they were at first.
_FIRST: Final = 256
_BITS: Final = 14
#: What is asked of whoever lifts one at the machine itself.
_LIFTING: Final = {Channel.CONSOLE: "lift_suppression_at_console"}
#: How many slow digests a process remembers.
_MOST_REMEMBERED: Final = 20_000


class Suppressed(Conflict):
    """Somebody who had this address left, and wishes that nobody takes them in or writes to them again."""

    code = "CUSTOMER_SUPPRESSED"
    message = (
        "Somebody with this address has left and wishes not to be taken in or written to again. Leave it out. "
        "At that person's own wish the privacy officer can lift it."
    )


class TraitUnusable(Conflict):
    """The same, as it is said to customers, who are not told why."""

    code = "CONTACT_UNUSABLE"
    message = "This cannot be used here. Use another one, or ask the privacy officer."


#: A quick hash, and whether its slow digest is the one for imports only.
_Asked = tuple[bytes, bool]


class Remembered(OrderedDict[_Asked, bytes]):
    """Slow digests that were computed before, by the quick one and whether they are for imports only."""


def refusal(by: Actor | None) -> Conflict:
    """The error for whoever asks: staff and the system are told why, nobody else."""
    return Suppressed() if by is None or by.kind == "Employee" else TraitUnusable()


async def digests(quick: Mapping[bytes, bool]) -> list[Digest]:
    """The slow digests of keyed hashes, as `suppress` stores them. Slow, so not within a transaction.

    Args:
        quick: by keyed hash, whether only imports ask it.
    """
    asked = list(quick.items())
    slow = await _compute(asked)
    return [Digest(_bucket(each), digest, only) for (each, only), digest in zip(asked, slow, strict=True)]


async def suppress(entries: Collection[Digest], now: datetime) -> None:
    """Store digests, in the transaction under way."""
    rows = [Suppression(**vars(each), at=now) for each in entries]
    if rows:
        await Suppression.bulk_create(rows)


async def standing(
    traits: Collection[Trait], *, imports: bool = True, constantly: bool = False
) -> dict[Trait, bool]:
    """Those of some traits by which somebody who left is known, and whether nobody may use them.

    Args:
        traits: any.
        imports: ask also for those that only imports ask.
        constantly: take as much time for each whether or not it is known, so that nobody learns from the time.

    Returns:
        By trait, True where it is suppressed, False where only imports ask; others are left out.
    """
    candidates = [(trait, bucket, quick) for trait in set(traits) for bucket, quick in _candidates(trait)]
    stored = await _stored_in({bucket for _, bucket, _ in candidates}, imports=imports)
    if constantly and await Suppression.exists():
        await _compute({(quick, False) for _, _, quick in candidates})
    # Side by side, as far as there are threads for it.
    asked = {(quick, only) for _, bucket, quick in candidates for _, only in stored.get(bucket, ())}
    await asyncio.gather(*(_slow(quick, only) for quick, only in asked))
    found: dict[Trait, bool] = {}
    for trait, bucket, quick in candidates:
        for digest, imports_only in stored.get(bucket, ()):
            if hmac.compare_digest(digest, await _slow(quick, imports_only)):
                found[trait] = found.get(trait, False) or not imports_only
    return found


async def suppressed(traits: Collection[Trait], *, constantly: bool = False) -> bool:
    """Whether somebody who left asked that one of these is not used again."""
    return bool(await standing(traits, imports=False, constantly=constantly))


async def matching(trait: Trait) -> list[Suppression]:
    """The stored rows of one trait."""
    candidates = _candidates(trait)
    rows = await Suppression.filter(bucket__in=[bucket for bucket, _ in candidates])
    wanted = {
        (bucket, imports_only, await _slow(quick, imports_only))
        for bucket, quick in candidates
        for imports_only in (False, True)
    }
    return [row for row in rows if (row.bucket, row.imports_only, bytes(row.digest)) in wanted]


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
        StepUpRequired: the session has to be confirmed first; at the console there is none.
        Unfit: the evidence is no line of text.
    """
    reference = line(evidence, "evidence")
    action, employee = _LIFTING.get(by.channel, "lift_suppression"), await _employee(by)
    # Asked before the work as well, which is slow.
    await require(by, action, "Employee", employee)
    # Slow, and so before the transaction; what is stored meanwhile is found by the next call.
    rows = [row.id for row in await matching(trait)]
    async with transaction():
        await require(by, action, "Employee", employee)
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


async def _stored_in(buckets: Collection[int], *, imports: bool) -> dict[int, list[tuple[bytes, bool]]]:
    stored: dict[int, list[tuple[bytes, bool]]] = {}
    rows = Suppression.filter(bucket__in=list(buckets), imports_only__in=[False, imports])
    for row in await rows.values("bucket", "digest", "imports_only"):
        stored.setdefault(row["bucket"], []).append((bytes(row["digest"]), bool(row["imports_only"])))
    return stored


def _candidates(trait: Trait) -> list[tuple[int, bytes]]:
    """The buckets in which a trait may be, with the quick hash it has there; at first fax numbers had one of their own."""
    quick = keyed(trait)
    pairs = [(_bucket(quick), quick), (quick[0], quick)]
    if trait[0] in (ContactKind.PHONE, ContactKind.FAX):
        fax = keyed(trait, ContactKind.FAX)
        pairs.append((fax[0], fax))
    return pairs


def _bucket(quick: bytes) -> int:
    return _FIRST + (int.from_bytes(quick[:2], "big") >> (16 - _BITS))


async def _slow(quick: bytes, imports_only: bool) -> bytes:
    remembered = installation().instance(Remembered).get((quick, imports_only))
    return remembered or (await _compute([(quick, imports_only)]))[0]


async def _compute(asked: Collection[_Asked]) -> list[bytes]:
    """The slow digest of each, computed anew, and remembered for whoever asks next."""
    computed = await asyncio.gather(*(slow_digest(each, _SALT, often=often) for each, often in asked))
    remembered = installation().instance(Remembered)
    remembered.update(zip(asked, computed, strict=True))
    while len(remembered) > _MOST_REMEMBERED:
        remembered.popitem(last=False)
    return computed


async def _listed(digests: list[bytes]) -> None:
    listing.append_lifted(digests)


async def _employee(by: Actor) -> UUID:
    return found(await Employee.get_or_none(actor_id=by.actor_id), "employee").id
