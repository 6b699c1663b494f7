"""The rows that decide on access, and the digests of them in the entries of the ledger.

Whoever can write into the database past the program cannot open a sealed value, but could get access: give a consent
back, lift a restriction, take a role, assign a task. So an entry about such a row holds a digest of the columns that
decide, as the transaction leaves them; `procedures.audit.authority` compares the last digest with the row. Nothing
personal is in these columns, and a hash of a password is salted: a digest reveals nothing.
"""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from tortoise import Model

from models import (
    Account,
    Agreement,
    AgreementTerm,
    BreakGlass,
    BreakGlassCategory,
    ClockDoubt,
    Consent,
    Customer,
    Difference,
    Employee,
    EmployeeRole,
    Finding,
    Instruction,
    LegalHold,
    Partner,
    PartnerClient,
    PasswordCode,
    Record,
    Request,
    Scan,
    Session,
    Task,
    TaskReview,
    Totp,
)

#: By record, the columns that decide.
COLUMNS: Final[dict[type[Record], tuple[str, ...]]] = {
    Customer: ("status", "restricted"),
    Consent: ("customer_id", "category", "purpose", "state", "permits", "denies", "expires_at"),
    LegalHold: ("customer_id", "category", "until", "ended_at"),
    Task: (
        "customer_id", "purpose", "assignee_id", "agreement_id", "status", "opened_by_id", "due_at", "occasion",
    ),
    TaskReview: ("task_id", "customer_id", "given_by_id", "given_to_id", "verdict", "reviewed_by_id"),
    BreakGlass: ("customer_id", "requested_by_id", "purpose", "special", "state", "ends_at", "decided_by_id"),
    BreakGlassCategory: ("break_glass_id", "category"),
    Instruction: (
        "customer_id",
        "kind",
        "consent_id",
        "consent_category",
        "consent_purpose",
        "special",
        "recorded_by_id",
        "recorded_at",
        "state",
    ),
    Request: ("customer_id", "kind", "category", "record_id", "recorded_by_id", "proof", "state"),
    Account: ("kind", "customer_id", "active", "password_hash"),
    Totp: ("actor_id", "confirmed_at"),
    Session: ("actor_id", "token_hash", "expires_at", "ended_at", "confirmed_until"),
    Employee: ("actor_id",),
    EmployeeRole: ("employee_id", "role"),
    Partner: ("active",),
    PartnerClient: ("actor_id", "partner_id"),
    Agreement: ("partner_id", "signed", "from_at", "until_at"),
    AgreementTerm: ("agreement_id", "purpose", "category", "field"),
    ClockDoubt: ("kind", "ending", "ended_at"),
    Difference: ("field", "granted", "settled_at"),
    Finding: ("customer_id", "actor_id", "at"),
    PasswordCode: ("customer_id", "account_id", "digest", "expires_at", "used_at"),
    Scan: ("customer_id", "instruction_id", "request_id", "added_by_id", "state"),
}  # fmt: skip

#: Columns that decide, too, and came later: they are part of a digest only where they hold something, so that the digests
#: of rows that had none stay true.
LATER: Final[dict[type[Record], tuple[str, ...]]] = {
    Consent: ("recorded_by_id", "suspended_by_id"),
    Instruction: (
        "received_at", "proof", "proved_by_id", "link_point_id", "code_point_id", "link_digest", "code_digest", "link_ends_at",
    ),
}  # fmt: skip

#: Records of which a row may be deleted without an entry: without a session, a finding, a code, a request or a scan,
#: nobody gets more access.
VANISHING: Final[frozenset[type[Record]]] = frozenset({Session, Finding, PasswordCode, Request, Scan})

#: How many rows are read at a time.
PAGE: Final = 500

#: The rows that an entry is about, by record.
Changed = Mapping[type[Record], Iterable[UUID | None]]


async def digests(changed: Changed) -> dict[str, dict[str, str | None]]:
    """By table and id, the digest of each row as it is now; None where there is no such row."""
    digests_by_table: dict[str, dict[str, str | None]] = {}
    for record, ids in changed.items():
        row_digests: dict[str, str | None] = {str(id): None for id in ids if id is not None}
        keys = list(row_digests)
        # A demo or an import has more of them than a statement takes parameters.
        for start in range(0, len(keys), PAGE):
            rows = record.filter(id__in=keys[start : start + PAGE])
            for row in await rows.values("id", *columns(record)):
                row_digests[str(row["id"])] = digest(record, row)
        if row_digests:
            digests_by_table[table(record)] = row_digests
    return digests_by_table


async def pages(record: type[Record], size: int = PAGE) -> AsyncIterator[list[dict[str, Any]]]:
    """All rows of a record, a page at a time in the order of their ids: the id, and the columns that decide."""
    last: UUID | None = None
    while True:
        rows = record.all() if last is None else record.filter(id__gt=last)
        page = await rows.order_by("id").limit(size).values("id", *columns(record))
        if not page:
            return
        yield page
        last = page[-1]["id"]


def columns(record: type[Record]) -> tuple[str, ...]:
    """The columns of a record that decide."""
    return (*COLUMNS[record], *LATER.get(record, ()))


def of(records: Mapping[type[Record], Iterable[Record]]) -> Changed:
    """The rows that decide on access, of the given records."""
    return {record: [row.id for row in rows] for record, rows in records.items() if record in COLUMNS}


def digest(record: type[Record], row: Mapping[str, Any]) -> str:
    """The SHA-256 of a row's columns that decide, in hexadecimal digits."""
    decisive: list[Any] = [table(record), *(_plain(row[column]) for column in ("id", *COLUMNS[record]))]
    later = {column: row[column] for column in LATER.get(record, ())}
    decisive += [[column, _plain(value)] for column, value in later.items() if value is not None]
    return sha256(json.dumps(decisive, separators=(",", ":")).encode()).hexdigest()


def table(record: type[Model]) -> str:
    """The name of a record's table."""
    return str(record._meta.db_table)


def _plain(value: Any) -> bool | str | None:
    """A value in the one form that both databases agree on."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
