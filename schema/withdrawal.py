"""Leaving, and the certificate of what was erased."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry.types import Info

from procedures.leaving import certificate as certificates
from procedures.leaving import withdrawal as withdrawals
from schema.reading import Context, Plain, UserError, actor_of, attempt, errors, key_of


@strawberry.input(description="A customer who leaves.")
class WithdrawalBeginInput:
    """Who, the number typed again, and what is to remain."""

    customer_id: strawberry.ID = strawberry.field(description="Your own record.")
    number: str = strawberry.field(description="Your number, typed again: everything will be erased.")
    suppress: bool = strawberry.field(
        default=False,
        description="Keep a keyed hash of your addresses, and nothing else, so that nobody takes you in or writes to you "
        "again.",
    )


@strawberry.type(description="How many rows of one kind.")
class RowCount(Plain):
    """A kind and a number."""

    of: str = strawberry.field(description="Which kind: the name of its table.")
    rows: int = strawberry.field(description="How many.")


@strawberry.type(description="What leaving would erase, and what the law would hold back.")
class WithdrawalPreview(Plain):
    """Counts, before anything is done."""

    erased: list[RowCount] = strawberry.field(description="What would be erased.")
    held: list[RowCount] = strawberry.field(
        description="What would be held back, or is already; `legalHolds` tells why."
    )


@strawberry.type(description="A customer left; the session is over.")
class WithdrawalBeginPayload(Plain):
    """What shows the certificate."""

    certificate_token: str | None = strawberry.field(
        default=None,
        description="Shows the certificate to whoever has it; told here and never again.",
    )
    user_errors: list[UserError] = errors()


@strawberry.type(description="What certifies an erasure; the ledger's entry in it names no person.")
class Certificate(Plain):
    """The certificate in two forms."""

    json: str = strawberry.field(
        description="The entry with the proof that it is in the ledger, for docs/verify_ledger.py."
    )
    html: str = strawberry.field(description="The same for people, as one page.")


@strawberry.type
class WithdrawalQueries:
    """What can be asked about leaving."""

    @strawberry.field(description="What leaving would erase; nothing is done.")
    async def withdrawal_preview(
        self,
        info: Info[Context, None],
        customer_id: Annotated[strawberry.ID, strawberry.argument(description="Your own record.")],
    ) -> WithdrawalPreview:
        """Count."""
        actor = actor_of(info)
        counted, _ = await attempt(withdrawals.preview(key_of(customer_id, "Customer"), by=actor), actor)
        erased, held = ([RowCount(of=name, rows=rows) for name, rows in each.items()] for each in counted)
        return WithdrawalPreview(erased=erased, held=held)

    @strawberry.field(
        description="The certificate of an erasure, for whoever has its token; null while there is none."
    )
    async def withdrawal_certificate(
        self,
        info: Info[Context, None],
        token: Annotated[str, strawberry.argument(description="What `withdrawalBegin` told.")],
    ) -> Certificate | None:
        """Show a certificate."""
        found = await certificates.shown(token)
        return None if found is None else Certificate(json=found, html=certificates.page(found))


@strawberry.type
class WithdrawalMutations:
    """What can be done about leaving."""

    @strawberry.mutation(description="Leave: everything about you is erased, now, and that is certified.")
    async def withdrawal_begin(
        self,
        info: Info[Context, None],
        input: Annotated[WithdrawalBeginInput, strawberry.argument(description="What to do.")],
    ) -> WithdrawalBeginPayload:
        """Withdraw."""
        actor = actor_of(info)
        leave = withdrawals.begin(
            key_of(input.customer_id, "Customer"), input.number, by=actor, suppress=input.suppress
        )
        done, errors = await attempt(leave, actor)
        return WithdrawalBeginPayload(certificate_token=done and done.token, user_errors=errors)
