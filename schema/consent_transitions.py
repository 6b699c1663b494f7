"""Further transitions of consents: requesting, deferring, refusing, revoking, invalidating and objecting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from models import Category, Purpose
from procedures import consent as consents
from schema.consent import Consent, ErasingPayload, ending_of, rows_of
from schema.reading import ContextInfo, Input, Payload, actor_of, attempt, key_of, payload_of, views_of

CHANGED = "The consent, in its new state."


@strawberry.input(description="The consents to request from a customer.")
class ConsentRequestInput:
    """One purpose, several categories."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    categories: list[Category] = strawberry.field(
        description="The categories; the customer answers each one separately."
    )
    purpose: Purpose = strawberry.field(description="The purpose.")
    notice_id: strawberry.ID = strawberry.field(description="The notice that the customer is shown.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the consents would expire; if left out, in two years."
    )


@strawberry.type(description="The requested consents, which wait for the customer's answers.")
class ConsentRequestPayload(Payload):
    """The consents asked for, as the actor may see them."""

    consents: list[Consent] | None = strawberry.field(
        default=None, description="The requested consents, one for each category."
    )


@strawberry.input(description="The requested consent whose answer to put off.")
class ConsentDeferInput:
    """The request."""

    consent_id: strawberry.ID = strawberry.field(description="The requested consent.")


@strawberry.type(description="The consent whose answer was put off.")
class ConsentDeferPayload(Payload):
    """The request."""

    consent: Consent | None = strawberry.field(default=None, description=CHANGED)


@strawberry.input(description="The requested consent to refuse.")
class ConsentRefuseInput:
    """The request."""

    consent_id: strawberry.ID = strawberry.field(description="The requested consent.")


@strawberry.type(description="The refused consent.")
class ConsentRefusePayload(Payload):
    """The request."""

    consent: Consent | None = strawberry.field(default=None, description=CHANGED)


@strawberry.input(description="The consent to revoke.")
class ConsentRevokeInput:
    """The consent."""

    consent_id: strawberry.ID = strawberry.field(description="The consent.")


@strawberry.type(description="The revoked consent, and how much was erased with it.")
class ConsentRevokePayload(ErasingPayload):
    """The consent and the rows that rested on it."""

    consent: Consent | None = strawberry.field(default=None, description=CHANGED)


@strawberry.input(description="The consent that was never valid.")
class ConsentInvalidateInput:
    """The consent."""

    consent_id: strawberry.ID = strawberry.field(description="The consent.")


@strawberry.type(description="The invalidated consent, and how much was erased with it.")
class ConsentInvalidatePayload(ErasingPayload):
    """The consent and the rows that rested on it."""

    consent: Consent | None = strawberry.field(default=None, description=CHANGED)


@strawberry.input(description="The purpose that a customer objects to.")
class ConsentObjectInput:
    """Who objects to what."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    purpose: Purpose = strawberry.field(description="The purpose.")


@strawberry.type(
    description="The consents that were withdrawn or refused, and how much was erased with them."
)
class ConsentObjectPayload(ErasingPayload):
    """What stands on each category, and what was erased."""

    consents: list[Consent] | None = strawberry.field(
        default=None, description="The consents for the purpose, one for each category, in their new states."
    )


@strawberry.type
class ConsentTransitionMutations:
    """What else can be done about consents."""

    @strawberry.mutation(description="Request a customer's consent to one or several categories.")
    async def consent_request(
        self, info: ContextInfo, input: Input[ConsentRequestInput]
    ) -> ConsentRequestPayload:
        """Request consent."""
        actor = actor_of(info)
        requested, errors = await attempt(_request(actor, input), actor)
        return ConsentRequestPayload(consents=await views_of(info, "Consent", requested), user_errors=errors)

    @strawberry.mutation(description="Put off the answer to a requested consent.")
    async def consent_defer(self, info: ContextInfo, input: Input[ConsentDeferInput]) -> ConsentDeferPayload:
        """Defer a request."""
        work = consents.defer(key_of(input.consent_id, "Consent"), by=actor_of(info))
        return ConsentDeferPayload(**await payload_of(info, "Consent", work))

    @strawberry.mutation(description="Refuse a requested consent.")
    async def consent_refuse(
        self, info: ContextInfo, input: Input[ConsentRefuseInput]
    ) -> ConsentRefusePayload:
        """Refuse a request."""
        work = consents.refuse(key_of(input.consent_id, "Consent"), by=actor_of(info))
        return ConsentRefusePayload(**await payload_of(info, "Consent", work))

    @strawberry.mutation(
        description="End a consent on the company's part; data are erased as by `consentWithdraw`."
    )
    async def consent_revoke(
        self, info: ContextInfo, input: Input[ConsentRevokeInput]
    ) -> ConsentRevokePayload:
        """Revoke a consent."""
        work = consents.revoke(key_of(input.consent_id, "Consent"), by=actor_of(info))
        return ConsentRevokePayload(**await ending_of(info, *await attempt(work, info.context.actor)))

    @strawberry.mutation(
        description="End a consent that was never valid; data are erased as by `consentWithdraw`."
    )
    async def consent_invalidate(
        self, info: ContextInfo, input: Input[ConsentInvalidateInput]
    ) -> ConsentInvalidatePayload:
        """Invalidate a consent."""
        work = consents.invalidate(key_of(input.consent_id, "Consent"), by=actor_of(info))
        return ConsentInvalidatePayload(**await ending_of(info, *await attempt(work, info.context.actor)))

    @strawberry.mutation(
        description="Object to a purpose: consents that were given are withdrawn, all others are refused."
    )
    async def consent_object(
        self, info: ContextInfo, input: Input[ConsentObjectInput]
    ) -> ConsentObjectPayload:
        """Object to a purpose."""
        actor = actor_of(info)
        work = consents.object(key_of(input.customer_id, "Customer"), input.purpose, by=actor)
        ended, errors = await attempt(work, actor)
        if ended is None:
            return ConsentObjectPayload(user_errors=errors)
        return ConsentObjectPayload(
            consents=await views_of(info, "Consent", [each.consent for each in ended]),
            **rows_of(ended),
        )


async def _request(actor: Any, input: ConsentRequestInput) -> Any:
    customer, notice = key_of(input.customer_id, "Customer"), key_of(input.notice_id, "Notice")
    return await consents.request(
        customer, input.categories, input.purpose, notice, by=actor, expires_at=input.expires_at
    )
