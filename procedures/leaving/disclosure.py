"""Disclosure: what a legal hold keeps back is given to whoever may ask for it by law, and the customer is told.

It stands in the customer's access log, and a message says so: at once, or on the day until which a listed reason of the
law forbids it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models import (
    PERSONAL,
    Customer,
    CustomerStatus,
    Disclosure,
    HeldRow,
    LegalHold,
    Recipient,
    Secrecy,
    Template,
)
from models.database import transaction
from models.event import Event
from models.keys import keyring
from models.ledger import Accesses
from models.values import later
from policies.actor import Actor, utc_now
from policies.decide import require
from policies.policy import in_force
from procedures import clock as clocks
from procedures.erasure import held_rows
from procedures.errors import found
from procedures.ledger import record
from procedures.message import outbox
from procedures.work import Clock
from vault.seal import Sealed


@dataclass(frozen=True)
class Secret:
    """Why the customer is not told at once, and until when."""

    reason: Secrecy
    until: datetime


async def disclose(
    hold_id: UUID,
    recipient: Recipient,
    show: Callable[[dict[str, Any]], object],
    *,
    by: Actor,
    secret: Secret | None = None,
) -> int:
    """Open the held rows of a hold's category, for whoever must produce them; returns how many there are.

    The disclosure is recorded before the first row is opened, and the customer told unless that is forbidden yet.

    Args:
        hold_id: which hold; rows that another hold on the category keeps back are disclosed as well.
        recipient: to whom.
        show: called with each row, the older first: table, id, revision, plain columns and content.
        by: a privacy officer, at the console.
        secret: why the customer is told later, and when.

    Raises:
        Refused: the actor may not disclose, or there is no such hold.
        NotFound: the hold has ended.
        Unfit: the day until which it is secret has passed.
        SealBroken: a row does not open.
        LedgerUnavailable: it cannot be recorded.
    """
    async with transaction():
        await require(by, "disclose", "LegalHold", hold_id)
        hold = found(await LegalHold.get_or_none(id=hold_id, ended_at=None), "hold")
        rows = await _rows(hold)
        disclosure = await _create(hold, recipient, by, secret)
        details = {**held_rows.details(hold), "rows": len(rows), "recipient": recipient}
        record(Event.LEGAL_HOLD_DISCLOSED, by, **details, secrecy=disclosure.secrecy)
        if secret is None:
            await _tell(disclosure, by.now)
    await _open(hold, rows, show)
    return len(rows)


async def keep(*, clock: Clock = utc_now) -> int:
    """Tell customers of what may be told by now; the server's job, returns of how many disclosures.

    Raises:
        ClockDoubted: the clock is doubted; nothing was told.
    """
    await clocks.certain(clock=clock)
    due = await Disclosure.filter(notified_at=None, notify_at__lte=clock()).order_by("notify_at", "id")
    for disclosure in due:
        async with transaction():
            await _tell(disclosure, clock())
    return len(due)


async def _rows(hold: LegalHold) -> list[HeldRow]:
    same = HeldRow.filter(hold__customer_id=hold.customer_id, hold__category=hold.category)
    return await same.order_by("row_id", "revision")


async def _create(hold: LegalHold, recipient: Recipient, by: Actor, secret: Secret | None) -> Disclosure:
    return await Disclosure.create(
        hold_id=hold.id,
        customer_id=hold.customer_id,
        category=hold.category,
        recipient=recipient,
        roles=" ".join(sorted(by.roles)),
        at=by.now,
        secrecy=secret and secret.reason,
        notify_at=later(secret.until, "until", than=by.now) if secret else by.now,
    )


async def _tell(disclosure: Disclosure, now: datetime) -> None:
    """Put it into the customer's access log, and queue the message; once, of however many processes."""
    if not await Disclosure.filter(id=disclosure.id, notified_at=None).update(notified_at=now):
        return
    # Who has left has no address any more that a message could go to.
    if await Customer.exists(id=disclosure.customer_id, status=CustomerStatus.ACTIVE):
        await outbox.queue(disclosure.customer_id, Template.HELD_DATA_DISCLOSED)
    record(
        Event.DISCLOSURE_NOTIFIED,
        None,
        accesses=_accesses(disclosure),
        disclosure=disclosure.id,
        customer=disclosure.customer_id,
        category=disclosure.category,
    )


def _accesses(disclosure: Disclosure) -> Sequence[Accesses]:
    kind = PERSONAL[disclosure.category].__name__
    names = " ".join(f"{kind}.{name}" for name in sorted(in_force().classified(kind)))
    return [
        Accesses("Employee", disclosure.roles, disclosure.at, "", names, {str(disclosure.customer_id): ""})
    ]


async def _open(hold: LegalHold, rows: Sequence[HeldRow], show: Callable[[dict[str, Any]], object]) -> None:
    rings = await keyring.rings([hold.customer_id])
    field: Any = PERSONAL[hold.category]._meta.fields_map["content"]
    for row in rows:
        sealed = Sealed(bytes(row.content))
        content = field.open(rings.get(str(hold.customer_id)), row.row_id, row.revision, sealed)
        origin = {"table": row.held_table, "id": str(row.row_id), "revision": row.revision}
        show({**origin, **json.loads(row.plain), "content": asdict(content)})
