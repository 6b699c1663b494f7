"""What is written into a customer's data: by the customer at once, by others on the customer's word, under a consent.

A row that is changed is sealed anew in a new revision and found by its new values alone; its verification ends, and the
customer attests that it is right. A change that is repeated changes nothing, and a field that is left out of it stays.
What others write is recorded and told as `procedures.own.dictated` says, and attested by nobody. Under a legal hold the
old row of a change is kept as well: else whoever may change it could erase it. The declaration of a category says what
its rows may hold, and whether customers write them.

    TOO_MANY   there are as many of this kind as there may be; change or remove one first
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from models import (
    DICTATED,
    Attestation,
    Consent,
    ContactPoint,
    Earlier,
    ObligationKind,
    Personal,
    SealedRow,
    camel,
    opened,
)
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from models.values import line
from policies.actor import Actor
from policies.decide import require
from procedures import export
from procedures.consent import locked, longest_usable
from procedures.erasure import held_rows, obligation
from procedures.errors import Conflict, ConsentRequired, found
from procedures.ledger import record
from procedures.message import Destination, contact_change
from procedures.own import dictated
from procedures.own.new_values import NewValues, action, differing, new_values
from procedures.suppression import found_by, writing

R = TypeVar("R", bound=SealedRow)


#: The source of rows that the customer wrote, or had put right.
CUSTOMER: Final = "customer"


class ChangedMeanwhile(Conflict):
    """The row has another revision than the one that was read."""

    code = "CHANGED_MEANWHILE"
    message = "The row was changed since you read it. Read it again, then repeat."
    field = "revision"


@dataclass(frozen=True, repr=False)
class Said:
    """That somebody else writes on the customer's word, and how the customer said so, if that is said."""

    evidence: str | None


async def said_by(customer_id: UUID, by: Actor, evidence: str | None) -> Said | None:
    """That the actor writes on the customer's word, with its evidence; None where the actor is the customer.

    Raises:
        Unfit: the evidence is no line of text.
        RateLimited: the actor has written too much of others today.
    """
    if by.kind == "Customer":
        return None
    await dictated.begin(customer_id, by)
    return Said(evidence if evidence is None else line(evidence, "evidence"))


async def add(
    model: type[Personal],
    customer_id: UUID,
    values: Mapping[str, Any],
    *,
    by: Actor,
    revision: int | None = None,
    evidence: str | None = None,
) -> Personal:
    """Add a row; where there is an equal one, return that, and where there can only be one, change it.

    Args:
        model: the category's table.
        customer_id: whose row.
        values: of the fields that customers write, by their names.
        by: the customer, or who writes on the customer's word.
        revision: of the row to be changed, as it was read.
        evidence: how the customer said so; of the customer nothing.

    Raises:
        Refused: the data are not the actor's own, and no task of theirs lets them write these.
        ConsentRequired: the customer does not consent to the category.
        ChangedMeanwhile: the identity is of another revision.
        Unfit: a value cannot be used; TOO_MANY, there are as many rows as there may be.
        RateLimited: the actor has written too much of others today.
    """
    async with transaction():
        await require(by, action(model), "Customer", customer_id)
        await locked(customer_id)
        rows = await model.filter(customer_id=customer_id)
        if rows and not model.declared.many:
            return await _change(rows[0], values, by, revision, evidence)
        new = new_values(model, values, by.now)
        for row in rows:
            if not await differing(row, new):
                return row
        if len(rows) >= model.declared.most:
            raise Unfit(f"There are {model.declared.most} already. Change or remove one.", code="TOO_MANY")
        return await create(new, customer_id, by, await said_by(customer_id, by, evidence or ""))


async def create(new: NewValues, customer_id: UUID, by: Actor, said: Said | None) -> Personal:
    """Write a new row of a customer who is locked, in the transaction under way; raises as `add`."""
    consent = await _consent(customer_id, new.model, by, said)
    if said is None:
        await warn(customer_id, new.model, by)
    row = new.model(customer_id=customer_id, consent_id=consent.id, **new.plain)
    await _write(row, new.model.Content(**new.sealed), by, said)
    await _record(row, [*new.sealed, *new.plain], "added", by, said)
    return row


async def change(
    model: type[Personal],
    id: UUID,
    values: Mapping[str, Any],
    *,
    by: Actor,
    revision: int | None = None,
    evidence: str | None = None,
) -> Personal:
    """Change a row.

    Args:
        model: the category's table.
        id: of the row.
        values: of the fields to change, by their names; a field that is left out stays, and None empties one.
        by: the customer, or who writes on the customer's word.
        revision: the one that was read; without it, the row is changed whatever its revision is.
        evidence: how the customer said so; of the customer nothing.

    Raises:
        Refused: the row is not the actor's own, and no task of theirs lets them write it; or it is not there.
        ConsentRequired: the customer does not consent to the category.
        ChangedMeanwhile: the row is of another revision.
        Unfit: a value cannot be used.
        RateLimited: the actor has written too much of others today.
    """
    async with transaction():
        await require(by, "change", model.__name__, id)
        return await _change(await locked_row(model, id), values, by, revision, evidence)


async def remove(model: type[Personal], id: UUID, *, by: Actor, revision: int | None = None) -> int:
    """Remove a row with its attestations, and the export that may hold it.

    Returns:
        How many rows of it a legal hold keeps: one or none.

    Raises:
        Refused: the row is not the actor's own, or is not there.
        ChangedMeanwhile: the row is of another revision.
    """
    async with transaction():
        await require(by, "remove", model.__name__, id)
        row = await locked_row(model, id)
        if revision not in (None, row.revision):
            raise ChangedMeanwhile
        await found_by.remember([row])
        held = await take_out(row, by)
        await dictated.replaced(row, by.now)
        await _record(row, [], "removed", by)
        return held


async def take_out(row: Personal, by: Actor) -> int:
    """Erase a row with its attestations, and the export that may hold it, in the transaction under way; tells the customer.

    Returns:
        How many rows of it a legal hold keeps: one or none.
    """
    await warn(row.customer_id, type(row), by, gone=row.id)
    await Attestation.filter(row_id=row.id).delete()
    erased = await held_rows.erase(row.customer_id, row.category, by.now, by=by, id=row.id)
    await oblige(row, ObligationKind.ERASE, by)
    # An export that waits to be fetched would outlive the row.
    await export.discard(row.customer_id, by=by)
    return erased.held


async def locked_row(model: type[R], id: UUID, noun: str = "row", field: str | None = None) -> R:
    """A row, read after its customer is locked, so that nobody else changes it at the same time.

    Raises:
        NotFound: there is no such row; `noun` and `field` are for its message.
    """
    row = await model.get_or_none(id=id)
    if row is not None:
        await locked(row.customer_id)
        row = await model.get_or_none(id=id)
    return found(row, noun, field)


async def _change(
    row: Personal, values: Mapping[str, Any], by: Actor, revision: int | None, evidence: str | None
) -> Personal:
    new = new_values(type(row), values, by.now, row.values(await opened(row)))
    names = await differing(row, new)
    if not names:
        return row
    if revision not in (None, row.revision):
        raise ChangedMeanwhile
    said, earlier = await said_by(row.customer_id, by, evidence or ""), None
    if said is None:
        await dictated.replaced(row, by.now)
    else:
        earlier = await Earlier.of(row)
    await rewrite(row, new, by, said)
    await oblige(row, ObligationKind.RECTIFY, by)
    await _record(row, names, "changed", by, said, earlier)
    return row


async def rewrite(row: Any, new: NewValues, by: Actor, said: Said | None = None) -> None:
    """Write new values into a row and seal it anew, in the transaction under way; the caller records it in the ledger.

    Raises:
        ConsentRequired: the customer does not consent to the category.
    """
    await held_rows.keep(row, by.now, by=by)
    if said is None:
        await warn(row.customer_id, type(row), by, led=await _led(row, new, by))
    await found_by.remember([row])
    await pass_to_live_consent(row, by, said)
    unverified = {name: None for name in row._meta.fields_map if name.startswith("verif")}
    row.update_from_dict({**unverified, **new.plain})
    await _write(row, dataclasses.replace(await opened(row), **new.sealed), by, said)


async def pass_to_live_consent(row: Any, by: Actor, said: Said | None = None) -> None:
    """Have a row rest on a consent that stands, where its own does not any more; raises ConsentRequired."""
    consent = await Consent.get(id=row.consent_id)
    if not consent.permits or consent.expires_at <= by.now:
        row.consent_id = (await _consent(row.customer_id, type(row), by, said)).id


async def warn(
    customer_id: UUID,
    model: type[Personal],
    by: Actor,
    *,
    led: Sequence[Destination] = (),
    gone: UUID | None = None,
) -> None:
    """Tell a customer that a contact point is about to be added, changed or removed, unless it is another category.

    Whoever does it may not be the customer, and could have a code sent there. Of what staff write on the customer's word,
    the customer is told otherwise (`procedures.own.dictated`).
    """
    if issubclass(model, ContactPoint):
        await contact_change.tell(customer_id, by=by, now=by.now, led=led, gone=gone)


async def _led(row: Any, new: NewValues, by: Actor) -> list[Destination]:
    """Where a contact point leads that somebody else than the customer puts right, and will lead."""
    if by.kind == "Customer" or not isinstance(row, ContactPoint):
        return []
    values = {**row.values(await opened(row)), **new.sealed, **new.plain}
    return [*await contact_change.led_by(row), *contact_change.leads(values["kind"], values["value"])]


async def oblige(row: Personal, kind: ObligationKind, by: Actor) -> None:
    """Oblige every partner that had a row to do the same with it."""
    await obligation.oblige(row.customer_id, row.category, kind, by.now, record_id=row.id)


async def _consent(customer_id: UUID, model: type[Personal], by: Actor, said: Said | None) -> Consent:
    if said is not None:
        return await dictated.rests_on(customer_id, model, by)
    consent = await longest_usable(customer_id, model.category, by.now)
    if consent is None:
        raise ConsentRequired
    return consent


async def _write(row: Any, content: Any, by: Actor, said: Said | None) -> None:
    """Write a row with its blind indexes and the customer's attestation, in the transaction under way."""
    row.source = CUSTOMER if said is None else DICTATED
    row.collected_by, row.collected_at = by.actor_id, by.now
    row.fill(content)
    await writing.write(row, by)
    await Attestation.filter(row_id=row.id).delete()
    if said is None:
        await attested(row, by)


async def attested(row: Personal, by: Actor) -> None:
    """Store that the actor confirms a row in its present revision to be right, in the transaction under way."""
    await Attestation.create(
        customer_id=row.customer_id,
        category=row.category,
        row_id=row.id,
        revision=row.revision,
        by_id=by.actor_id,
        at=by.now,
    )


async def _record(
    row: Personal,
    names: list[str],
    change: str,
    by: Actor,
    said: Said | None = None,
    earlier: Earlier | None = None,
) -> None:
    fields = [f"{type(row).__name__}.{camel(name)}" for name in names]
    if said is not None:
        await dictated.noted(row, fields, by, said.evidence, earlier)
        return
    record(Event.OWN_DATA_CHANGED, by, customer=row.customer_id, row=row.id, fields=fields, change=change)
