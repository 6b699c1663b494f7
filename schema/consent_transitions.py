"""What becomes of a consent besides being given and withdrawn: asked for, answered, ended by others, objected to."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import Category, Purpose
from procedures import consent as consents
from schema.consent import Consent
from schema.legal_hold import HELD
from schema.reading import Context, Plain, UserError, actor_of, all_shown, attempt, errors, key_of, shown

THAT = "The consent, in its new state."
ERASED = "How many rows of personal data were erased."
KEPT = "How many stay, because another consent to the category stands."


@strawberry.input(description="What a customer is asked to consent to.")
class ConsentRequestInput:
    """One purpose, several categories."""

    customer_id: strawberry.ID = strawberry.field(description="Who is asked.")
    categories: list[Category] = strawberry.field(description="To what; each is answered by itself.")
    purpose: Purpose = strawberry.field(description="What for.")
    notice_id: strawberry.ID = strawberry.field(description="The notice that the customer is shown.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="Until when consent would last; two years if not given."
    )


@strawberry.type(description="Requests that wait for the customer's answers.")
class ConsentRequestPayload(Plain):
    """The consents asked for, as the actor may see them."""

    consents: list[Consent] | None = strawberry.field(
        default=None, description="The requests, one for each category."
    )
    user_errors: list[UserError] = errors()


@strawberry.input(description="A request whose answer is put off.")
class ConsentDeferInput:
    """The request."""

    consent_id: strawberry.ID = strawberry.field(description="The consent asked for.")


@strawberry.type(description="A request put off.")
class ConsentDeferPayload(Plain):
    """The request."""

    consent: Consent | None = strawberry.field(default=None, description=THAT)
    user_errors: list[UserError] = errors()


@strawberry.input(description="A request to answer with no.")
class ConsentRefuseInput:
    """The request."""

    consent_id: strawberry.ID = strawberry.field(description="The consent asked for.")


@strawberry.type(description="A request refused.")
class ConsentRefusePayload(Plain):
    """The request."""

    consent: Consent | None = strawberry.field(default=None, description=THAT)
    user_errors: list[UserError] = errors()


@strawberry.input(description="A consent to end for somebody other than the customer.")
class ConsentRevokeInput:
    """The consent."""

    consent_id: strawberry.ID = strawberry.field(description="The consent.")


@strawberry.type(description="A consent revoked, and what was erased with it.")
class ConsentRevokePayload(Plain):
    """The consent and the rows that rested on it."""

    consent: Consent | None = strawberry.field(default=None, description=THAT)
    erased_rows: int | None = strawberry.field(default=None, description=ERASED)
    kept_rows: int | None = strawberry.field(default=None, description=KEPT)
    held_rows: int | None = strawberry.field(default=None, description=HELD)
    user_errors: list[UserError] = errors()


@strawberry.input(description="A consent that turned out never to have been valid.")
class ConsentInvalidateInput:
    """The consent."""

    consent_id: strawberry.ID = strawberry.field(description="The consent.")


@strawberry.type(description="A consent found invalid, and what was erased with it.")
class ConsentInvalidatePayload(Plain):
    """The consent and the rows that rested on it."""

    consent: Consent | None = strawberry.field(default=None, description=THAT)
    erased_rows: int | None = strawberry.field(default=None, description=ERASED)
    kept_rows: int | None = strawberry.field(default=None, description=KEPT)
    held_rows: int | None = strawberry.field(default=None, description=HELD)
    user_errors: list[UserError] = errors()


@strawberry.input(description="A purpose that a customer objects to.")
class ConsentObjectInput:
    """Who objects to what."""

    customer_id: strawberry.ID = strawberry.field(description="Who objects.")
    purpose: Purpose = strawberry.field(description="The purpose.")


@strawberry.type(description="An objection: from now on there is a no to every category for the purpose.")
class ConsentObjectPayload(Plain):
    """What stands on each category, and what was erased."""

    consents: list[Consent] | None = strawberry.field(
        default=None, description="What stands on each category for the purpose."
    )
    erased_rows: int | None = strawberry.field(default=None, description=ERASED)
    kept_rows: int | None = strawberry.field(default=None, description=KEPT)
    held_rows: int | None = strawberry.field(default=None, description=HELD)
    user_errors: list[UserError] = errors()


@strawberry.type
class ConsentTransitionMutations:
    """What else can be done about consents."""

    @strawberry.mutation(description="Ask a customer for consent to one or several categories.")
    async def consent_request(
        self,
        info: Info[Context, None],
        input: Annotated[ConsentRequestInput, strawberry.argument(description="What to do.")],
    ) -> ConsentRequestPayload:
        """Request consent."""
        actor = actor_of(info)
        done, errors = await attempt(_request(actor, input), actor)
        return ConsentRequestPayload(
            consents=await all_shown(info, "Consent", "consents", done), user_errors=errors
        )

    @strawberry.mutation(description="Put the answer to a request off.")
    async def consent_defer(
        self,
        info: Info[Context, None],
        input: Annotated[ConsentDeferInput, strawberry.argument(description="What to do.")],
    ) -> ConsentDeferPayload:
        """Defer a request."""
        work = consents.defer(key_of(input.consent_id, "Consent"), by=actor_of(info))
        return ConsentDeferPayload(**await _answered(info, work))

    @strawberry.mutation(description="Answer a request with no.")
    async def consent_refuse(
        self,
        info: Info[Context, None],
        input: Annotated[ConsentRefuseInput, strawberry.argument(description="What to do.")],
    ) -> ConsentRefusePayload:
        """Refuse a request."""
        work = consents.refuse(key_of(input.consent_id, "Consent"), by=actor_of(info))
        return ConsentRefusePayload(**await _answered(info, work))

    @strawberry.mutation(
        description="End a consent for somebody other than the customer, as withdrawing does."
    )
    async def consent_revoke(
        self,
        info: Info[Context, None],
        input: Annotated[ConsentRevokeInput, strawberry.argument(description="What to do.")],
    ) -> ConsentRevokePayload:
        """Revoke a consent."""
        work = consents.revoke(key_of(input.consent_id, "Consent"), by=actor_of(info))
        return ConsentRevokePayload(**await _ended(info, work))

    @strawberry.mutation(description="End a consent that was never valid, as withdrawing does.")
    async def consent_invalidate(
        self,
        info: Info[Context, None],
        input: Annotated[ConsentInvalidateInput, strawberry.argument(description="What to do.")],
    ) -> ConsentInvalidatePayload:
        """Invalidate a consent."""
        work = consents.invalidate(key_of(input.consent_id, "Consent"), by=actor_of(info))
        return ConsentInvalidatePayload(**await _ended(info, work))

    @strawberry.mutation(
        description="Object to any use for a purpose: what was given is withdrawn, what was not is refused."
    )
    async def consent_object(
        self,
        info: Info[Context, None],
        input: Annotated[ConsentObjectInput, strawberry.argument(description="What to do.")],
    ) -> ConsentObjectPayload:
        """Object to a purpose."""
        actor = actor_of(info)
        work = consents.object(key_of(input.customer_id, "Customer"), input.purpose, by=actor)
        done, errors = await attempt(work, actor)
        if done is None:
            return ConsentObjectPayload(user_errors=errors)
        return ConsentObjectPayload(
            consents=await all_shown(info, "Consent", "consents", [each.consent for each in done]),
            erased_rows=sum(each.erased_rows for each in done),
            kept_rows=sum(each.kept_rows for each in done),
            held_rows=sum(each.held_rows for each in done),
        )


async def _request(actor: Any, input: ConsentRequestInput) -> Any:
    customer, notice = key_of(input.customer_id, "Customer"), key_of(input.notice_id, "Notice")
    return await consents.request(
        customer, input.categories, input.purpose, notice, by=actor, expires_at=input.expires_at
    )


async def _answered(info: Any, work: Awaitable[Any]) -> dict[str, Any]:
    done, errors = await attempt(work, info.context.actor)
    return {"consent": await shown(info, "Consent", "consent", done), "user_errors": errors}


async def _ended(info: Any, work: Awaitable[Any]) -> dict[str, Any]:
    done, errors = await attempt(work, info.context.actor)
    if done is None:
        return {"user_errors": errors}
    consent = await shown(info, "Consent", "consent", done.consent)
    return {
        "consent": consent,
        "erased_rows": done.erased_rows,
        "kept_rows": done.kept_rows,
        "held_rows": done.held_rows,
    }
