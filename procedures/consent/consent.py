"""Consent: a customer's word, asked for, given, renewed, refused and ended.

`procedures.consent.states` has the whole table of what can turn into what.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from models import PERMITTING, Category, CollectionMethod, Consent, ConsentState, Notice, Purpose
from models.database import transaction
from models.errors import Unfit
from models.values import later, line
from policies.actor import Actor
from policies.decide import require
from policies.policy import in_force
from procedures.consent.states import DENYING, OPEN, Action, prevailing
from procedures.consent.transition import (
    Ended,
    ask_again,
    begin,
    change,
    end,
    end_one,
    latest,
    locked,
    locked_consent,
    method_of,
)
from procedures.errors import NotFound, NoticeMismatch, SpecialCategory

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
        notice_id: what the customer is told.
        by: who asks.
        expires_at: until when consent would last; two years from now unless given.

    Raises:
        Refused: the actor may not ask this customer.
        NotFound: there is no such customer or notice.
        NoticeMismatch: the notice speaks of another purpose.
        AlreadyRequested, AlreadyGiven: of one of the categories; then nothing is asked.
        Unfit: no category is named, or the expiry has passed.
    """
    async with transaction():
        await require(by, "request_consent", "Customer", customer_id)
        await locked(customer_id)
        return await asked(customer_id, categories, purpose, notice_id, by=by, expires_at=expires_at)


async def asked(
    customer_id: UUID,
    categories: Sequence[Category],
    purpose: Purpose,
    notice_id: UUID,
    *,
    by: Actor,
    expires_at: datetime | None = None,
    code: str | None = None,
) -> list[Consent]:
    """Ask a customer who is locked, in the transaction under way; raises as `request`.

    With a code, which is told by its evidence, whoever is asked already is asked by this code from now on.
    """
    if not categories:
        raise Unfit("Nothing is asked for. Name at least one category.", "categories")
    for category in categories:
        explicit(category, purpose)
    await _told(notice_id, purpose)
    word: dict[str, Any] = {
        "notice_id": notice_id,
        "expires_at": later(expires_at or by.now + LIFETIME, "expiresAt", than=by.now),
        "evidence": code or "",
    }
    found = []
    for category in dict.fromkeys(categories):
        known = await latest(customer_id, category, purpose)
        if code and known and known.state is ConsentState.REQUESTED:
            found.append(await ask_again(known, by, **word))
        else:
            found.append(await _said(customer_id, category, purpose, Action.REQUEST, by, **word))
    return found


async def confirmed(customer_id: UUID, evidence: str, *, by: Actor) -> list[Consent]:
    """Give what a customer who is locked was asked for by a code that came back, in the transaction under way.

    Raises:
        Refused: the actor may not record consent of this customer.
    """
    waiting = Consent.filter(customer_id=customer_id, evidence=evidence, state__in=OPEN)
    words = await waiting.filter(expires_at__gt=by.now).order_by("id")
    if words:
        await require(by, "give_consent", "Customer", customer_id)
    method = CollectionMethod.DOUBLE_OPT_IN
    return [await change(word, Action.GIVE, by, by.now, collection_method=method) for word in words]


async def defer(consent_id: UUID, *, by: Actor) -> Consent:
    """Put the answer to a request off.

    Raises:
        Refused: the actor may not answer this request.
        NotFound: there is no such consent.
        NotRequested: nobody asks for it.
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
    """Record consent to one category for one purpose: the answer to a request, a new word, or a renewal.

    Args:
        customer_id: who consents.
        category: to the keeping of what.
        purpose: and its use for what.
        notice_id: what the customer was shown.
        by: the customer, or who records it.
        evidence: a reference by which the consent can be demonstrated.
        expires_at: two years from now unless given.
        method: how the customer's word reached us, where that is not by the actor.

    Raises:
        Refused: the actor may not record consent of this customer.
        NotFound: there is no such customer or notice.
        NoticeMismatch: the notice speaks of another purpose.
        SpecialCategory: the category is a special one, and this is not the purpose it is for.
        Unfit: the evidence is no line of text, or the expiry has passed.
    """
    async with transaction():
        await require(by, "give_consent", "Customer", customer_id)
        now = by.now
        await locked(customer_id)
        explicit(category, purpose)
        await _told(notice_id, purpose)
        word: dict[str, Any] = {
            "notice_id": notice_id,
            "evidence": line(evidence, "evidence"),
            "collection_method": method or method_of(by),
            "expires_at": later(expires_at or now + LIFETIME, "expiresAt", than=now),
        }
        return await _said(customer_id, category, purpose, Action.GIVE, by, **word)


async def refuse(consent_id: UUID, *, by: Actor) -> Consent:
    """Answer a request with no.

    Raises:
        Refused: the actor may not answer this request.
        NotFound: there is no such consent.
        NotRequested: nobody asks for it.
        AlreadyRefused: it was refused before; nothing changes.
    """
    async with transaction():
        await require(by, "refuse", "Consent", consent_id)
        consent = await locked_consent(consent_id)
        return await change(consent, Action.REFUSE, by, by.now, collection_method=method_of(by))


async def withdraw(consent_id: UUID, *, by: Actor) -> Ended:
    """Withdraw a consent, and with a category's last one, erase the category.

    What rested on the consent passes to another live consent of the same category, if there is one.

    Raises:
        Refused: the actor may not withdraw this consent.
        NotFound: there is no such consent.
        AlreadyWithdrawn: it was withdrawn before; nothing changes.
        NotGiven: it was only asked for, or refused.
    """
    async with transaction():
        await require(by, "withdraw", "Consent", consent_id)
        return await end_one(consent_id, Action.WITHDRAW, by)


async def revoke(consent_id: UUID, *, by: Actor) -> Ended:
    """End a consent for somebody other than the customer, with what rests on it.

    Raises:
        Refused: the actor may not revoke consents.
        NotFound: there is no such consent.
        NotGiven: it does not stand.
    """
    async with transaction():
        await require(by, "revoke", "Consent", consent_id)
        return await end_one(consent_id, Action.REVOKE, by)


def explicit(category: Category, purpose: Purpose) -> None:
    """Let a consent pass, to a special category only for the purpose that is its own.

    Raises:
        SpecialCategory: it is for another.
    """
    if in_force().special.get(category, purpose) is not purpose:
        raise SpecialCategory


async def invalidate(consent_id: UUID, *, by: Actor) -> Ended:
    """End a consent that turns out never to have been valid, with what rests on it.

    Raises:
        Refused: the actor may not invalidate consents.
        NotFound: there is no such consent.
        NotGiven: it was never given, or has ended already by somebody's word.
    """
    async with transaction():
        await require(by, "invalidate", "Consent", consent_id)
        return await end_one(consent_id, Action.INVALIDATE, by)


async def object(customer_id: UUID, purpose: Purpose, *, by: Actor) -> list[Ended]:  # noqa: A001 the verb of the law
    """Object to any use of a customer's data for a purpose: a no to every category, whatever was said before.

    Raises:
        Refused: the actor may not object for this customer.
        NotFound: there is no such customer, or no notice for the purpose.
    """
    async with transaction():
        await require(by, "object", "Customer", customer_id)
        await locked(customer_id)
        notice = await Notice.filter(purpose=purpose).order_by("-created_at", "id").first()
        if notice is None:
            raise NotFound("notice", "purpose")
        word = {
            "notice_id": notice.id,
            "evidence": "",
            "expires_at": by.now + LIFETIME,
            "collection_method": method_of(by),
        }
        return [
            await _adopted(customer_id, category, purpose, ConsentState.REFUSED, by, **word)
            for category in Category
        ]


async def adopt(
    customer_id: UUID,
    category: Category,
    purpose: Purpose,
    state: ConsentState,
    notice_id: UUID,
    *,
    by: Actor,
    evidence: str,
    expires_at: datetime,
) -> Ended:
    """Take in a word from elsewhere: other records, or those of somebody found to be the same person.

    Of it and what is on record here the least permissive stands (`consent_states.prevailing`); consent that is
    outdone by a no ends, with what rests on it.

    Raises:
        Refused: the actor may not take in words of customers.
        NotFound: there is no such customer or notice.
        NoticeMismatch: the notice speaks of another purpose.
    """
    async with transaction():
        await require(by, "adopt_consent", "Customer", customer_id)
        await locked(customer_id)
        if state in PERMITTING:
            explicit(category, purpose)
        await _told(notice_id, purpose)
        method = CollectionMethod.IMPORT
        word = {
            "notice_id": notice_id,
            "evidence": evidence,
            "expires_at": expires_at,
            "collection_method": method,
        }
        return await _adopted(customer_id, category, purpose, state, by, **word)


async def _said(
    customer_id: UUID, category: Category, purpose: Purpose, action: Action, by: Actor, **word: Any
) -> Consent:
    """Turn what stands on a category and purpose, or begin anew when that has ended."""
    known = await latest(customer_id, category, purpose)
    if known is not None and known.state in OPEN | PERMITTING:
        return await change(known, action, by, by.now, **word)
    state = ConsentState.GIVEN if action is Action.GIVE else ConsentState.REQUESTED
    return await begin(customer_id, category, purpose, state, by, **word)


async def _adopted(
    customer_id: UUID, category: Category, purpose: Purpose, state: ConsentState, by: Actor, **word: Any
) -> Ended:
    known = await latest(customer_id, category, purpose)
    if known is None:
        return Ended(await begin(customer_id, category, purpose, state, by, **word))
    if prevailing((known.state, state)) is known.state:
        return Ended(known)
    if known.permits:
        own = state in (ConsentState.WITHDRAWN, ConsentState.REFUSED)
        return await end(known, Action.WITHDRAW if own else Action.INVALIDATE, by, by.now)
    if known.state in OPEN and state in DENYING:
        return Ended(await change(known, Action.REFUSE, by, by.now))
    return Ended(await begin(customer_id, category, purpose, state, by, **word))


async def _told(notice_id: UUID, purpose: Purpose) -> None:
    notice = await Notice.get_or_none(id=notice_id)
    if notice is None:
        raise NotFound("notice", "noticeId")
    if notice.purpose is not purpose:
        raise NoticeMismatch
