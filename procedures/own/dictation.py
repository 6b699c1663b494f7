"""What customers say of what others wrote on their word: that it is right, or that they never said it.

confirm     it stays, attested by the customer; what was there before is deleted
contradict  what was changed is put back as it was, and what was added is removed, unless it was changed since
"""

from uuid import UUID

from models import (
    PERSONAL,
    Dictation,
    DictationChange,
    DictationState,
    Earlier,
    ObligationKind,
    Personal,
    opened,
)
from models.database import transaction
from models.event import Event
from policies.actor import Actor
from policies.decide import require
from procedures.erasure import held_rows
from procedures.ledger import record
from procedures.own import dictated, own_change
from procedures.own.dictated import NotKeptAnyMore
from procedures.own.own_change import ChangedMeanwhile
from procedures.suppression import writing


async def confirm(dictation_id: UUID, *, by: Actor) -> Dictation:
    """Confirm that what somebody else wrote is right.

    Raises:
        Refused: it is not about the actor.
        DictationOver: the customer has said something about it before, or changed the row.
        ChangedMeanwhile: the row was changed since, so that it is no longer what was written.
    """
    async with transaction():
        await require(by, "confirm", "Dictation", dictation_id)
        dictation = await dictated.standing(dictation_id)
        await own_change.attested(await _row(dictation), by)
        decided = await dictated.decide(dictation, DictationState.CONFIRMED, by.now)
        record(Event.DICTATION_CONFIRMED, by, **dictated.details(decided))
        return decided


async def contradict(dictation_id: UUID, *, by: Actor) -> Dictation:
    """Say that one never said what somebody else wrote: what was there before is there again.

    Raises:
        Refused: it is not about the actor.
        DictationOver: the customer has said something about it before, or changed the row.
        ChangedMeanwhile: the row was changed since; contradict the later change first.
        NotKeptAnyMore: what was there before is deleted.
        ConsentRequired: the customer no longer consents to the category.
    """
    async with transaction():
        await require(by, "contradict", "Dictation", dictation_id)
        dictation = await dictated.standing(dictation_id)
        row = await _row(dictation)
        if dictation.change is DictationChange.ADDED:
            await own_change.take_out(row, by)
        else:
            await _put_back(row, dictation, by)
        decided = await dictated.decide(dictation, DictationState.CONTRADICTED, by.now)
        record(Event.DICTATION_CONTRADICTED, by, **dictated.details(decided))
        return decided


async def _row(dictation: Dictation) -> Personal:
    """The row as it was written; raises ChangedMeanwhile."""
    row = await PERSONAL[dictation.category].get_or_none(id=dictation.record_id)
    if row is None or row.revision != dictation.record_revision:
        raise ChangedMeanwhile
    return row


async def _put_back(row: Personal, dictation: Dictation, by: Actor) -> None:
    text = (await opened(dictation)).before
    if text is None:
        raise NotKeptAnyMore
    earlier = Earlier.read(text)
    await held_rows.keep(row, by.now, by=by)
    await own_change.warn(row.customer_id, type(row), by)
    await own_change.pass_to_live_consent(row, by)
    earlier.put_back(row)
    await writing.write(row, by)
    await own_change.attested(row, by)
    await dictated.moved(row, earlier)
    await own_change.oblige(row, ObligationKind.RECTIFY, by)
