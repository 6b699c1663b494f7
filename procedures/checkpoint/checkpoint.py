"""Checkpoints: the ledger is signed when it has grown, and what was signed is handed to every witness that lacks it.

A checkpoint is signed, stored, and then handed over, and a process may be killed between any two of these: what is
stored and not handed over is handed over later, by any process. For one size there is one checkpoint, that of the first
process to store it, so processes side by side never sign two different ledgers. Before anything is signed, the ledger
is compared with what the witness directory has (`procedures.audit.restored`).

A witness that cannot be reached does not delay the others. The failure is recorded once (`checkpoint.undelivered`), not
at each try, and the witness gets everything in order once it is back. A new witness begins with the newest checkpoint, which covers all before it.

- `LEDGER_SHRUNK`: the ledger is shorter than what was signed of it; `savas ledger verify` says more
- `CHECKPOINT_UNDELIVERED`: a witness could not be handed a checkpoint; it gets everything once it is back
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256

from tortoise.exceptions import IntegrityError

from models.database import transaction
from models.errors import ProcedureError
from models.event import Event
from models.ledger import Checkpoint, LedgerEntry, LedgerHead
from policies.actor import utc_now
from procedures import current, ledger
from procedures.audit import PAGE, SIGNING_KEY, restored
from procedures.checkpoint import witnesses
from procedures.checkpoint.witnesses import Witness
from procedures.ledger import WitnessError
from procedures.work import Clock
from vault import checkpoint, vault
from vault.merkle import Frontier

log = logging.getLogger("savas.ledger")

#: How many of the newest checkpoints are searched for those that a witness lacks.
REACH = 10_000
_STEP = 100


class LedgerShrunk(ProcedureError):
    """The ledger is shorter than what was signed of it."""

    code = "LEDGER_SHRUNK"
    message = "The ledger is shorter than its own checkpoints; nothing is signed. Run: ./savas ledger verify"


@dataclass(frozen=True)
class Delivery:
    """The outcome of handing checkpoints over to one witness.

    Attributes:
        kind: of the witness.
        lacking: how many checkpoints it still lacks.
        code: of the error; None without one.
    """

    kind: str
    lacking: int = 0
    code: str | None = None


async def keep() -> None:
    """Sign the ledger if it has grown, and hand over what witnesses lack.

    Raises:
        SealedError: the vault is sealed, and nothing can be signed.
        WitnessError: the witness directory cannot be read, and so nothing is signed.
        LedgerShrunk: the ledger is shorter than what was signed of it.
    """
    await issue()
    await deliver()


async def issue(*, clock: Clock = utc_now) -> Checkpoint | None:
    """Sign the ledger and store the checkpoint; None when it has not grown, or another process was quicker.

    Raises:
        SealedError, WitnessError, LedgerShrunk: as for `keep`.
    """
    keys = vault.current().provider
    await restored.record_restoration()
    # The checkpoint first: the ledger only grows, so a head read afterwards covers whatever was signed before.
    newest = await Checkpoint.all().order_by("-size").first()
    head = await LedgerHead.get_or_none(id=1)
    size, signed = head.size if head else 0, newest.size if newest else 0
    if size < signed:
        raise LedgerShrunk
    if head is None or size == signed:
        return None
    root, public = Frontier.decode(size, bytes(head.frontier)).root(), keys.public(SIGNING_KEY)
    stated = checkpoint.Checkpoint(_origin(public), size, root, clock())
    note = checkpoint.note(stated, lambda text: keys.sign(SIGNING_KEY, text), public)
    return await _store(Checkpoint(size=size, root=root, at=stated.at, note=note))


async def deliver(*, hurry: bool = False) -> list[Delivery]:
    """Hand to every witness what it lacks, to all of them at the same time.

    Args:
        hurry: do not wait for the pace of a witness.

    Raises:
        SealedError: the vault is sealed.
        WitnessError: the witness directory cannot be read.
    """
    public = vault.current().provider.public(SIGNING_KEY)
    all_witnesses = witnesses.of(current.addresses(), public, _leaves)
    deliveries = (_hand_over(each, hurry=hurry) for each in all_witnesses)
    done = await asyncio.gather(*deliveries, return_exceptions=True)
    if unforeseen := [each for each in done if isinstance(each, BaseException)]:
        raise unforeseen[0]
    return [each for each in done if isinstance(each, Delivery)]


def _origin(public: bytes) -> str:
    """The name of an installation's ledger in checkpoints, which stays the same as long as its signing key."""
    return f"savas/{sha256(public).hexdigest()[:16]}"


async def _store(row: Checkpoint) -> Checkpoint | None:
    try:
        async with transaction():
            await row.save(force_create=True)
    except IntegrityError:
        return None
    return row


async def _hand_over(witness: Witness, *, hurry: bool) -> Delivery:
    lacking, recorded, latest = await _lacking(witness)
    if not hurry and latest is not None and lacking and _hurried(lacking[-1], latest, witness):
        return Delivery(witness.kind, len(lacking))
    for done in range(0, len(lacking), witness.parcel):
        parcel = lacking[done : done + witness.parcel]
        try:
            await witness.hand(parcel)
        except (ProcedureError, WitnessError) as error:
            if not recorded:
                log.error("CHECKPOINT_UNDELIVERED witness=%s code=%s", witness.kind, error.code)
                await _mark(parcel[:1], witness, failed=error.code)
            return Delivery(witness.kind, len(lacking) - done, error.code)
        await _mark(parcel, witness)
        recorded = False
    return Delivery(witness.kind)


def _hurried(newest: Checkpoint, latest: Checkpoint, witness: Witness) -> bool:
    """Whether the newest one follows the last that a witness has too soon.

    One that bears a later time than the newest was signed by a clock that was ahead, and nothing follows from it.
    """
    return latest.at <= newest.at < latest.at + witness.pace


async def _lacking(witness: Witness) -> tuple[list[Checkpoint], bool, Checkpoint | None]:
    """The checkpoints that a witness lacks, in order; whether a failure to reach it is recorded; the last that it has."""
    lacking: list[Checkpoint] = []
    latest, failed = None, 0
    async for row in _backwards():
        if witness.has(row):
            latest = row
            break
        lacking.append(row)
        if _failure_mark(witness) in row.delivered.split():
            failed = len(lacking)
    if latest is None:
        # It is new: it begins where it was first tried, and otherwise with the newest.
        lacking = lacking[: max(failed, 1)]
    return lacking[::-1], failed > 0, latest


async def _backwards() -> AsyncIterator[Checkpoint]:
    """The checkpoints, the newest first."""
    for start in range(0, REACH, _STEP):
        rows = await Checkpoint.all().order_by("-size").offset(start).limit(_STEP)
        for row in rows:
            yield row
        if len(rows) < _STEP:
            return


def _failure_mark(witness: Witness) -> str:
    """The mark in `delivered` of a checkpoint that a witness could not be handed, which is recorded then."""
    return f"{witness.key}!"


async def _mark(rows: list[Checkpoint], witness: Witness, *, failed: str | None = None) -> None:
    """Mark checkpoints as handed to a witness; or one as not, with the code of the failure, which is recorded."""
    async with transaction():
        for row in await Checkpoint.filter(size__in=[row.size for row in rows]).select_for_update():
            others = set(row.delivered.split()) - {witness.key, _failure_mark(witness)}
            mark = witness.key if failed is None else _failure_mark(witness)
            await Checkpoint.filter(size=row.size).update(delivered=" ".join(sorted({*others, mark})))
        if failed is not None:
            ledger.record(Event.CHECKPOINT_UNDELIVERED, None, witness=witness.kind, code=failed)


async def _leaves(start: int, end: int) -> AsyncIterator[tuple[int, list[bytes]]]:
    """The leaf hashes of the entries from one number up to another, in parts, each with the number of its first."""
    for first in range(start, end, PAGE):
        rows = LedgerEntry.filter(number__gte=first, number__lt=min(first + PAGE, end)).order_by("number")
        yield first, [bytes(leaf) for leaf in await rows.values_list("leaf", flat=True)]
