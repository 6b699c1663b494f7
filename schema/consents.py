"""All consents to a category, or all for a purpose, withdrawn by one word; and what that would do."""

from __future__ import annotations

from typing import Annotated, Any

from models import Category, Purpose
from policies.actor import Actor
from procedures.consent import ConsentFilter, Counts, consents
from schema.consent import Consent
from schema.instruction import RECORDED, Evidence
from schema.legal_hold import HELD
from schema.reading import CustomerId, OwnId, Plain, mutation, object_type, query, value

CATEGORY = "All consents to this category, whatever the purpose; its data are erased."
PURPOSE = "All consents for this purpose; a category that has a consent for another purpose is kept."


@object_type
class CategoryRows(Plain):
    """A number of rows of one category."""

    category: Category = value("The category.")
    rows: int = value("The number of rows.")


@object_type
class ConsentsWithdrawalPreview(Plain):
    """What `consentsWithdraw` would do."""

    consents: int = value("How many consents would be withdrawn.")
    erased: list[CategoryRows] = value("The rows that would be erased.")
    kept: list[CategoryRows] = value(
        "The rows that would be kept, because another consent to the category is in force."
    )
    held: list[CategoryRows] = value(
        "The rows that a legal hold would keep from erasure; nobody could read them."
    )


CategoryOrNone = Annotated[Category | None, CATEGORY]
PurposeOrNone = Annotated[Purpose | None, PURPOSE]


@query
async def consents_withdrawal_preview(
    customer_id: OwnId, category: CategoryOrNone = None, purpose: PurposeOrNone = None, *, by: Actor
) -> ConsentsWithdrawalPreview:
    """What `consentsWithdraw` would do; nothing is changed."""
    counts = await consents.preview(customer_id, ConsentFilter(category, purpose), by=by)
    return ConsentsWithdrawalPreview(
        consents=len(counts.consents),
        erased=_rows(counts.erased),
        kept=_rows(counts.kept),
        held=_rows(counts.held),
    )


@mutation(
    "The withdrawn consents, and how much was erased with them; or the instruction that waits.",
    {
        "consents": (
            list[Consent],
            "The withdrawn consents, in their new states; empty if none was in force.",
        ),
        "erased": (list[CategoryRows], "The rows that were erased."),
        "kept": (
            list[CategoryRows],
            "The rows that were kept, because another consent to the category is in force.",
        ),
        "held": (list[CategoryRows], HELD),
    }
    | RECORDED,
    input="The consents to withdraw: all to a category or all for a purpose, not both.",
    as_given=True,
    creates=True,
)
async def consents_withdraw(
    customer_id: CustomerId,
    category: CategoryOrNone = None,
    purpose: PurposeOrNone = None,
    evidence: Evidence = None,
    *,
    by: Actor,
) -> Any:
    """Withdraw all consents to a category, or all for a purpose.

    The data of a category without any consent left are erased. What an employee says suspends the consents, and waits
    until a second person approves it.
    """
    ended = await consents.withdraw(customer_id, ConsentFilter(category, purpose), by=by, evidence=evidence)
    if ended.instruction:
        return None, None, None, None, ended.instruction
    return ended.consents, _rows(ended.erased), _rows(ended.kept), _rows(ended.held), None


def _rows(counts: Counts) -> list[CategoryRows]:
    return [CategoryRows(category=category, rows=rows) for category, rows in sorted(counts.items())]
