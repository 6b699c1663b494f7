"""Further transitions of consents: requesting, deferring, refusing, revoking, invalidating and objecting."""

from typing import Annotated, Any

from models import Category
from policies.actor import Actor
from procedures import consent as consents
from schema.consent import (
    ERASED,
    SHOWN,
    Consent,
    ConsentId,
    Expiry,
    NoticeId,
    PurposeName,
    RequestedId,
    shown,
)
from schema.instruction import RECORDED, Evidence
from schema.reading import CustomerId, mutation


@mutation(
    "The requested consents, which wait for the customer's answers.",
    {"consents": (list[Consent], "The requested consents, one for each category.")},
    input="The consents to request from a customer.",
    as_given=True,
    creates=True,
)
async def consent_request(
    customer_id: CustomerId,
    categories: Annotated[list[Category], "The categories; the customer answers each one separately."],
    purpose: PurposeName,
    notice_id: NoticeId,
    expires_at: Expiry = None,
    *,
    by: Actor,
) -> Any:
    """Request a customer's consent to one or several categories."""
    return await consents.request(customer_id, categories, purpose, notice_id, by=by, expires_at=expires_at)


@mutation(
    "The consent whose answer was put off.", SHOWN, input="The requested consent whose answer to put off."
)
async def consent_defer(consent_id: RequestedId, *, by: Actor) -> Any:
    """Put off the answer to a requested consent."""
    return await consents.defer(consent_id, by=by)


@mutation("The refused consent.", SHOWN, input="The requested consent to refuse.")
async def consent_refuse(consent_id: RequestedId, *, by: Actor) -> Any:
    """Refuse a requested consent."""
    return await consents.refuse(consent_id, by=by)


@mutation(
    "The consent, which is suspended, and the instruction that waits.",
    SHOWN | ERASED | RECORDED,
    input="The consent to revoke.",
    creates=True,
)
async def consent_revoke(consent_id: ConsentId, evidence: Evidence = None, *, by: Actor) -> Any:
    """End a consent on the company's part, once a second person approves; data are erased as by `consentWithdraw`."""
    return shown(await consents.revoke(consent_id, by=by, evidence=evidence))


@mutation(
    "The consent, which is suspended, and the instruction that waits.",
    SHOWN | ERASED | RECORDED,
    input="The consent that was never valid.",
    creates=True,
)
async def consent_invalidate(consent_id: ConsentId, evidence: Evidence = None, *, by: Actor) -> Any:
    """End a consent that was never valid, once a second person approves; data are erased as by `consentWithdraw`."""
    return shown(await consents.invalidate(consent_id, by=by, evidence=evidence))


@mutation("The confirmed consent.", SHOWN, input="A consent that a member of staff recorded.")
async def consent_confirm(
    consent_id: ConsentId,
    evidence: Annotated[
        str | None, "What a second person looked at, such as the signed form; not needed of the customer."
    ] = None,
    *,
    by: Actor,
) -> Any:
    """Confirm a consent that somebody else recorded: as its customer, or as a second person."""
    return await consents.confirm(consent_id, by=by, evidence=evidence)


@mutation(
    "The invalidated consent, and how much was erased with it.",
    SHOWN | ERASED,
    input="The consent that you never gave.",
)
async def consent_contradict(consent_id: ConsentId, *, by: Actor) -> Any:
    """Say that you never gave a consent which others recorded; data are erased as by `consentWithdraw`."""
    return await consents.contradict(consent_id, by=by)


@mutation(
    "The consents that were withdrawn or refused, and how much was erased with them; or the instruction that waits.",
    {"consents": (list[Consent], "The consents for the purpose, one for each category, in their new states.")}
    | ERASED
    | RECORDED,
    input="The purpose that a customer objects to.",
    as_given=True,
    creates=True,
)
async def consent_object(
    customer_id: CustomerId, purpose: PurposeName, evidence: Evidence = None, *, by: Actor
) -> Any:
    """Object to a purpose: consents that were given are withdrawn, all others are refused.

    What an employee says suspends the consents for the purpose, and waits until a second person approves it.
    """
    objected = await consents.object(customer_id, purpose, by=by, evidence=evidence)
    if objected.instruction:
        return None, *(None for _ in ERASED), objected.instruction
    ends = objected.ends
    counts = [sum(getattr(each, name) for each in ends) for name in ERASED]
    return [each.consent for each in ends], *counts, None
