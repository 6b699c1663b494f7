"""Leaving, and the certificate of what was erased."""

from __future__ import annotations

from typing import Annotated, Any

from policies.actor import Actor
from procedures.leaving import certificate as certificates
from procedures.leaving import withdrawal as withdrawals
from schema.reading import OwnId, Plain, mutation, object_type, query, value


@object_type
class RowCount(Plain):
    """A number of rows of one table."""

    of: str = value("The name of the table.")
    rows: int = value("The number of rows.")


@object_type
class WithdrawalPreview(Plain):
    """What `withdrawalBegin` would do."""

    erased: list[RowCount] = value("The rows that would be erased.")
    held: list[RowCount] = value(
        "The rows that a legal hold would keep, or already keeps; `legalHolds` has the reasons."
    )


@object_type
class Certificate(Plain):
    """A certificate of erasure; it names no person."""

    json: str = value(
        "The certificate as JSON: the ledger's entry with its inclusion proof, which docs/verify_ledger.py verifies."
    )
    html: str = value("The certificate as an HTML page.")


@query
async def withdrawal_preview(customer_id: OwnId, *, by: Actor) -> WithdrawalPreview:
    """What `withdrawalBegin` would erase; nothing is changed."""
    counted = await withdrawals.preview(customer_id, by=by)
    erased, held = ([RowCount(of=name, rows=rows) for name, rows in each.items()] for each in counted)
    return WithdrawalPreview(erased=erased, held=held)


@query
async def withdrawal_certificate(
    token: Annotated[str, "The token from `withdrawalBegin`."],
) -> Certificate | None:
    """The certificate of an erasure, for anybody who has its token; null if there is none."""
    found = await certificates.by_token(token)
    return None if found is None else Certificate(json=found, html=certificates.page(found))


@mutation(
    "The result of leaving; the session has ended.",
    {
        "certificate_token": (
            str,
            "Gives anybody who has it the certificate (`withdrawalCertificate`); shown only once.",
        )
    },
    input="The customer who leaves.",
)
async def withdrawal_begin(
    customer_id: OwnId,
    number: Annotated[str, "Your customer number, typed again as confirmation."],
    suppress: Annotated[
        bool,
        "Whether to keep a keyed hash of your addresses, and nothing else, so that you are not registered or "
        "written to again.",
    ] = False,
    *,
    by: Actor,
) -> Any:
    """Leave: everything about you is erased at once, and you get a certificate."""
    return (await withdrawals.begin(customer_id, number, by=by, suppress=suppress)).token
