"""What customers write about themselves: rows added, changed and removed, at once, under a consent to the category.

A row that is changed is sealed anew in a new revision and found by its new values alone; its verification ends, and the
customer attests that it is right. A change that is repeated changes nothing. Under a legal hold the old row of a change
is kept as well: else whoever may change it could erase it. The declaration of a category says what its rows may hold,
and whether customers write them.

    TOO_MANY   there are as many of this kind as there may be; change or remove one first
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from models import (
    Attestation,
    Consent,
    Given,
    ObligationKind,
    Part,
    Personal,
    SealedRow,
    camel,
    opened,
    snake,
    stored,
)
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from policies.actor import Actor
from policies.decide import require
from procedures import export
from procedures.consent import locked, longest_usable
from procedures.erasure import held_rows, obligation
from procedures.errors import Conflict, ConsentRequired, found
from procedures.ledger import record
from procedures.suppression import found_by, writing

R = TypeVar("R", bound=SealedRow)

_UNVERIFIED: Final = dict.fromkeys(
    (
        "verification_method", "verification_level", "verified_at", "verification_evidence",
        "verification_expires_at", "verified_by",
    )
)  # fmt: skip


class ChangedMeanwhile(Conflict):
    """The row has another revision than the one that was read."""

    code = "CHANGED_MEANWHILE"
    message = "The row was changed since you read it. Read it again, then repeat."
    field = "revision"


@dataclass(frozen=True, repr=False)
class NewValues:
    """The checked values of a row to be written.

    Attributes:
        model: the category's table.
        sealed: fields of the row's content, by name; others stay as they are.
        plain: columns beside the content.
    """

    model: type[Personal]
    sealed: Mapping[str, Any]
    plain: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def written(model: type[Personal]) -> dict[str, Part]:
    """The fields of a category that customers write themselves, by name."""
    parts = model.declared.parts.items()
    return {name: part for name, part in parts if part.customers and not part.secret}


def action(model: type[Personal]) -> str:
    """The policies' name of the action that adds a row; where a customer has only one row, that changes it."""
    return f"{'add' if model.declared.many else 'change'}_{snake(model.__name__)}"


def new_values(model: type[Personal], values: Mapping[str, Any], now: datetime) -> NewValues:
    """The values that a customer gives for a row, checked, each in its one spelling; raises Unfit."""
    parts = written(model)
    checked = model.checked(Given(values, now=now), parts)
    sealed = {name: stored(value) for name, value in checked.items() if parts[name].sealed}
    return NewValues(
        model, sealed, {name: value for name, value in checked.items() if not parts[name].sealed}
    )


async def add(
    model: type[Personal],
    customer_id: UUID,
    values: Mapping[str, Any],
    *,
    by: Actor,
    revision: int | None = None,
) -> Personal:
    """Add a row; where there is an equal one, return that, and where there can only be one, change it.

    Args:
        model: the category's table.
        customer_id: whose row.
        values: of the fields that customers write, by their names.
        by: the customer.
        revision: of the row to be changed, as it was read.

    Raises:
        Refused: the data are not the actor's own.
        ConsentRequired: the customer does not consent to the category.
        ChangedMeanwhile: the identity is of another revision.
        Unfit: a value cannot be used; TOO_MANY, there are as many rows as there may be.
    """
    new, most = new_values(model, values, by.now), model.declared.most
    async with transaction():
        await require(by, action(model), "Customer", customer_id)
        await locked(customer_id)
        rows = await model.filter(customer_id=customer_id)
        for row in rows:
            if not model.declared.many or not await _differing(row, new):
                return await _change(row, new, by, revision)
        if len(rows) >= most:
            raise Unfit(f"There are {most} already. Change or remove one.", code="TOO_MANY")
        consent = await _consent(customer_id, model, by)
        row = model(customer_id=customer_id, consent_id=consent.id, **new.plain)
        await _write(row, model.Content(**new.sealed), by)
        _record(row, [*new.sealed, *new.plain], "added", by)
        return row


async def change(
    model: type[Personal], id: UUID, values: Mapping[str, Any], *, by: Actor, revision: int | None = None
) -> Personal:
    """Change a row.

    Args:
        model: the category's table.
        id: of the row.
        values: of the fields that customers write, by their names; a field that is left out is emptied.
        by: the customer.
        revision: the one that was read; without it, the row is changed whatever its revision is.

    Raises:
        Refused: the row is not the actor's own, or is not there.
        ConsentRequired: the customer does not consent to the category.
        ChangedMeanwhile: the row is of another revision.
        Unfit: a value cannot be used.
    """
    new = new_values(model, values, by.now)
    async with transaction():
        await require(by, "change", model.__name__, id)
        return await _change(await locked_row(model, id), new, by, revision)


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
        await Attestation.filter(row_id=id).delete()
        await found_by.remember([row])
        erased = await held_rows.erase(row.customer_id, model.category, by.now, by=by, id=id)
        await _tell(row, ObligationKind.ERASE, by)
        # An export that waits to be fetched would outlive the row.
        await export.discard(row.customer_id, by=by)
        _record(row, [], "removed", by)
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


async def _change(row: Personal, new: NewValues, by: Actor, revision: int | None) -> Personal:
    names = await _differing(row, new)
    if not names:
        return row
    if revision not in (None, row.revision):
        raise ChangedMeanwhile
    await rewrite(row, new, by)
    await _tell(row, ObligationKind.RECTIFY, by)
    _record(row, names, "changed", by)
    return row


async def rewrite(row: Any, new: NewValues, by: Actor) -> None:
    """Write new values into a row and seal it anew, in the transaction under way; the caller records it in the ledger.

    Raises:
        ConsentRequired: the customer does not consent to the category.
    """
    await held_rows.keep(row, by.now, by=by)
    await found_by.remember([row])
    consent = await Consent.get(id=row.consent_id)
    if not consent.permits or consent.expires_at <= by.now:
        row.consent_id = (await _consent(row.customer_id, new.model, by)).id
    row.update_from_dict({**_UNVERIFIED, **new.plain})
    await _write(row, dataclasses.replace(await opened(row), **new.sealed), by)


async def _tell(row: Personal, kind: ObligationKind, by: Actor) -> None:
    """Oblige every partner that had a row to do the same with it."""
    await obligation.oblige(row.customer_id, row.category, kind, by.now, record_id=row.id)


async def _differing(row: Personal, new: NewValues) -> list[str]:
    """The names of the fields of which a row has other values."""
    content = await opened(row)
    return [name for name, value in new.sealed.items() if getattr(content, name) != value] + [
        name for name, value in new.plain.items() if getattr(row, name) != value
    ]


async def _consent(customer_id: UUID, model: type[Personal], by: Actor) -> Consent:
    consent = await longest_usable(customer_id, model.category, by.now)
    if consent is None:
        raise ConsentRequired
    return consent


async def _write(row: Any, content: Any, by: Actor) -> None:
    """Write a row with its blind indexes and the customer's attestation, in the transaction under way."""
    row.source, row.collected_by, row.collected_at = "customer", by.actor_id, by.now
    row.fill(content)
    await writing.write(row, by)
    await Attestation.filter(row_id=row.id).delete()
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


def _record(row: Personal, names: list[str], change: str, by: Actor) -> None:
    fields = [f"{type(row).__name__}.{camel(name)}" for name in names]
    record(Event.OWN_DATA_CHANGED, by, customer=row.customer_id, row=row.id, fields=fields, change=change)
