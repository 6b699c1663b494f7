"""What is done with every record about a customer who leaves, column by column.

A record is either erased with its customer, or kept because something needs it, or not about customers at all. Of a
kept record each column has its reason, and whatever could lead back to a person is replaced. `tests/house` walks all
records: one without a rule here, and a column of a kept record without a reason, fail the build.

Not here are the category tables (`PERSONAL`): all their rows are erased, unless the law holds them back.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from tortoise import Model

import models
from models import (
    Access,
    Account,
    Consent,
    Customer,
    CustomerStatus,
    ImportedRow,
    Record,
    Session,
    new_number,
)
from procedures.ledger import authority

Maker = Callable[[], Any]


@dataclass(frozen=True)
class Erased:
    """Rows that are deleted.

    Attributes:
        by: the path from the record to the customer's id, as the query writes it.
        rows: it points at any of the customer's rows, too.
    """

    by: str = "customer_id"
    rows: bool = False


@dataclass(frozen=True)
class Kept:
    """Rows that stay.

    Attributes:
        why: what needs them.
        columns: those that hold nothing about a person.
        replaced: by column, what is written in the place of its value.
        by: the path from the record to the customer's id; empty where nothing is replaced.
        only: of which rows values are replaced, as the query writes it.
    """

    why: str
    columns: frozenset[str]
    replaced: Mapping[str, Maker] = field(default_factory=dict)
    by: str = ""
    only: Mapping[str, Any] = field(default_factory=dict)


def _kept(
    why: str, columns: str, *, by: str = "", only: Mapping[str, Any] | None = None, **replaced: Maker
) -> Kept:
    return Kept(why, frozenset(columns.split()), replaced, by, only or {})


def random_login() -> str:
    """A random login that replaces that of a customer who left."""
    return f"left-{secrets.token_hex(16)}"


ERASED: Final[dict[type[Model], Erased]] = {
    ImportedRow: Erased("record_id", rows=True),
    models.OutsideKey: Erased(),
    Session: Erased("actor__customer_id"),
    models.ClientKey: Erased("actor__customer_id"),
    Access: Erased(),
    models.FormerAddress: Erased(),
    models.Receipt: Erased(),
    models.Message: Erased(),
    models.ContactCode: Erased(),
    models.PasswordCode: Erased(),
    models.Finding: Erased(),
    models.Attestation: Erased(),
    models.Intake: Erased("became"),
    models.BreakGlassCategory: Erased("break_glass__customer_id"),
    models.BreakGlass: Erased(),
    models.TaskReview: Erased(),
    models.ScanPart: Erased(),
    models.Scan: Erased(),
    models.Request: Erased(),
    models.Instruction: Erased(),
    models.Dictation: Erased(),
    models.ExportChunk: Erased("export__customer_id"),
    models.Export: Erased(),
    models.RecoveryCode: Erased("totp__actor__customer_id"),
    models.Totp: Erased("actor__customer_id"),
}

KEPT: Final[dict[type[Model], Kept]] = {
    Customer: _kept(
        "the anchor that consents, tasks and the ledger point at",
        "id restricted created_at",
        by="id",
        number=new_number,
        status=lambda: CustomerStatus.WITHDRAWN,
    ),
    Account: _kept(
        "the history of consents names it",
        "id kind customer_id created_at",
        by="customer_id",
        login=random_login,
        password_hash=lambda: None,
        active=lambda: False,
    ),
    Consent: _kept(
        "that there was consent, and until when, must be demonstrable",
        "id customer_id revision category purpose notice_id state permits denies collection_method expires_at created_at"
        " recorded_by_id officers_told suspended_by_id",
        by="customer_id",
        content=lambda: None,
        code=lambda: None,
    ),
    models.ConsentEvent: _kept("the same", "id consent_id state by_id at"),
    models.Task: _kept(
        "who was to do what, of nobody in particular",
        "id customer_id purpose assignee_id agreement_id status opened_by_id opened_at due_at"
        " extended_at handed_back_at occasion closed_at outcome priority revision",
        by="customer_id",
        content=lambda: None,
    ),
    models.Erasure: _kept(
        "restored backups are erased again", "id customer_id category successor at rows completed_at"
    ),
    models.Withdrawal: _kept(
        "the same, and the certificate",
        "id customer_id step at completed_at token_hash counts entry certificate",
    ),
    models.LegalHold: _kept(
        "why something was not erased at once",
        "id customer_id revision category reason placed_by_id placed_at until ended_at erased_at",
        by="customer_id",
        only={"ended_at__isnull": False},
        content=lambda: None,
    ),
    models.HeldRow: _kept(
        "the law asks for it, and they go when the hold ends",
        "id hold_id held_table row_id revision content plain",
    ),
    models.Disclosure: _kept(
        "what was given to whoever the law lets ask, until it is told and after",
        "id hold_id customer_id category recipient roles at secrecy notify_at notified_at",
    ),
    models.Obligation: _kept(
        "what partners owe",
        "id partner_id kind customer_id category record_id request_id created_at due_at acknowledged_at acknowledged_by_id",
    ),
    models.Difference: _kept(
        "how a field was decided wrongly; the record in which it was seen is an identifier",
        "id field granted policy row_id actor_id found_at notified_at settled_at settled_by_id settlement",
    ),
    models.MissedLookup: _kept(
        "who asked for what was not found; no row says what was looked for",
        "id actor_id caller_id kind at purposes lookups asked found counted refused_until alarm notified_at",
    ),
    models.DeskLookup: _kept(
        "who looked people up at the desk, and how often; no row says whom, or what for",
        "id actor_id at way found counted alarm notified_at",
    ),
    models.Suppression: _kept(
        "nobody who left is brought back by a file; whoever wished it is not taken in at all",
        "id bucket digest imports_only at",
    ),
    models.DepartedKey: _kept("the same", "id digest"),
}

#: Records that are not about customers.
ELSEWHERE: Final[frozenset[type[Model]]] = frozenset(
    {
        models.AccessChange, models.Agreement, models.AgreementTerm, models.Checkpoint, models.ClockDoubt, models.ClockReading, models.Employee,
        models.EmployeeRole, models.LedgerEntry, models.LedgerHead, models.Notice, models.Partner,
        models.PartnerClient, models.Submission,
    }
)  # fmt: skip


async def rows(customer_id: UUID) -> list[UUID]:
    """The identifiers of all of a customer's rows in the category tables; to be called before they are erased."""
    return [
        row["id"]
        for model in models.PERSONAL.values()
        for row in await model.filter(customer_id=customer_id).values("id")
    ]


async def erase(customer_id: UUID, rows: list[UUID]) -> dict[str, int]:
    """Erase every trace of a customer but the category tables, in the transaction under way.

    Returns:
        By table, how many rows were deleted.
    """
    counts = {}
    for model, rule in ERASED.items():
        ids = [customer_id, *rows] if rule.rows else [customer_id]
        counts[authority.table(model)] = await model.filter(**{f"{rule.by}__in": ids}).delete()
    for model, kept in KEPT.items():
        if kept.replaced:
            values = {column: make() for column, make in kept.replaced.items()}
            await model.filter(**{kept.by: customer_id}, **kept.only).update(**values)
    return counts


async def deciding(customer_id: UUID) -> dict[type[Record], list[UUID]]:
    """The rows that decide on access and are erased or changed when a customer leaves; to be called before that."""
    paths = {model: rule.by for model, rule in ERASED.items()} | {
        model: kept.by for model, kept in KEPT.items() if kept.replaced
    }
    return {
        record: [row["id"] for row in await record.filter(**{paths[record]: customer_id}).values("id")]
        for record in authority.COLUMNS
        if record in paths and record is not Consent
    }
