"""The data of an intake: all checked before anything is stored, then stored with the consents given for them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from models import (
    PERSONAL,
    Category,
    CollectionMethod,
    Consent,
    ContactPoint,
    Given,
    IntakeContent,
    IntakeRow,
    Personal,
    Purpose,
    camel,
    stored,
)
from models.errors import Faults, Unfit
from models.event import Event
from policies.actor import Actor
from procedures import consent as consents
from procedures.errors import Conflict
from procedures.ledger import record
from procedures.message import contact_change
from procedures.own import attested, written
from procedures.recognition import is_here, names_of
from procedures.suppression import Trait, of_values, writing

#: How many rows of a category one intake holds at most.
MOST: Final = 20


class ConsentRequired(Unfit):
    """The intake holds data of a category without a consent to it."""

    code = "CONSENT_REQUIRED"
    message = (
        "There are data of a category without a consent to it. Give the consent with them, or leave them out."
    )
    field = "consents"


class AttestationRequired(Unfit):
    """Nobody attests that the data are right."""

    code = "ATTESTATION_REQUIRED"
    message = "Confirm that what was entered is right: set `attested`."
    field = "attested"


class CustomerKnown(Conflict):
    """Somebody who is a customer here has one of the addresses or personal codes."""

    code = "CUSTOMER_KNOWN"
    message = (
        "Somebody with one of these addresses or personal codes is a customer here. Look them up at the front desk: "
        "what they have said here holds. If it is somebody else, have the person register with a code."
    )


async def refuse_known(content: IntakeContent) -> None:
    """Take in nobody who is here: what they refused would be asked of staff anew; raises CustomerKnown."""
    identity = next((row.values for row in content.rows if row.category == Category.IDENTITY), {})
    if await is_here(traits_of(content), names_of(identity)):
        raise CustomerKnown


def checked(content: IntakeContent, now: datetime) -> IntakeContent:
    """The content of an intake with every value checked and in its one spelling.

    Raises:
        Unfit: a value cannot be used; with a code for each kind, and the field's name.
        ConsentRequired: there are data of a category without a consent to it.
    """
    if max(len(content.consents), *Counter(row.category for row in content.rows).values(), 0) > MOST:
        raise Unfit(f"Give at most {MOST} of a kind at once.")
    rows = tuple(_without_repeated(_each_checked(content.rows, now)))
    categories = {Category(row.category) for row in rows}
    if not categories:
        raise Unfit("There is nothing to take in. Enter something.")
    if not categories <= {Category(consent.category) for consent in content.consents}:
        raise ConsentRequired
    _refuse_second(rows)
    return IntakeContent(content.consents, rows)


def traits_of(content: IntakeContent) -> list[Trait]:
    """What the person of an intake is found by."""
    return [trait for row in content.rows for trait in of_values(row.category, row.values)]


async def store(
    customer_id: UUID,
    content: IntakeContent,
    *,
    by: Actor,
    source: str,
    evidence: str,
    method: CollectionMethod | None = None,
) -> list[Personal]:
    """Store the rows and consents of an intake, in the transaction under way; returns the rows.

    Args:
        customer_id: whose data they are.
        content: as `checked` returned it.
        by: who enters the data, and attests that they are right.
        source: where the data come from.
        evidence: a reference by which the consents can be demonstrated.
        method: how the consents were collected, where that does not follow from the actor.

    Raises:
        Refused: the actor may not record consents of this customer.
        NotFound, NoticeMismatch: there is no such notice, or it is for another purpose.
    """
    given_consents: dict[Category, Consent] = {}
    for each in content.consents:
        category, notice = Category(each.category), UUID(each.notice_id)
        consent = await consents.give(
            customer_id, category, Purpose(each.purpose), notice, by=by, evidence=evidence, method=method
        )
        given_consents.setdefault(category, consent)
    stored_rows = list(_rows(content))
    if any(isinstance(row, ContactPoint) for row in stored_rows):
        await contact_change.tell(customer_id, by=by, now=by.now)
    for row in stored_rows:
        row.customer_id, row.consent_id = customer_id, given_consents[row.category].id
        row.source, row.collected_by, row.collected_at = source, by.actor_id, by.now
        await writing.write(row, by)
        await attested(row, by)
    record(Event.ACCURACY_ATTESTED, by, customer=customer_id, rows=[row.id for row in stored_rows])
    return stored_rows


def _rows(content: IntakeContent) -> Iterator[Personal]:
    """The rows of an intake, still without customer, consent and source."""
    for row in content.rows:
        model = PERSONAL[Category(row.category)]
        yield model.from_values({name: _read(model, name, value) for name, value in row.values.items()})


def _each_checked(rows: Iterable[IntakeRow], now: datetime) -> list[IntakeRow]:
    """The rows, each checked; raises Unfit with all that is wrong with any of them."""
    checked_rows, places, faults = list[IntakeRow](), Counter[str](), Faults()
    for row in rows:
        with faults.gathered():
            checked_rows.append(_checked(row, now, places[row.category]))
        places[row.category] += 1
    faults.refuse()
    return checked_rows


def _checked(row: IntakeRow, now: datetime, place: int) -> IntakeRow:
    model = PERSONAL[Category(row.category)]
    within = f"{model.declared.edge}.{place}." if model.declared.many else ""
    values = {name: _read(model, name, value) for name, value in row.values.items()}
    checked_values = model.checked(Given(values, now=now, within=within), written(model))
    return IntakeRow(row.category, {name: stored(value) for name, value in checked_values.items()})


def _read(model: type[Personal], name: str, value: Any) -> Any:
    """A value as the row has it, from the text that an intake has meanwhile."""
    part = model.declared.parts[name]
    return part.read(value, camel(name)) if isinstance(value, str) and not part.sealed else value


def _without_repeated(rows: list[IntakeRow]) -> Iterator[IntakeRow]:
    return (row for number, row in enumerate(rows) if row not in rows[:number])


def _refuse_second(rows: Iterable[IntakeRow]) -> None:
    """Refuse a second row where a customer can have one only, such as two personal codes of one country."""
    keys = set()
    for row in rows:
        declared = PERSONAL[Category(row.category)].declared
        if declared.one_per is None:
            continue
        key = (row.category, row.values[declared.one_per])
        if key in keys:
            noun = declared.category.value.replace("_", " ")
            raise Unfit(f"There are two {noun}s of one {declared.one_per}. Enter one.", declared.edge)
        keys.add(key)
