"""How a customer can be reached."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from policies.asker import Asker
from procedures.own import Wanted, own_data
from procedures.own import contact_point as contact_points
from schema.consent import Consent
from schema.enums import ContactKind
from schema.legal_hold import HELD
from schema.own_change import REVISION, removed
from schema.reading import (
    PROVENANCE,
    Context,
    Guarded,
    Plain,
    Provenance,
    Released,
    UserError,
    all_shown,
    answered,
    asker_of,
    attempt,
    errors,
    key_of,
    recorded,
    shown,
)
from schema.reading import value as kept


@recorded
@strawberry.type(description="One way to reach a customer.")
class ContactPoint(Released, Guarded):
    """The category `contact`."""

    kind: ContactKind | None = kept("By what means it reaches the customer.")
    value: str | None = kept("An e-mail address or a telephone number.")
    verified_at: datetime | None = kept("When the customer was last reached by it to check it.")
    provenance: Provenance | None = kept(PROVENANCE)


@strawberry.input(description="A contact point to send a code to.")
class ContactPointVerifyInput:
    """The contact point."""

    contact_point_id: strawberry.ID = strawberry.field(description="The contact point.")


@strawberry.type(description="A code on its way.")
class ContactPointVerifyPayload(Plain):
    """The contact point, and how long the code is good."""

    contact_point: ContactPoint | None = strawberry.field(
        default=None, description="The contact point that the code was sent to."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="Until when the code is good.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A code that came back.")
class ContactPointConfirmInput:
    """The contact point, and the code that was sent to it."""

    contact_point_id: strawberry.ID = strawberry.field(description="The contact point.")
    code: str = strawberry.field(description="The code of the latest message.")


@strawberry.type(description="A contact point confirmed.")
class ContactPointConfirmPayload(Plain):
    """The contact point, and what its owner said by the code."""

    contact_point: ContactPoint | None = strawberry.field(
        default=None, description="The contact point, verified."
    )
    consents: list[Consent] | None = strawberry.field(
        default=None, description="What was consented to with this code, by double opt-in."
    )
    user_errors: list[UserError] = errors()


@strawberry.input(description="A contact point of one's own to add.")
class ContactPointAddInput:
    """The row."""

    customer_id: strawberry.ID = strawberry.field(description="Whose.")
    kind: ContactKind = strawberry.field(description="By what means it reaches the customer.")
    value: str = strawberry.field(
        description="An e-mail address, or a telephone number with its country's code."
    )


@strawberry.type(description="A contact point that was added.")
class ContactPointAddPayload(Plain):
    """The row, as the asker may see it."""

    contact_point: ContactPoint | None = strawberry.field(default=None, description="The contact point.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A contact point of one's own, as it is to be; what is left out is empty.")
class ContactPointChangeInput:
    """The row."""

    contact_point_id: strawberry.ID = strawberry.field(description="The contact point.")
    kind: ContactKind = strawberry.field(description="By what means it reaches the customer.")
    value: str = strawberry.field(
        description="An e-mail address, or a telephone number with its country's code."
    )
    revision: int | None = strawberry.field(default=None, description=REVISION)


@strawberry.type(description="A contact point that was changed, and is verified no more.")
class ContactPointChangePayload(Plain):
    """The row, as the asker may see it."""

    contact_point: ContactPoint | None = strawberry.field(default=None, description="The contact point.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A contact point of one's own to remove.")
class ContactPointRemoveInput:
    """The row."""

    contact_point_id: strawberry.ID = strawberry.field(description="The contact point.")
    revision: int | None = strawberry.field(default=None, description=REVISION)


@strawberry.type(description="A contact point that was removed.")
class ContactPointRemovePayload(Plain):
    """Which."""

    removed_id: strawberry.ID | None = strawberry.field(
        default=None, description="The identifier of what is gone."
    )
    held_rows: int | None = strawberry.field(default=None, description=HELD)
    user_errors: list[UserError] = errors()


@strawberry.type
class ContactPointMutations:
    """What can be done about contact points."""

    @strawberry.mutation(description="Send a code to a contact point; codes sent there before are void.")
    async def contact_point_verify(
        self,
        info: Info[Context, None],
        input: Annotated[ContactPointVerifyInput, strawberry.argument(description="What to do.")],
    ) -> ContactPointVerifyPayload:
        """Verify a contact point."""
        done, errors = await attempt(_verify(asker_of(info), input), info.context.asker)
        if done is None:
            return ContactPointVerifyPayload(user_errors=errors)
        point, until = done
        seen = await shown(info, "ContactPoint", "contactPoint", point)
        return ContactPointVerifyPayload(contact_point=seen, expires_at=until)

    @strawberry.mutation(
        description="Take a code that came back: the contact point reaches its owner, who consents to what was asked for with it."
    )
    async def contact_point_confirm(
        self,
        info: Info[Context, None],
        input: Annotated[ContactPointConfirmInput, strawberry.argument(description="What to do.")],
    ) -> ContactPointConfirmPayload:
        """Confirm a contact point."""
        done, errors = await attempt(
            _confirm(asker_of(info), input, info.context.address), info.context.asker
        )
        if done is None:
            return ContactPointConfirmPayload(user_errors=errors)
        point, given = done
        return ContactPointConfirmPayload(
            contact_point=await shown(info, "ContactPoint", "contactPoint", point),
            consents=await all_shown(info, "Consent", "consents", given),
        )

    @strawberry.mutation(
        description="Add a contact point of one's own; one that is there already is not added twice."
    )
    async def contact_point_add(
        self,
        info: Info[Context, None],
        input: Annotated[ContactPointAddInput, strawberry.argument(description="What to do.")],
    ) -> ContactPointAddPayload:
        """Add a contact point."""
        work = _add(asker_of(info), input)
        return ContactPointAddPayload(**await answered(info, "ContactPoint", "contact_point", work))

    @strawberry.mutation(description="Change a contact point of one's own.")
    async def contact_point_change(
        self,
        info: Info[Context, None],
        input: Annotated[ContactPointChangeInput, strawberry.argument(description="What to do.")],
    ) -> ContactPointChangePayload:
        """Change a contact point."""
        work = _change(asker_of(info), input)
        return ContactPointChangePayload(**await answered(info, "ContactPoint", "contact_point", work))

    @strawberry.mutation(description="Remove a contact point of one's own.")
    async def contact_point_remove(
        self,
        info: Info[Context, None],
        input: Annotated[ContactPointRemoveInput, strawberry.argument(description="What to do.")],
    ) -> ContactPointRemovePayload:
        """Remove a contact point."""
        done = await removed(
            info, contact_points.remove, "ContactPoint", input.contact_point_id, input.revision
        )
        return ContactPointRemovePayload(**done)


async def _add(asker: Asker, input: ContactPointAddInput) -> Any:
    customer = key_of(input.customer_id, "Customer")
    return await contact_points.add(customer, _wanted(input), by=asker)


async def _change(asker: Asker, input: ContactPointChangeInput) -> Any:
    row = key_of(input.contact_point_id, "ContactPoint")
    return await contact_points.change(row, _wanted(input), by=asker, revision=input.revision)


def _wanted(input: ContactPointAddInput | ContactPointChangeInput) -> Wanted:
    return own_data.contact_point(input.kind, input.value)


async def _verify(asker: Asker, input: ContactPointVerifyInput) -> Any:
    return await contact_points.verify(key_of(input.contact_point_id, "ContactPoint"), by=asker)


async def _confirm(asker: Asker, input: ContactPointConfirmInput, address: str) -> Any:
    point = key_of(input.contact_point_id, "ContactPoint")
    return await contact_points.confirm(point, input.code, by=asker, address=address)
