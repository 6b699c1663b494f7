"""Leaving, and the certificate of what was erased."""

from __future__ import annotations

from typing import Annotated

import strawberry

from procedures.leaving import certificate as certificates
from procedures.leaving import withdrawal as withdrawals
from schema.reading import ContextInfo, Input, Payload, Plain, actor_of, attempt, key_of


@strawberry.input(description="The customer who leaves.")
class WithdrawalBeginInput:
    """Who, the number typed again, and what is to remain."""

    customer_id: strawberry.ID = strawberry.field(description="The identifier of your own record.")
    number: str = strawberry.field(description="Your customer number, typed again as confirmation.")
    suppress: bool = strawberry.field(
        default=False,
        description="Whether to keep a keyed hash of your addresses, and nothing else, so that you are "
        "not registered or written to again.",
    )


@strawberry.type(description="A number of rows of one table.")
class RowCount(Plain):
    """A kind and a number."""

    of: str = strawberry.field(description="The name of the table.")
    rows: int = strawberry.field(description="The number of rows.")


@strawberry.type(description="What `withdrawalBegin` would do.")
class WithdrawalPreview(Plain):
    """Counts, before anything is done."""

    erased: list[RowCount] = strawberry.field(description="The rows that would be erased.")
    held: list[RowCount] = strawberry.field(
        description="The rows that a legal hold would keep, or already keeps; `legalHolds` has the reasons."
    )


@strawberry.type(description="The result of leaving; the session has ended.")
class WithdrawalBeginPayload(Payload):
    """What shows the certificate."""

    certificate_token: str | None = strawberry.field(
        default=None,
        description="Gives anybody who has it the certificate (`withdrawalCertificate`); shown only once.",
    )


@strawberry.type(description="A certificate of erasure; it names no person.")
class Certificate(Plain):
    """The certificate in two forms."""

    json: str = strawberry.field(
        description="The certificate as JSON: the ledger's entry with its inclusion proof, which "
        "docs/verify_ledger.py verifies."
    )
    html: str = strawberry.field(description="The certificate as an HTML page.")


@strawberry.type
class WithdrawalQueries:
    """What can be asked about leaving."""

    @strawberry.field(description="What `withdrawalBegin` would erase; nothing is changed.")
    async def withdrawal_preview(
        self,
        info: ContextInfo,
        customer_id: Annotated[
            strawberry.ID, strawberry.argument(description="The identifier of your own record.")
        ],
    ) -> WithdrawalPreview:
        """Count."""
        actor = actor_of(info)
        counted, _ = await attempt(withdrawals.preview(key_of(customer_id, "Customer"), by=actor), actor)
        erased, held = ([RowCount(of=name, rows=rows) for name, rows in each.items()] for each in counted)
        return WithdrawalPreview(erased=erased, held=held)

    @strawberry.field(
        description="The certificate of an erasure, for anybody who has its token; null if there is none."
    )
    async def withdrawal_certificate(
        self,
        info: ContextInfo,
        token: Annotated[str, strawberry.argument(description="The token from `withdrawalBegin`.")],
    ) -> Certificate | None:
        """Show a certificate."""
        certificate = await certificates.by_token(token)
        if certificate is None:
            return None
        return Certificate(json=certificate, html=certificates.page(certificate))


@strawberry.type
class WithdrawalMutations:
    """What can be done about leaving."""

    @strawberry.mutation(
        description="Leave: everything about you is erased at once, and you get a certificate."
    )
    async def withdrawal_begin(
        self, info: ContextInfo, input: Input[WithdrawalBeginInput]
    ) -> WithdrawalBeginPayload:
        """Withdraw."""
        actor = actor_of(info)
        leave = withdrawals.begin(
            key_of(input.customer_id, "Customer"), input.number, by=actor, suppress=input.suppress
        )
        withdrawal, errors = await attempt(leave, actor)
        return WithdrawalBeginPayload(certificate_token=withdrawal and withdrawal.token, user_errors=errors)
