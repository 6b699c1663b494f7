"""Writing what is asked for and given, and asking the policies about it as it then is.

Callers are within a transaction, with the customer locked; what the policies refuse is undone with it.
"""

from typing import Any
from uuid import UUID

from models import Category, CollectionMethod, Consent, ConsentState, Notice, Purpose
from models.database import transaction
from policies.actor import Actor
from policies.decide import may, require
from policies.errors import Refused
from procedures.consent.answers import latest, standing_no, to_answer
from procedures.consent.states import OPEN, Action
from procedures.consent.transition import begin, change, confirm, new
from procedures.errors import AlreadyGiven, Conflict, NoticeMismatch, SpecialCategory, StandingNo, found


async def apply(
    customer_id: UUID, category: Category, purpose: Purpose, action: Action, by: Actor, **values: Any
) -> Consent:
    """Change the consent that is open or given, or begin a new one where there is none.

    Raises:
        Refused: it is not possible, and the actor might not do it anyway, and so does not learn why.
        Conflict: it is not possible.
    """
    existing = await to_answer(customer_id, category, purpose)
    state = ConsentState.GIVEN if action is Action.GIVE else ConsentState.REQUESTED
    try:
        if existing is not None:
            return await change(existing, action, by, by.now, **values)
        return await begin(customer_id, category, purpose, state, by, **values)
    except Conflict:
        asked = "record" if action is Action.GIVE else "request"
        if not await _might(customer_id, category, purpose, asked, by, **values):
            raise Refused(asked, "Consent") from None
        raise


class _Undone(Exception):
    """What was written only to be judged is undone."""


async def _might(
    customer_id: UUID, category: Category, purpose: Purpose, asked: str, by: Actor, **values: Any
) -> bool:
    """Whether the policies would grant an action on such a consent, if there were one."""
    granted = False
    try:
        async with transaction():
            imagined = new(customer_id, category, purpose, ConsentState.REQUESTED, by.now, **values)
            await imagined.save()
            granted = await may(by, asked, "Consent", imagined.id)
            raise _Undone
    except _Undone:
        return granted


async def check(consent: Consent, action: str, by: Actor) -> None:
    """Ask the policies about a consent as it is now; what they refuse is undone with the transaction.

    Raises:
        Refused: the actor may not do this to it.
        SpecialCategory: nobody may, because it is to a special category and not for the purpose of that.
    """
    if not await may(by, action, "Consent", consent.id):
        raise Refused(action, "Consent")
    if not await may(by, "pair", "Consent", consent.id):
        raise SpecialCategory


async def obstacle(customer_id: UUID, category: Category, purpose: Purpose, by: Actor) -> Conflict | None:
    """Why the actor may not give a consent in view of an earlier one: that is a no, or stands."""
    no = await standing_no(customer_id, category, purpose, by.now)
    if no is not None:
        return None if await may(by, "lift", "Consent", no.id) else StandingNo()
    earlier = await latest(customer_id, category, purpose)
    if earlier is not None and earlier.permits:
        return None if await may(by, "renew", "Consent", earlier.id) else AlreadyGiven()
    return None


async def give_by_code(customer_id: UUID, code: str, *, by: Actor) -> list[Consent]:
    """Give the consents that were requested by a code, which names its message, in the transaction under way, with the customer locked.

    One that somebody recorded, and that was begun with this code, is confirmed.

    Raises:
        Refused: the actor may not record what a code says of this customer.
    """
    live = Consent.filter(customer_id=customer_id, expires_at__gt=by.now)
    by_code: dict[str, Any] = {"collection_method": CollectionMethod.DOUBLE_OPT_IN}
    given = []
    for consent in await live.filter(code=code, state__in=OPEN).order_by("id"):
        no = await standing_no(customer_id, consent.category, consent.purpose, by.now)
        if no is not None:
            await require(by, "lift_by_code", "Consent", no.id)
        given.append(await change(consent, Action.GIVE, by, by.now, **by_code))
    recorded = live.filter(code=code, permits=True, recorded_by_id__isnull=False)
    given += [await confirm(consent, by, code, **by_code) for consent in await recorded.order_by("id")]
    for consent in given:
        await check(consent, "record_by_code", by)
    return given


async def check_notice(notice_id: UUID, purpose: Purpose) -> None:
    """Make sure that a notice is there, and speaks of a purpose.

    Raises:
        NotFound, NoticeMismatch: it is not.
    """
    notice = found(await Notice.get_or_none(id=notice_id), "notice", "noticeId")
    if notice.purpose is not purpose:
        raise NoticeMismatch


async def latest_notice(purpose: Purpose) -> Notice:
    """The latest notice for a purpose; raises NotFound where there is none."""
    latest = await Notice.filter(purpose=purpose).order_by("-created_at", "id").first()
    return found(latest, "notice", "purpose")
