"""What customers write of themselves: rows added, changed and removed, under a consent that stands, at once.

A row that is changed is sealed anew in a new revision and found by its new values alone; what had been verified of it
is not any more; that it is right is the customer's word. Whoever repeats a change changes nothing. What the law holds
back is kept as it was, of a changed row, too: else whoever may change it could erase it. The declaration of a category
says what its rows may hold, and whether customers write them.

    TOO_MANY   there are as many of this kind as there may be; change or remove one first
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from models import (
    Attestation,
    Consent,
    ObligationKind,
    Part,
    Personal,
    camel,
    given,
    opened,
    stored,
)
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from policies.actor import Actor
from policies.decide import require
from procedures import export
from procedures.consent import locked, longest
from procedures.erasure import held_rows, obligation
from procedures.errors import Conflict, ConsentRequired, NotFound
from procedures.ledger import record
from procedures.own.attestation import attested

R = TypeVar("R", bound=Personal)

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
    """A row as it is to be: checked values.

    Attributes:
        model: of which category.
        sealed: fields of its content, by name; others stay as they are.
        plain: columns that lie beside it.
    """

    model: type[Personal]
    sealed: Mapping[str, Any]
    plain: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def written(model: type[Personal]) -> dict[str, Part]:
    """The fields of a category that customers write themselves, by name."""
    parts = model.declared.parts.items()
    return {name: part for name, part in parts if part.customers and not part.secret}


def action(model: type[Personal]) -> str:
    """What the policies call adding a row to a customer; where there is only one row, it is changed."""
    noun = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
    return f"{'add' if model.declared.many else 'change'}_{noun}"


def wanted(model: type[Personal], values: Mapping[str, Any], now: datetime) -> Wanted:
    """A row as its customer wants it, each value in its one spelling; raises Unfit."""
    parts = written(model)
    checked = model.checked(given(values, now=now), parts)
    sealed = {name: stored(value) for name, value in checked.items() if parts[name].sealed}
    return Wanted(model, sealed, {name: value for name, value in checked.items() if not parts[name].sealed})


async def add(
    model: type[Personal],
    customer_id: UUID,
    values: Mapping[str, Any],
    *,
    by: Actor,
    revision: int | None = None,
) -> Personal:
    """Add a row; where there is the same one, that is it, and where there can only be one, it is changed.

    Args:
        model: of which category.
        customer_id: whose.
        values: what customers write of it, by the names of its fields.
        by: the customer.
        revision: of the one row, as it was read.

    Raises:
        Refused: the data are not the actor's own.
        ConsentRequired: no consent to the category stands.
        ChangedMeanwhile: the identity is of another revision.
        Unfit: a value cannot be used; TOO_MANY, there are enough.
    """
    row_wanted, most = wanted(model, values, by.now), model.declared.most
    async with transaction():
        await require(by, action(model), "Customer", customer_id)
        await locked(customer_id)
        rows = await model.filter(customer_id=customer_id)
        for row in rows:
            if not model.declared.many or not await _differing(row, row_wanted):
                return await _changed(row, row_wanted, by, revision)
        if len(rows) >= most:
            raise Unfit(f"There are {most} already. Change or remove one.", code="TOO_MANY")
        new = model(
            customer_id=customer_id,
            consent_id=(await _consent(customer_id, row_wanted, by)).id,
            **row_wanted.plain,
        )
        await _write(new, model.Content(**row_wanted.sealed), by)
        _recorded(new, [*row_wanted.sealed, *row_wanted.plain], "added", by)
        return new


async def change(
    model: type[Personal], id: UUID, values: Mapping[str, Any], *, by: Actor, revision: int | None = None
) -> Personal:
    """Change a row.

    Args:
        model: of which category.
        id: of the row.
        values: what customers write of it, by the names of its fields; what is left out is empty.
        by: the customer.
        revision: the one that was read; without it, the last to write wins.

    Raises:
        Refused: the row is not the actor's own, or is not there.
        ConsentRequired: no consent to the category stands.
        ChangedMeanwhile: the row is of another revision.
        Unfit: a value cannot be used.
    """
    row_wanted = wanted(model, values, by.now)
    async with transaction():
        await require(by, "change", model.__name__, id)
        return await _changed(await alone(model, id), row_wanted, by, revision)


async def remove(model: type[Personal], id: UUID, *, by: Actor, revision: int | None = None) -> int:
    """Remove a row, whose word it was that it is right, and the archive that may hold it.

    Returns:
        How many rows the law holds back of it: one or none.

    Raises:
        Refused: the row is not the actor's own, or is not there.
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


async def _changed(row: Personal, wanted: Wanted, by: Actor, revision: int | None) -> Personal:
    names = await _differing(row, wanted)
    if not names:
        return row
    if revision not in (None, row.revision):
        raise ChangedMeanwhile
    await rewrite(row, wanted, by)
    await _tell(row, ObligationKind.RECTIFY, by)
    _recorded(row, names, "changed", by)
    return row


async def rewrite(row: Any, wanted: Wanted, by: Actor) -> None:
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


async def _tell(row: Personal, kind: ObligationKind, by: Actor) -> None:
    """Have every partner that had a row do the same with it."""
    await obligation.tell(row.customer_id, row.category, kind, by.now, record_id=row.id)


async def _differing(row: Personal, wanted: Wanted) -> list[str]:
    """The names of the fields in which a row is not as it is to be."""
    content = await opened(row)
    return [name for name, value in wanted.sealed.items() if getattr(content, name) != value] + [
        name for name, value in wanted.plain.items() if getattr(row, name) != value
    ]


async def _consent(customer_id: UUID, wanted: Wanted, by: Actor) -> Consent:
    consent = await longest(customer_id, wanted.model.category, by.now)
    if consent is None:
        raise ConsentRequired
    return consent


async def _write(row: Any, content: Any, by: Actor) -> None:
    """Write a row with what finds it, in the transaction under way."""
    row.source, row.collected_by, row.collected_at = "customer", by.actor_id, by.now
    row.fill(content)
    await row.save()
    await Attestation.filter(row_id=row.id).delete()
    await attested(row, by)


def _recorded(row: Personal, names: list[str], change: str, by: Actor) -> None:
    fields = [f"{type(row).__name__}.{camel(name)}" for name in names]
    record(Event.OWN_DATA_CHANGED, by, customer=row.customer_id, row=row.id, fields=fields, change=change)
