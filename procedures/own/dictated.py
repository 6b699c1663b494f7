"""What others than the customer write on the customer's word: recorded, told to the customer, and kept to be put back.

A row that is changed is kept as it was, sealed under the key of its category, for `KEPT_FOR` at most: until the customer
has confirmed, contradicted or changed it. Nothing else is made of it.

    DICTATION_OVER      the customer has said something about it before, or changed the row
    NOT_KEPT_ANY_MORE   what was there before is gone; the customer changes the row
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from models import (
    Category,
    Consent,
    Customer,
    Dictation,
    DictationChange,
    DictationContent,
    DictationState,
    Earlier,
    Personal,
    Template,
    opened,
)
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from policies.actor import Actor, utc_now
from policies.decide import may, require
from procedures import clock as clocks
from procedures.errors import Conflict, ConsentRequired, RateLimited
from procedures.ledger import record
from procedures.message import Destination, contact_change, outbox
from procedures.notice import controller
from procedures.work import Clock
from vault.errors import SealBroken

#: How long what was there before is kept.
KEPT_FOR: Final = timedelta(days=30)
#: How many rows one account writes in a day, of one customer and of all.
DAY: Final = timedelta(days=1)
A_DAY_OF_ONE: Final = 50
A_DAY_OF_ALL: Final = 500

#: By how much somebody else's clock may be ahead.
AHEAD: Final = timedelta(minutes=5)

KEPT: Final = clocks.Ending(
    "dictations",
    lambda: Dictation.filter(kept_until__not_isnull=True),
    "kept_until",
    KEPT_FOR,
    few=1_000,
)


class DictationOver(Conflict):
    """The customer has confirmed or contradicted it before, or has changed or removed the row since."""

    code = "DICTATION_OVER"
    message = "You have said something about it before, or changed the row since; nothing changes."


class NotKeptAnyMore(Conflict):
    """What was there before is deleted."""

    code = "NOT_KEPT_ANY_MORE"
    message = "What was there before is no longer kept. Change the row yourself."


async def begin(customer_id: UUID, by: Actor) -> None:
    """Make sure that the actor has not written too much today, in the transaction under way; raises RateLimited."""
    since = by.now - DAY
    mine = Dictation.filter(recorded_by_id=by.actor_id, recorded_at__gt=since)
    for rows, most in ((mine.filter(customer_id=customer_id), A_DAY_OF_ONE), (mine, A_DAY_OF_ALL)):
        if await rows.count() >= most:
            raise RateLimited(int(DAY.total_seconds()), "So much is not written in a day.")


def check_past(instant: datetime, field: str, by: Actor) -> None:
    """Make sure that something has happened; raises Unfit."""
    if instant.tzinfo is None:
        raise Unfit("The instant has no time zone. Write it with one, such as Z for UTC.", field)
    if instant > by.now + AHEAD:
        raise Unfit("This is still to come. Enter what has happened.", field)


async def rests_on(customer_id: UUID, model: type[Personal], by: Actor) -> Consent:
    """The consent under which a new row of the actor's task is kept: for a purpose that needs the category.

    Raises:
        ConsentRequired: there is none, or none that the actor may use.
    """
    live = Consent.filter(Consent.usable(by.now), customer_id=customer_id, category=model.category)
    for consent in await live.filter(purpose__in=by.purposes).order_by("-expires_at", "id"):
        if await may(by, "dictate_under", "Consent", consent.id):
            return consent
    raise ConsentRequired


async def noted(
    row: Personal, fields: list[str], by: Actor, evidence: str | None, earlier: Earlier | None = None
) -> Dictation:
    """Record that a row was written on the customer's word, and tell the customer, in the transaction under way.

    Args:
        row: as it is now; the policies are asked about it, and what they refuse is undone with the transaction.
        fields: those that were written, as `Type.field`.
        by: who wrote it.
        evidence: how the customer said so, a checked line.
        earlier: the row as it was; None where it was added.

    Raises:
        Refused: the actor may not write such a row.
    """
    await require(by, "dictate", type(row).__name__, row.id)
    dictation = Dictation(
        customer_id=row.customer_id,
        category=row.category,
        record_id=row.id,
        record_revision=row.revision,
        change=DictationChange.CHANGED if earlier else DictationChange.ADDED,
        content=DictationContent(evidence, earlier.written() if earlier else None),
        recorded_by_id=by.actor_id,
        recorded_roles=" ".join(sorted(by.roles)),
        recorded_at=by.now,
        kept_until=by.now + KEPT_FOR if earlier else None,
    )
    await dictation.save()
    about: dict[str, Any] = {"row": row.id, "fields": fields, "change": dictation.change}
    record(Event.DICTATION_RECORDED, by, **details(dictation), **about)
    await _tell(row, earlier, by)
    return dictation


async def standing(dictation_id: UUID) -> Dictation:
    """A dictation of which the customer has not said anything yet, the customer locked; raises DictationOver."""
    dictation = await Dictation.get(id=dictation_id)
    await Customer.filter(id=dictation.customer_id).select_for_update(no_key=True).first()
    dictation = await Dictation.get(id=dictation_id)
    if dictation.state is not DictationState.STANDS:
        raise DictationOver
    return dictation


async def decide(dictation: Dictation, state: DictationState, now: datetime) -> Dictation:
    """Give a dictation the state that it came to, and delete what was there before, in the transaction under way."""
    dictation.state, dictation.decided_at = state, now
    await _forget(dictation)
    return dictation


async def replaced(row: Personal, now: datetime) -> None:
    """The customer has changed or removed a row: nothing of it is put back any more; in the transaction under way."""
    for dictation in await Dictation.filter(record_id=row.id, state=DictationState.STANDS):
        await decide(dictation, DictationState.REPLACED, now)


async def moved(row: Personal, earlier: Earlier) -> None:
    """A row is as it was in an earlier revision: what was written into it then can be put back again."""
    before = Dictation.filter(record_id=row.id, record_revision=earlier.revision, state=DictationState.STANDS)
    await before.update(record_revision=row.revision)


async def lapse(*, clock: Clock = utc_now) -> int:
    """Delete what was there before and has been kept long enough; returns of how many rows.

    Raises:
        ClockDoubted: the clock is doubted, or too much would go at once; nothing was done.
    """
    count = 0
    over = (await clocks.permit(KEPT, clock=clock)).due()
    for id in await over.order_by("kept_until", "id").values_list("id", flat=True):
        async with transaction():
            # Meanwhile the customer may have said something about it.
            dictation = await over.filter(id=id).select_for_update(no_key=True).first()
            if dictation is not None:
                await _forget(dictation)
                record(Event.DICTATION_LAPSED, None, **details(dictation))
                count += 1
    return count


def details(dictation: Dictation) -> dict[str, Any]:
    """The details of a ledger entry about a dictation."""
    return {"dictation": dictation.id, "customer": dictation.customer_id}


async def _forget(dictation: Dictation) -> None:
    """Delete what was there before; how the customer said so stays, unless it does not open."""
    try:
        evidence = (await opened(dictation)).evidence
    except SealBroken:
        evidence = None
    dictation.content, dictation.kept_until = DictationContent(evidence), None
    await dictation.save()


async def _tell(row: Personal, earlier: Earlier | None, by: Actor) -> None:
    """Tell the customer where messages go, and where a contact point led that was changed, and leads now.

    The message names neither values nor categories, because it may go where others see it.
    """
    responsible = controller.current()
    contact = responsible.contact if responsible else ""
    customer_id, language = row.customer_id, await outbox.language_of(row.customer_id)
    usual = await outbox.places_of(customer_id, Template.DATA_DICTATED, by.now)
    reached: set[str | None] = set()
    for where in [*usual, *await _places(row, earlier)]:
        if where.address not in reached and not await outbox.is_suppressed(where.channel, where.address):
            reached.add(where.address)
            await outbox.put(customer_id, Template.DATA_DICTATED, where, language, by=by, contact=contact)


async def _places(row: Any, earlier: Earlier | None) -> list[Destination]:
    """Where a contact point led before it was changed, and where it leads."""
    if row.category is not Category.CONTACT_POINT:
        return []
    before = contact_change.led_before(earlier) if earlier else []
    return [*before, *contact_change.leads(row.kind, (await opened(row)).value, row.id)]
