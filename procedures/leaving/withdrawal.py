"""Leaving: a customer withdraws, and everything about them is erased, in four steps that can each be repeated.

    ERASED       in one transaction: rows of all categories, indexes with them, every other trace (`procedures.erasure.rules`),
                 all consents withdrawn, tasks closed, sessions ended, partners obliged; the customer gets another
                 number. What the law holds back is out of reach (`procedures.erasure.held_rows`).
    LISTED       a line outside of the databases, so that a restored backup erases them again
    DESTROYED    the customer's keys; from the next rotation on no backup of the key database has them either
    COMPLETED    an entry of the ledger says what was done: it is the certificate

The customer needs nobody's approval. A process that is killed is finished by the next one that opens the installation.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from models import (
    PERSONAL,
    Consent,
    ConsentState,
    Customer,
    CustomerStatus,
    Outcome,
    Record,
    Task,
    TaskStatus,
    Withdrawal,
    WithdrawalStep,
)
from models.database import after_commit, transaction
from models.errors import Unfit
from models.event import Event
from models.keys import keybook
from policies.actor import Actor, utc_now
from policies.decide import require
from procedures import ledger
from procedures.access import token_hash
from procedures.consent import Action, restate_all, transition
from procedures.erasure import Scope, erase, erasure_list, held_rows, obligation, rules
from procedures.errors import Conflict, found
from procedures.leaving import legal_hold
from procedures.suppression import departed, listing, suppression
from procedures.work import Progress, one_by_one, silent
from vault.errors import SealBroken

Counts = dict[str, int]


class AlreadyLeft(Conflict):
    """The customer has left before."""

    code = "ALREADY_WITHDRAWN"
    message = "This customer has left; there is nothing left to withdraw."


@dataclass(frozen=True, repr=False)
class Begun:
    """A withdrawal; `token` fetches its certificate, and is returned here and never again."""

    withdrawal: Withdrawal
    token: str


@dataclass(frozen=True, slots=True)
class Line(erasure_list.Line):
    """One line of the list of withdrawals, with the state that each consent of the customer has come to."""

    LIST = "withdrawals"

    consents: Mapping[UUID, ConsentState] = field(default_factory=dict)


async def preview(customer_id: UUID, *, by: Actor) -> tuple[Counts, Counts]:
    """By table, how many rows a withdrawal would erase, and how many are or would be held back; changes nothing.

    Raises:
        Refused: the actor may not withdraw this customer.
    """
    await require(by, "preview_withdrawal", "Customer", customer_id)
    return await counted(customer_id, by.now)


async def counted(customer_id: UUID, now: datetime) -> tuple[Counts, Counts]:
    """By table, how many rows leaving would erase, and how many are or would be held back."""
    erased: Counts = {}
    held = await held_rows.counted(customer_id)
    for category, model in PERSONAL.items():
        counts = held if await held_rows.hold_on(customer_id, category, now) else erased
        table = ledger.table(model)
        counts[table] = counts.get(table, 0) + await model.filter(customer_id=customer_id).count()
    return erased, held


async def begin(customer_id: UUID, number: str, *, by: Actor, suppress: bool = False) -> Begun:
    """Erase everything about a customer, and certify it.

    Args:
        customer_id: who leaves.
        number: the customer's number, typed again, so that nobody leaves by a slip.
        by: the customer.
        suppress: nobody takes in or writes to the customer's addresses again; without it only imports are kept off.

    Raises:
        Refused: the actor may not withdraw this customer.
        Unfit: the number is not the customer's.
        AlreadyLeft: the customer has left before; nothing changes.
        AddressUnreadable: an address that is to be suppressed does not open; nothing changes.
    """
    await require(by, "begin_withdrawal", "Customer", customer_id)
    # Slow on purpose, and so before the transaction; an address that comes between is erased, and not suppressed.
    digests = await departed.digests(customer_id, wished=suppress)
    async with transaction():
        await require(by, "begin_withdrawal", "Customer", customer_id)
        customer = await _locked(customer_id)
        if not hmac.compare_digest(customer.number.encode(), number.strip().upper().encode()):
            raise Unfit("This is not the customer's number. Type it as it stands in `me`.", "number")
        begun = await leave(customer_id, digests, by=by)
    return Begun(await Withdrawal.get(id=begun.withdrawal.id), begun.token)


async def leave(customer_id: UUID, digests: list[suppression.Digest], *, by: Actor) -> Begun:
    """Erase everything about a customer in the transaction under way; the caller has asked whether the actor may.

    Args:
        customer_id: who leaves, locked.
        digests: as `procedures.suppression.departed.digests` makes them, before the transaction.
        by: who carries it out.

    Raises:
        AlreadyLeft: the customer has left before; nothing changes.
    """
    await _locked(customer_id)
    token = secrets.token_urlsafe(32)
    await suppression.suppress(digests, by.now)
    keys = await departed.keep_keys(customer_id)
    suppressed = sum(not each.imports_only for each in digests)
    withdrawal = await _erase(Line(uuid4(), customer_id, by.now), by, token_hash(token), suppressed)
    after_commit(partial(_list_departed, digests, keys, by.now))
    return Begun(withdrawal, token)


async def finish() -> int:
    """Complete interrupted withdrawals, and add to the list those that it lacks; returns how many were completed."""
    pending = await Withdrawal.exclude(step=WithdrawalStep.COMPLETED)
    for withdrawal in pending:
        await _resume(withdrawal.id)
    on_list = {line.id for line in erasure_list.read(Line)}
    for withdrawal in await Withdrawal.filter(step=WithdrawalStep.COMPLETED):
        if withdrawal.id not in on_list:
            await _list(withdrawal)
    await listing.finish()
    await legal_hold.finish()
    return len(pending)


async def listed() -> list[Withdrawal]:
    """Every withdrawal, the latest first."""
    return await Withdrawal.all().order_by("-at")


async def missing() -> list[Line]:
    """The withdrawals that the list has and one of the databases lacks: a backup was restored."""
    steps = dict(await Withdrawal.all().values_list("id", "step"))
    incomplete = [id for id, step in steps.items() if step is not WithdrawalStep.COMPLETED]
    return await erasure_list.missing(Line, steps, incomplete)


async def replay(progress: Progress = silent) -> int:
    """Repeat the withdrawals that a restored backup lacks; returns how many there were."""
    lines = await missing()
    for line in one_by_one(lines, progress):
        if await Withdrawal.exists(id=line.id):
            await _destroy(line.id, line.customer_id)
            continue
        async with transaction():
            await Customer.filter(id=line.customer_id).select_for_update(no_key=True).first()
            await listing.restore()
            await _erase(line, None, None, 0)
    return len(lines)


async def _locked(customer_id: UUID) -> Customer:
    """A customer who has not left, locked."""
    locked = await Customer.filter(id=customer_id).select_for_update(no_key=True).first()
    customer = found(locked, "customer", "customerId")
    if customer.status is CustomerStatus.WITHDRAWN:
        raise AlreadyLeft
    return customer


async def _erase(line: Line, by: Actor | None, token: bytes | None, suppressed: int) -> Withdrawal:
    """Erase everything but the keys, in the transaction under way; the other steps follow its commit."""
    now, customer_id = by.now if by else utc_now(), line.customer_id
    # A row being written under a consent is waited for.
    await Consent.filter(customer_id=customer_id).select_for_update(no_key=True).order_by("id")
    rows = await rules.rows(customer_id)
    removed = await erase(Scope(customer_id, None, line.at, by))
    erased: Counts = {ledger.table(PERSONAL[category]): rows.erased for category, rows in removed.items()}
    await restate_all(line.consents, line.at)
    closed = await _close(customer_id, now, by)
    changed: dict[type[Record], list[UUID]] = {Task: closed, **await rules.deciding(customer_id)}
    erased |= await rules.erase(customer_id, rows)
    # Rows that were held back before count as well.
    held, partners = await held_rows.counted(customer_id), await obligation.partners_obliged(customer_id)
    counts = {"erased": erased, "held": held, "partners": partners, "suppressed": suppressed}
    withdrawal = await Withdrawal.create(
        id=line.id,
        customer_id=customer_id,
        step=WithdrawalStep.ERASED,
        at=line.at,
        token_hash=token,
        counts=json.dumps(counts),
    )
    ledger.record(Event.WITHDRAWAL_BEGUN, by, changed=changed, withdrawal=line.id, customer=customer_id)
    after_commit(lambda: _resume(line.id))
    return withdrawal


async def _close(customer_id: UUID, now: datetime, by: Actor | None) -> list[UUID]:
    """End every consent and close every task of a customer; returns the tasks that were open."""
    for consent in await Consent.filter(customer_id=customer_id, permits=True):
        await transition.change(consent, Action.WITHDRAW, by, now)
    tasks = [task.id for task in await Task.filter(customer_id=customer_id, status=TaskStatus.OPEN)]
    # One that somebody closes at the same moment keeps its outcome.
    await Task.filter(id__in=tasks, status=TaskStatus.OPEN).update(
        status=TaskStatus.CLOSED, closed_at=now, outcome=Outcome.CANCELLED
    )
    return tasks


async def _resume(id: UUID) -> None:
    """Carry out the steps of a withdrawal that are left."""
    withdrawal = await Withdrawal.get(id=id)
    if withdrawal.step is WithdrawalStep.ERASED:
        await _list(withdrawal)
        await _set_step(id, WithdrawalStep.LISTED)
    # On a damaged ring the keys of held rows cannot be told from the others: it waits until the ring is brought back.
    with suppress(SealBroken):
        await _destroy(id, withdrawal.customer_id)
        await _set_step(id, WithdrawalStep.DESTROYED)
        await _complete(withdrawal)


async def _destroy(id: UUID, customer_id: UUID) -> None:
    await held_rows.erase_keys(customer_id)
    await keybook.mark_erased(id)


async def _set_step(id: UUID, step: WithdrawalStep) -> None:
    async with transaction():
        await Withdrawal.filter(id=id).exclude(step=WithdrawalStep.COMPLETED).update(step=step)


async def _complete(withdrawal: Withdrawal) -> None:
    counts = json.loads(withdrawal.counts)
    async with transaction():
        done = {"step": WithdrawalStep.COMPLETED, "completed_at": utc_now()}
        # Of two processes that complete it at once, one does, and certifies it.
        if await Withdrawal.filter(id=withdrawal.id).exclude(step=WithdrawalStep.COMPLETED).update(**done):
            ledger.record(
                Event.WITHDRAWAL_COMPLETED,
                None,
                numbered=lambda entry: Withdrawal.filter(id=withdrawal.id).update(entry=entry),
                withdrawal=withdrawal.id,
                customer=withdrawal.customer_id,
                erased=_rows(counts["erased"]),
                held=_rows(counts["held"]),
                keys="reduced" if any(counts["held"].values()) else "destroyed",
                partners=counts["partners"],
                suppressed=counts["suppressed"],
            )


def _rows(counts: Counts) -> list[dict[str, Any]]:
    return [{"table": table, "rows": rows} for table, rows in sorted(counts.items())]


async def _list_departed(digests: list[suppression.Digest], keys: list[bytes], at: datetime) -> None:
    listing.append(digests, keys, at)


async def _list(withdrawal: Withdrawal) -> None:
    consents = await Consent.filter(customer_id=withdrawal.customer_id)
    states = {consent.id: consent.state for consent in consents}
    erasure_list.append(Line(withdrawal.id, withdrawal.customer_id, withdrawal.at, states))
