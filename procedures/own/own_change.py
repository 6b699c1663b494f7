"""What customers write of themselves: rows added, changed and removed, under a consent that stands, at once.

A row that is changed is sealed anew in a new revision and found by its new values alone; what had been verified of it
is not any more; that it is right is the customer's word. Whoever repeats a change changes nothing. What the law holds
back is kept as it was, of a changed row, too: else whoever may change it could erase it. `procedures.own.own_data` says what
each kind of row may hold.

    TOO_MANY   there are as many of this kind as there may be; change or remove one first
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from models import (
    Attestation,
    BlindIndex,
    Consent,
    ContactPoint,
    Identity,
    ObligationKind,
    Personal,
    PostalAddress,
    Preference,
    opened,
)
from models.database import transaction
from models.event import Event
from policies.asker import Asker
from policies.decide import require
from policies.registry import camel
from procedures import export
from procedures.consent import locked, longest
from procedures.erasure import held_rows, obligation
from procedures.errors import Conflict, ConsentRequired, NotFound, Unfit
from procedures.ledger import record
from procedures.own.attestation import attested

R = TypeVar("R", bound=Personal)

#: How many rows of a category customers can add themselves.
MOST: Final = 50

#: What the policies call adding a row to a customer; of names there is only one row, and so it is changed.
ACTIONS: Final[dict[type[Personal], str]] = {
    ContactPoint: "add_contact_point",
    Identity: "change_identity",
    PostalAddress: "add_postal_address",
    Preference: "add_preference",
}

_UNVERIFIED: Final = dict.fromkeys(
    (
        "verification_method", "verification_level", "verified_at", "verification_evidence",
        "verification_expires_at",
    )
)  # fmt: skip


class ChangedMeanwhile(Conflict):
    """The row is not any more as it was when it was read."""

    def __init__(self) -> None:
        super().__init__(
            "CHANGED_MEANWHILE",
            "The row was changed since you read it. Read it again, then repeat.",
            "revision",
        )


@dataclass(frozen=True, repr=False)
class Wanted:
    """A row as it is to be.

    Attributes:
        model: of which category.
        sealed: fields of its content, by name; others stay as they are.
        plain: columns that lie beside it.
    """

    model: type[Personal]
    sealed: Mapping[str, Any]
    plain: Mapping[str, Any] = dataclasses.field(default_factory=dict)


async def add(customer_id: UUID, wanted: Wanted, *, by: Asker, revision: int | None = None) -> Personal:
    """Add a row; where there is the same one, that is it, and the one identity is changed.

    Raises:
        Refused: the data are not the asker's own.
        ConsentRequired: no consent to the category stands.
        ChangedMeanwhile: the identity is of another revision.
        Unfit: TOO_MANY, there are enough.
    """
    async with transaction():
        await require(by, ACTIONS[wanted.model], "Customer", customer_id)
        await locked(customer_id)
        rows = await wanted.model.filter(customer_id=customer_id)
        for row in rows:
            if wanted.model is Identity or not await _differing(row, wanted):
                return await _changed(row, wanted, by, revision)
        if len(rows) >= MOST:
            raise Unfit(f"There are {MOST} already. Change or remove one.", code="TOO_MANY")
        made: Any = wanted.model
        content = made._meta.fields_map["content"].shape(**wanted.sealed)
        new: Personal = made(
            customer_id=customer_id, consent_id=(await _consent(customer_id, wanted, by)).id, **wanted.plain
        )
        await _write(new, content, by)
        _recorded(new, [*wanted.sealed, *wanted.plain], "added", by)
        return new


async def change(id: UUID, wanted: Wanted, *, by: Asker, revision: int | None = None) -> Personal:
    """Change a row.

    Args:
        id: of the row.
        wanted: what it is to be.
        by: the customer.
        revision: the one that was read; without it, the last to write wins.

    Raises:
        Refused: the row is not the asker's own, or is not there.
        ConsentRequired: no consent to the category stands.
        ChangedMeanwhile: the row is of another revision.
    """
    async with transaction():
        await require(by, "change", wanted.model.__name__, id)
        return await _changed(await alone(wanted.model, id), wanted, by, revision)


async def remove(model: type[Personal], id: UUID, *, by: Asker, revision: int | None = None) -> int:
    """Remove a row, whose word it was that it is right, and the archive that may hold it.

    Returns:
        How many rows the law holds back of it: one or none.

    Raises:
        Refused: the row is not the asker's own, or is not there.
        ChangedMeanwhile: the row is of another revision.
    """
    async with transaction():
        await require(by, "remove", model.__name__, id)
        row = await alone(model, id)
        if revision not in (None, row.revision):
            raise ChangedMeanwhile
        await Attestation.filter(row_id=id).delete()
        taken = await held_rows.erase(row.customer_id, model.category, by.now, by=by, id=id)
        await _tell(row, ObligationKind.ERASE, by)
        # A copy that waits to be fetched would outlive what it was made of.
        await export.discard(row.customer_id, by=by)
        _recorded(row, [], "removed", by)
        return taken.held


async def alone(model: type[R], id: UUID) -> R:
    """A row, its customer locked: of two changes at once, one is first. Raises NotFound where it is gone."""
    found = await model.get_or_none(id=id)
    if found is None:
        raise NotFound("row")
    await locked(found.customer_id)
    row = await model.get_or_none(id=id)
    if row is None:
        raise NotFound("row")
    return row


async def _changed(row: Personal, wanted: Wanted, by: Asker, revision: int | None) -> Personal:
    names = await _differing(row, wanted)
    if not names:
        return row
    if revision not in (None, row.revision):
        raise ChangedMeanwhile
    await rewrite(row, wanted, by)
    await _tell(row, ObligationKind.RECTIFY, by)
    _recorded(row, names, "changed", by)
    return row


async def rewrite(row: Any, wanted: Wanted, by: Asker) -> None:
    """Seal a row anew as its customer wants it, in the transaction under way; whoever calls records it.

    Raises:
        ConsentRequired: no consent to the category stands.
    """
    await held_rows.keep(row, by.now, by=by)
    own = await Consent.get(id=row.consent_id)
    if not own.permits or own.expires_at <= by.now:
        row.consent_id = (await _consent(row.customer_id, wanted, by)).id
    row.update_from_dict({**_UNVERIFIED, **wanted.plain})
    await _write(row, dataclasses.replace(await opened(row), **wanted.sealed), by)


async def _tell(row: Personal, kind: ObligationKind, by: Asker) -> None:
    """Have every partner that had a row do the same with it."""
    await obligation.tell(row.customer_id, row.category, kind, by.now, record_id=row.id)


async def _differing(row: Personal, wanted: Wanted) -> list[str]:
    """The names of the fields in which a row is not as it is to be."""
    content = await opened(row)
    return [name for name, value in wanted.sealed.items() if getattr(content, name) != value] + [
        name for name, value in wanted.plain.items() if getattr(row, name) != value
    ]


async def _consent(customer_id: UUID, wanted: Wanted, by: Asker) -> Consent:
    consent = await longest(customer_id, wanted.model.category, by.now)
    if consent is None:
        raise ConsentRequired
    return consent


async def _write(row: Any, content: Any, by: Asker) -> None:
    """Write a row with what finds it, in the transaction under way."""
    row.source, row.collected_by, row.collected_at = "customer", by.actor_id, by.now
    row.content = content
    for name, field in row._meta.fields_map.items():
        if isinstance(field, BlindIndex):
            setattr(row, name, getattr(content, field.part))
    await row.save()
    await Attestation.filter(row_id=row.id).delete()
    await attested(row, by)


def _recorded(row: Personal, names: list[str], change: str, by: Asker) -> None:
    fields = [f"{type(row).__name__}.{camel(name)}" for name in names]
    record(Event.OWN_DATA_CHANGED, by, customer=row.customer_id, row=row.id, fields=fields, change=change)
