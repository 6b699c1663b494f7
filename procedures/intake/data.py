"""What is taken in at once: judged whole before anything is kept, then laid on the consents given with it."""

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
    IntakeContent,
    IntakeRow,
    Personal,
    Purpose,
    camel,
    given,
    stored,
)
from models.errors import Unfit
from models.event import Event
from policies.actor import Actor
from procedures import consent as consents
from procedures.ledger import record
from procedures.own import attested, written

#: How many rows of a category one intake holds at most.
MOST: Final = 20


class ConsentRequired(Unfit):
    """There are data of a category that is not consented to together with them."""

    def __init__(self) -> None:
        super().__init__(
            "There are data of a category without a consent to it. Give the consent with them, or leave them out.",
            "consents",
            code="CONSENT_REQUIRED",
        )


class AttestationRequired(Unfit):
    """Nobody has said that the data are right."""

    def __init__(self) -> None:
        super().__init__(
            "Confirm that what was entered is right: set `attested`.", "attested", code="ATTESTATION_REQUIRED"
        )


def checked(content: IntakeContent, now: datetime) -> IntakeContent:
    """What is to be taken in, each value in its one spelling.

    Raises:
        Unfit: a value that cannot be kept; a code for each kind, and the field's name.
        ConsentRequired: data of a category without a consent to it.
    """
    if max(len(content.consents), *Counter(row.category for row in content.rows).values(), 0) > MOST:
        raise Unfit(f"Give at most {MOST} of a kind at once.")
    sound = tuple(_once([_checked(row, now) for row in content.rows]))
    wanted = {Category(row.category) for row in sound}
    if not wanted:
        raise Unfit("There is nothing to take in. Enter something.")
    if not wanted <= {Category(consent.category) for consent in content.consents}:
        raise ConsentRequired
    _refuse_two(sound)
    return IntakeContent(content.consents, sound)


async def lay(
    customer_id: UUID,
    content: IntakeContent,
    *,
    by: Actor,
    source: str,
    evidence: str,
    method: CollectionMethod | None = None,
) -> list[Personal]:
    """Keep what was taken in, with its consents, in the transaction under way.

    Args:
        customer_id: whose data they are.
        content: as `checked` left it.
        by: who brings them in, and says that they are right.
        source: where they come from.
        evidence: a reference by which the consents can be demonstrated.
        method: how the consents reached us, where that is not by the actor.

    Raises:
        Refused: the actor may not record consents of this customer.
        NotFound, NoticeMismatch: a notice is not there, or speaks of another purpose.
    """
    consented: dict[Category, Consent] = {}
    for each in content.consents:
        category, notice = Category(each.category), UUID(each.notice_id)
        consent = await consents.give(
            customer_id, category, Purpose(each.purpose), notice, by=by, evidence=evidence, method=method
        )
        consented.setdefault(category, consent)
    laid = list(rows(content))
    for row in laid:
        row.customer_id, row.consent_id = customer_id, consented[row.category].id
        row.source, row.collected_by, row.collected_at = source, by.actor_id, by.now
        await row.save()
        await attested(row, by)
    record(Event.ACCURACY_ATTESTED, by, customer=customer_id, rows=[row.id for row in laid])
    return laid


def rows(content: IntakeContent) -> Iterator[Personal]:
    """The rows that data become, with everything but whose they are and where they come from."""
    for row in content.rows:
        model = PERSONAL[Category(row.category)]
        yield model.made({name: _read(model, name, value) for name, value in row.values.items()})


def _checked(row: IntakeRow, now: datetime) -> IntakeRow:
    model = PERSONAL[Category(row.category)]
    within = f"{model.declared.edge}." if model.declared.many else ""
    values = {name: _read(model, name, value) for name, value in row.values.items()}
    sound = model.checked(given(values, now=now, within=within), written(model))
    return IntakeRow(row.category, {name: stored(value) for name, value in sound.items()})


def _read(model: type[Personal], name: str, value: Any) -> Any:
    """A value as the row has it, from how it was stored meanwhile."""
    part = model.declared.parts[name]
    return part.read(value, camel(name)) if isinstance(value, str) and not part.sealed else value


def _once(found: list[IntakeRow]) -> Iterator[IntakeRow]:
    """The rows without those that were given before."""
    return (row for number, row in enumerate(found) if row not in found[:number])


def _refuse_two(sound: Iterable[IntakeRow]) -> None:
    """Refuse two rows where a customer has one: two personal codes of one country."""
    seen = set()
    for row in sound:
        declared = PERSONAL[Category(row.category)].declared
        if declared.one_per is None:
            continue
        one = (row.category, row.values[declared.one_per])
        if one in seen:
            noun = declared.category.value.replace("_", " ")
            raise Unfit(f"There are two {noun}s of one {declared.one_per}. Enter one.", declared.edge)
        seen.add(one)
