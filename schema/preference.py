"""What a customer wants to hear about."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from policies.asker import Asker
from procedures.own import Wanted, own_data
from procedures.own import preference as preferences
from schema.enums import ContactChannel
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
    answered,
    asker_of,
    errors,
    key_of,
    recorded,
    value,
)


@recorded
@strawberry.type(description="One wish of a customer; without a wish there is silence.")
class Preference(Released, Guarded):
    """The category `preference`."""

    channel: ContactChannel | None = value("By which channel.")
    topic: str | None = value("About what.")
    monthly_limit: int | None = value("How many messages a month at most.")
    hours: str | None = value("At what hours of the day, e.g. 09:00-17:00.")
    provenance: Provenance | None = value(PROVENANCE)


@strawberry.input(description="A wish of one's own to add.")
class PreferenceAddInput:
    """The row."""

    customer_id: strawberry.ID = strawberry.field(description="Whose.")
    channel: ContactChannel = strawberry.field(description="By which channel.")
    topic: str = strawberry.field(description="About what.")
    monthly_limit: int = strawberry.field(description="How many messages a month at most.")
    hours: str | None = strawberry.field(
        default=None, description="At what hours of the day, e.g. 09:00-17:00."
    )


@strawberry.type(description="A wish that was added.")
class PreferenceAddPayload(Plain):
    """The row, as the asker may see it."""

    preference: Preference | None = strawberry.field(default=None, description="The wish.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A wish of one's own, as it is to be; what is left out is empty.")
class PreferenceChangeInput:
    """The row."""

    preference_id: strawberry.ID = strawberry.field(description="The wish.")
    channel: ContactChannel = strawberry.field(description="By which channel.")
    topic: str = strawberry.field(description="About what.")
    monthly_limit: int = strawberry.field(description="How many messages a month at most.")
    hours: str | None = strawberry.field(
        default=None, description="At what hours of the day, e.g. 09:00-17:00."
    )
    revision: int | None = strawberry.field(default=None, description=REVISION)


@strawberry.type(description="A wish that was changed, and is verified no more.")
class PreferenceChangePayload(Plain):
    """The row, as the asker may see it."""

    preference: Preference | None = strawberry.field(default=None, description="The wish.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="A wish of one's own to remove.")
class PreferenceRemoveInput:
    """The row."""

    preference_id: strawberry.ID = strawberry.field(description="The wish.")
    revision: int | None = strawberry.field(default=None, description=REVISION)


@strawberry.type(description="A wish that was removed.")
class PreferenceRemovePayload(Plain):
    """Which."""

    removed_id: strawberry.ID | None = strawberry.field(
        default=None, description="The identifier of what is gone."
    )
    held_rows: int | None = strawberry.field(default=None, description=HELD)
    user_errors: list[UserError] = errors()


@strawberry.type
class PreferenceMutations:
    """What can be done about wishes."""

    @strawberry.mutation(description="Add a wish of one's own; one that is there already is not added twice.")
    async def preference_add(
        self,
        info: Info[Context, None],
        input: Annotated[PreferenceAddInput, strawberry.argument(description="What to do.")],
    ) -> PreferenceAddPayload:
        """Add a wish."""
        work = _add(asker_of(info), input)
        return PreferenceAddPayload(**await answered(info, "Preference", "preference", work))

    @strawberry.mutation(description="Change a wish of one's own.")
    async def preference_change(
        self,
        info: Info[Context, None],
        input: Annotated[PreferenceChangeInput, strawberry.argument(description="What to do.")],
    ) -> PreferenceChangePayload:
        """Change a wish."""
        work = _change(asker_of(info), input)
        return PreferenceChangePayload(**await answered(info, "Preference", "preference", work))

    @strawberry.mutation(description="Remove a wish of one's own.")
    async def preference_remove(
        self,
        info: Info[Context, None],
        input: Annotated[PreferenceRemoveInput, strawberry.argument(description="What to do.")],
    ) -> PreferenceRemovePayload:
        """Remove a wish."""
        done = await removed(info, preferences.remove, "Preference", input.preference_id, input.revision)
        return PreferenceRemovePayload(**done)


async def _add(asker: Asker, input: PreferenceAddInput) -> Any:
    customer = key_of(input.customer_id, "Customer")
    return await preferences.add(customer, _wanted(input), by=asker)


async def _change(asker: Asker, input: PreferenceChangeInput) -> Any:
    row = key_of(input.preference_id, "Preference")
    return await preferences.change(row, _wanted(input), by=asker, revision=input.revision)


def _wanted(input: PreferenceAddInput | PreferenceChangeInput) -> Wanted:
    return own_data.preference(input.channel, input.topic, input.monthly_limit, input.hours)
