"""All consents to a category, or all for a purpose, withdrawn by one word; and what that would do."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import Category, Purpose
from policies.actor import Actor
from procedures.consent import Counts, Which, consents
from schema.consent import Consent
from schema.legal_hold import HELD
from schema.reading import Context, Plain, UserError, actor_of, all_shown, attempt, errors, key_of

CATEGORY = "All to this category, for whatever purpose: its data are erased."
PURPOSE = "All for this purpose: data of a category that is consented to for another stay for that one alone."


@strawberry.input(description="The consents to withdraw: name a category or a purpose, and not both.")
class ConsentsWithdrawInput:
    """Whose, and which."""

    customer_id: strawberry.ID = strawberry.field(description="Whose consents.")
    category: Category | None = strawberry.field(default=None, description=CATEGORY)
    purpose: Purpose | None = strawberry.field(default=None, description=PURPOSE)


@strawberry.type(description="How many rows of one category.")
class CategoryRows(Plain):
    """A category and a number."""

    category: Category = strawberry.field(description="Which category.")
    rows: int = strawberry.field(description="How many.")


@strawberry.type(description="The consents that were withdrawn, and what became of the data.")
class ConsentsWithdrawPayload(Plain):
    """The consents, with their receipts below them, and the rows that rested on them."""

    consents: list[Consent] | None = strawberry.field(
        default=None, description="Each in its new state, with its receipts; none where none stood."
    )
    erased: list[CategoryRows] | None = strawberry.field(default=None, description="What was erased.")
    kept: list[CategoryRows] | None = strawberry.field(
        default=None, description="What stays, because another consent to the category stands."
    )
    held: list[CategoryRows] | None = strawberry.field(default=None, description=HELD)
    user_errors: list[UserError] = errors()


@strawberry.type(description="What withdrawing several consents would do.")
class ConsentsWithdrawalPreview(Plain):
    """Counts, before anything is done."""

    consents: int = strawberry.field(description="How many consents would end.")
    erased: list[CategoryRows] = strawberry.field(description="What would be erased.")
    kept: list[CategoryRows] = strawberry.field(
        description="What would stay, because another consent to the category stands."
    )
    held: list[CategoryRows] = strawberry.field(
        description="What the law would hold back, out of everybody's reach."
    )


@strawberry.type
class ConsentsQueries:
    """What can be asked about withdrawing several consents."""

    @strawberry.field(description="What `consentsWithdraw` would do; nothing is done.")
    async def consents_withdrawal_preview(
        self,
        info: Info[Context, None],
        customer_id: Annotated[strawberry.ID, strawberry.argument(description="Your own record.")],
        category: Annotated[Category | None, strawberry.argument(description=CATEGORY)] = None,
        purpose: Annotated[Purpose | None, strawberry.argument(description=PURPOSE)] = None,
    ) -> ConsentsWithdrawalPreview:
        """Count."""
        actor, customer, which = actor_of(info), key_of(customer_id, "Customer"), Which(category, purpose)
        found, _ = await attempt(consents.preview(customer, which, by=actor), actor)
        return ConsentsWithdrawalPreview(
            consents=len(found.consents),
            erased=_rows(found.erased),
            kept=_rows(found.kept),
            held=_rows(found.held),
        )


@strawberry.type
class ConsentsMutations:
    """What can be done about several consents."""

    @strawberry.mutation(
        description="Withdraw all consents to a category, or all for a purpose; a category without any left is erased."
    )
    async def consents_withdraw(
        self,
        info: Info[Context, None],
        input: Annotated[ConsentsWithdrawInput, strawberry.argument(description="What to do.")],
    ) -> ConsentsWithdrawPayload:
        """Withdraw consents."""
        done, errors = await attempt(_withdraw(actor_of(info), input), info.context.actor)
        if done is None:
            return ConsentsWithdrawPayload(user_errors=errors)
        seen = await all_shown(info, "Consent", "consents", done.consents)
        return ConsentsWithdrawPayload(
            consents=seen, erased=_rows(done.erased), kept=_rows(done.kept), held=_rows(done.held)
        )


async def _withdraw(actor: Actor, input: ConsentsWithdrawInput) -> Any:
    which = Which(input.category, input.purpose)
    return await consents.withdraw(key_of(input.customer_id, "Customer"), which, by=actor)


def _rows(counts: Counts) -> list[CategoryRows]:
    return [CategoryRows(category=category, rows=rows) for category, rows in sorted(counts.items())]
