"""All consents to a category, or all for a purpose, withdrawn by one word; and what that would do."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from models import Category, Purpose
from policies.actor import Actor
from procedures.consent import ConsentFilter, Counts, consents
from schema.consent import Consent
from schema.legal_hold import HELD
from schema.reading import ContextInfo, Input, Payload, Plain, actor_of, attempt, key_of, views_of

CATEGORY = "All consents to this category, whatever the purpose; its data are erased."
PURPOSE = "All consents for this purpose; a category that has a consent for another purpose is kept."


@strawberry.input(description="The consents to withdraw: all to a category or all for a purpose, not both.")
class ConsentsWithdrawInput:
    """Whose, and which."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    category: Category | None = strawberry.field(default=None, description=CATEGORY)
    purpose: Purpose | None = strawberry.field(default=None, description=PURPOSE)


@strawberry.type(description="A number of rows of one category.")
class CategoryRows(Plain):
    """A category and a number."""

    category: Category = strawberry.field(description="The category.")
    rows: int = strawberry.field(description="The number of rows.")


@strawberry.type(description="The withdrawn consents, and how much was erased with them.")
class ConsentsWithdrawPayload(Payload):
    """The consents, with their receipts below them, and the rows that rested on them."""

    consents: list[Consent] | None = strawberry.field(
        default=None, description="The withdrawn consents, in their new states; empty if none was in force."
    )
    erased: list[CategoryRows] | None = strawberry.field(
        default=None, description="The rows that were erased."
    )
    kept: list[CategoryRows] | None = strawberry.field(
        default=None,
        description="The rows that were kept, because another consent to the category is in force.",
    )
    held: list[CategoryRows] | None = strawberry.field(default=None, description=HELD)


@strawberry.type(description="What `consentsWithdraw` would do.")
class ConsentsWithdrawalPreview(Plain):
    """Counts, before anything is done."""

    consents: int = strawberry.field(description="How many consents would be withdrawn.")
    erased: list[CategoryRows] = strawberry.field(description="The rows that would be erased.")
    kept: list[CategoryRows] = strawberry.field(
        description="The rows that would be kept, because another consent to the category is in force."
    )
    held: list[CategoryRows] = strawberry.field(
        description="The rows that a legal hold would keep from erasure; nobody could read them."
    )


@strawberry.type
class ConsentsQueries:
    """What can be asked about withdrawing several consents."""

    @strawberry.field(description="What `consentsWithdraw` would do; nothing is changed.")
    async def consents_withdrawal_preview(
        self,
        info: ContextInfo,
        customer_id: Annotated[
            strawberry.ID, strawberry.argument(description="The identifier of your own record.")
        ],
        category: Annotated[Category | None, strawberry.argument(description=CATEGORY)] = None,
        purpose: Annotated[Purpose | None, strawberry.argument(description=PURPOSE)] = None,
    ) -> ConsentsWithdrawalPreview:
        """Count."""
        actor, customer, which = (
            actor_of(info),
            key_of(customer_id, "Customer"),
            ConsentFilter(category, purpose),
        )
        counts, _ = await attempt(consents.preview(customer, which, by=actor), actor)
        return ConsentsWithdrawalPreview(
            consents=len(counts.consents),
            erased=_rows(counts.erased),
            kept=_rows(counts.kept),
            held=_rows(counts.held),
        )


@strawberry.type
class ConsentsMutations:
    """What can be done about several consents."""

    @strawberry.mutation(
        description="Withdraw all consents to a category, or all for a purpose. The data of a category "
        "without any consent left are erased."
    )
    async def consents_withdraw(
        self, info: ContextInfo, input: Input[ConsentsWithdrawInput]
    ) -> ConsentsWithdrawPayload:
        """Withdraw consents."""
        withdrawn, errors = await attempt(_withdraw(actor_of(info), input), info.context.actor)
        if withdrawn is None:
            return ConsentsWithdrawPayload(user_errors=errors)
        views = await views_of(info, "Consent", withdrawn.consents)
        return ConsentsWithdrawPayload(
            consents=views,
            erased=_rows(withdrawn.erased),
            kept=_rows(withdrawn.kept),
            held=_rows(withdrawn.held),
        )


async def _withdraw(actor: Actor, input: ConsentsWithdrawInput) -> Any:
    which = ConsentFilter(input.category, input.purpose)
    return await consents.withdraw(key_of(input.customer_id, "Customer"), which, by=actor)


def _rows(counts: Counts) -> list[CategoryRows]:
    return [CategoryRows(category=category, rows=rows) for category, rows in sorted(counts.items())]
