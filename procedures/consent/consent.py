"""Consents: requested, given, renewed, refused and ended; `procedures.consent.states` has the table of transitions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from models import (
    Category,
    CollectionMethod,
    Consent,
    ConsentContent,
    ConsentState,
    Instruction,
    InstructionKind,
    Purpose,
)
from models.database import after_commit, transaction
from models.errors import Unfit
from models.values import later, line
from policies.actor import Actor
from policies.decide import may, require
from procedures.consent import contradiction, suspension, transition
from procedures.consent.answers import latest, to_answer
from procedures.consent.recording import apply, check, check_notice, latest_notice, obstacle
from procedures.consent.states import OPEN, Action, after
from procedures.consent.suspension import Wanted
from procedures.consent.transition import (
    Ended,
    change,
    end,
    end_one,
    locked,
    locked_consent,
)
from procedures.errors import AlreadyConfirmed, NotGiven

#: How long consent lasts unless the customer says otherwise.
LIFETIME: Final = timedelta(days=2 * 365)


async def request(
    customer_id: UUID,
    categories: Sequence[Category],
    purpose: Purpose,
    notice_id: UUID,
    *,
    by: Actor,
    expires_at: datetime | None = None,
) -> list[Consent]:
    """Ask a customer for consent to one or several categories for a purpose; each is answered by itself.

    Args:
        customer_id: who is asked.
        categories: to the keeping of what.
        purpose: and its use for what.
        notice_id: the notice that the customer is shown.
        by: who asks.
        expires_at: until when consent would last; two years from now unless given.

    Raises:
        Refused: the actor may not ask this customer, or not for this.
        NotFound: there is no such customer or notice.
        NoticeMismatch: the notice speaks of another purpose.
        SpecialCategory: one of the categories is a special one, and this is not the purpose it is for.
        AlreadyRequested, AlreadyGiven: for one of the categories; then none is requested.
        Unfit: no category is named, or the expiry has passed.
    """
    async with transaction():
        await require(by, "request_consent", "Customer", customer_id)
        await locked(customer_id)
        return await request_in_transaction(
            customer_id, categories, purpose, notice_id, by=by, expires_at=expires_at
        )


async def request_in_transaction(
    customer_id: UUID,
    categories: Sequence[Category],
    purpose: Purpose,
    notice_id: UUID,
    *,
    by: Actor,
    expires_at: datetime | None = None,
    code: str | None = None,
) -> list[Consent]:
    """Request consents as `request` does, in the transaction under way, with the customer locked.

    Where the answer is to be a code, `code` names the message by which `give_by_code` finds the requests; requests that
    wait already are moved to this code, and a consent that somebody recorded is confirmed by it.
    """
    if not categories:
        raise Unfit("Nothing is asked for. Name at least one category.", "categories")
    await check_notice(notice_id, purpose)
    values: dict[str, Any] = {
        "notice_id": notice_id,
        "expires_at": later(expires_at or by.now + LIFETIME, "expiresAt", than=by.now),
        "content": ConsentContent(evidence=code) if code else None,
        "code": code,
    }
    consents = []
    for category in dict.fromkeys(categories):
        existing = await to_answer(customer_id, category, purpose)
        if code and existing and existing.state is ConsentState.REQUESTED:
            consent = await transition.ask_again(existing, by, **values)
        elif code and existing and existing.permits and existing.recorded_by_id:
            consent = await transition.ask_to_confirm(existing, by, code)
        else:
            consent = await apply(customer_id, category, purpose, Action.REQUEST, by, **values)
        await check(consent, "request", by)
        consents.append(consent)
    return consents


async def defer(consent_id: UUID, *, by: Actor) -> Consent:
    """Defer the answer to a request.

    Raises:
        Refused: the actor may not answer this request.
        NotFound: there is no such consent.
        NotRequested: it is not requested.
    """
    async with transaction():
        await require(by, "defer", "Consent", consent_id)
        return await change(await locked_consent(consent_id), Action.DEFER, by, by.now)


async def give(
    customer_id: UUID,
    category: Category,
    purpose: Purpose,
    notice_id: UUID,
    *,
    by: Actor,
    evidence: str,
    expires_at: datetime | None = None,
    method: CollectionMethod | None = None,
) -> Consent:
    """Record consent to one category for one purpose: the answer to a request, a new consent, or a renewal.

    Args:
        customer_id: who consents.
        category: to the keeping of what.
        purpose: and its use for what.
        notice_id: the notice that the customer was shown.
        by: the customer, or who records it.
        evidence: a reference by which the consent can be demonstrated.
        expires_at: two years from now unless given.
        method: how the consent reached us, where that is not by the actor.

    The policies are asked twice: whether the actor may give or record consent of this customer, and, once it is
    written, whether this one.

    Raises:
        Refused: the actor may not record consent of this customer, or not this one.
        NotFound: there is no such customer or notice.
        NoticeMismatch: the notice speaks of another purpose.
        SpecialCategory: the category is a special one, and this is not the purpose it is for.
        StandingNo: the customer said no before, and the actor may not take that back.
        AlreadyGiven: the consent stands, and the actor may not renew it.
        Unfit: the evidence is no line of text, or the expiry has passed.
    """
    async with transaction():
        await require(by, "give_consent", "Customer", customer_id)
        now = by.now
        await locked(customer_id)
        await check_notice(notice_id, purpose)
        hindrance = await obstacle(customer_id, category, purpose, by)
        values: dict[str, Any] = {
            "notice_id": notice_id,
            "content": ConsentContent(evidence=line(evidence, "evidence")),
            "code": None,
            "collection_method": method or transition.method_of(by),
            "expires_at": later(expires_at or now + LIFETIME, "expiresAt", than=now),
            "recorded_by_id": None if by.kind == "Customer" else by.actor_id,
        }
        consent = await apply(customer_id, category, purpose, Action.GIVE, by, **values)
        await check(consent, "record", by)
        # Not before: whoever may not record this consent learns nothing of an earlier one.
        if hindrance is not None:
            raise hindrance
        return consent


async def refuse(consent_id: UUID, *, by: Actor) -> Consent:
    """Refuse a requested consent.

    Raises:
        Refused: the actor may not answer this request.
        NotFound: there is no such consent.
        NotRequested: it is not requested.
        AlreadyRefused: it was refused before; nothing changes.
    """
    async with transaction():
        await require(by, "refuse", "Consent", consent_id)
        consent = await locked_consent(consent_id)
        return await change(consent, Action.REFUSE, by, by.now, collection_method=transition.method_of(by))


@dataclass(frozen=True)
class Objected:
    """The consents for a purpose that ended or were refused; with an `instruction` none yet, for a second person decides."""

    ends: list[Ended] = field(default_factory=list)
    instruction: Instruction | None = None


async def withdraw(consent_id: UUID, *, by: Actor, evidence: str | None = None) -> Ended:
    """Withdraw a consent, and with a category's last one, erase the category.

    What rested on the consent passes to another live consent of the same category, if there is one. What others than
    the customer say is recorded with its evidence, and suspends the consent until a second person has decided.

    Raises:
        Refused: the actor may not withdraw this consent, or not record that.
        Unfit: somebody else than the customer says so, without evidence.
        NotFound: there is no such consent.
        AlreadyWithdrawn: it was withdrawn before; nothing changes.
        NotGiven: it was only asked for, or refused.
    """
    return await _end(consent_id, Action.WITHDRAW, by, evidence)


async def revoke(consent_id: UUID, *, by: Actor, evidence: str | None = None) -> Ended:
    """Record that a consent is to end for somebody other than the customer, with what rests on it.

    Raises:
        Refused: the actor may not revoke consents.
        NotFound: there is no such consent.
        NotGiven: it was not given, or has ended.
    """
    return await _end(consent_id, Action.REVOKE, by, evidence)


async def invalidate(consent_id: UUID, *, by: Actor, evidence: str | None = None) -> Ended:
    """Record that a consent turns out never to have been valid, and is to end with what rests on it.

    Raises:
        Refused: the actor may not invalidate consents.
        NotFound: there is no such consent.
        NotGiven: it was never given, or was ended already.
    """
    return await _end(consent_id, Action.INVALIDATE, by, evidence)


async def confirm(consent_id: UUID, *, by: Actor, evidence: str | None = None) -> Consent:
    """Confirm a consent that a member of staff recorded: from now on it opens to that person, too, what it opens.

    Args:
        consent_id: the consent.
        by: the customer, or a second person.
        evidence: what the second person looked at: a line that is kept; a customer needs none.

    Raises:
        Refused: the actor may not confirm this consent; who recorded it never may.
        NotFound: there is no such consent.
        NotGiven: it does not stand, or has run out.
        AlreadyConfirmed: nothing changes.
        Unfit: a second person states no evidence.
    """
    async with transaction():
        await require(by, "confirm", "Consent", consent_id)
        consent = await locked_consent(consent_id)
        if not consent.permits or consent.expires_at <= by.now:
            raise NotGiven
        if consent.recorded_by_id is None:
            raise AlreadyConfirmed
        if by.kind == "Customer":
            return await transition.confirm(consent, by, None, collection_method=CollectionMethod.ACCOUNT)
        return await transition.confirm(consent, by, line(evidence or "", "evidence"))


async def contradict(consent_id: UUID, *, by: Actor) -> Ended:
    """End a consent that others recorded and the customer never gave, with what rests on it.

    Raises:
        Refused: it is not the actor's own, or the customer gave it.
        NotFound: there is no such consent.
        NotGiven: it has ended, or never stood.
    """
    async with transaction():
        await require(by, "contradict", "Consent", consent_id)
        ended = await end_one(consent_id, Action.CONTRADICT, by)
        after_commit(lambda: contradiction.warn(consent_id))
        return ended


async def object(  # noqa: A001 the verb of the law
    customer_id: UUID, purpose: Purpose, *, by: Actor, evidence: str | None = None
) -> Objected:
    """Object to any use of a customer's data for a purpose: every category is refused, consents included.

    What others than the customer say is recorded, as for `withdraw`.

    Raises:
        Refused: the actor may not object for this customer.
        NotFound: there is no such customer, or no notice for the purpose.
    """
    async with transaction():
        await require(by, "object", "Customer", customer_id)
        await locked(customer_id)
        await latest_notice(purpose)
        if not await may(by, "end_alone", "Customer", customer_id):
            wanted = Wanted(InstructionKind.OBJECT, customer_id, purpose=purpose)
            return Objected(instruction=await suspension.record(wanted, evidence, by=by))
        ends = await object_in_transaction(customer_id, purpose, by=by)
        await transition.settle(customer_id, by, objected=purpose)
        return Objected(ends)


async def object_in_transaction(customer_id: UUID, purpose: Purpose, *, by: Actor) -> list[Ended]:
    """Object to a purpose as `object` does, in the transaction under way, with the customer locked."""
    values = {
        "notice_id": (await latest_notice(purpose)).id,
        "expires_at": by.now + LIFETIME,
        "collection_method": transition.method_of(by),
    }
    return [await _objected(customer_id, category, purpose, by, **values) for category in Category]


async def _objected(
    customer_id: UUID, category: Category, purpose: Purpose, by: Actor, **values: Any
) -> Ended:
    """End the consent that is given, refuse the one that is requested, and else record that there is none to be."""
    existing = await latest(customer_id, category, purpose)
    if existing is not None and existing.state in (ConsentState.WITHDRAWN, ConsentState.REFUSED):
        return Ended(existing)
    if existing is not None and existing.permits:
        return await end(existing, Action.WITHDRAW, by, by.now)
    if existing is not None and existing.state in OPEN:
        return Ended(await change(existing, Action.REFUSE, by, by.now))
    return Ended(await transition.begin(customer_id, category, purpose, ConsentState.REFUSED, by, **values))


async def _end(consent_id: UUID, action: Action, by: Actor, evidence: str | None) -> Ended:
    async with transaction():
        await require(by, action.value, "Consent", consent_id)
        if await may(by, "end_alone", "Consent", consent_id):
            return await end_one(consent_id, action, by)
        consent = await locked_consent(consent_id)
        kind = InstructionKind[action.name]
        wanted = Wanted(kind, consent.customer_id, consent.category, consent.purpose, consent.id)
        try:
            return Ended(consent, instruction=await suspension.record(wanted, evidence, by=by))
        except NotGiven:
            # Not before: whoever may not record it does not learn the state.
            after(consent.state, action)
            raise
