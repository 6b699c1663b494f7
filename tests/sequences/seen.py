"""What lies in a database after each step, read past the program."""

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import models
from tests.procedures.ledgers import sql

Reader = Callable[[str], Awaitable[list[Any]]]


@dataclass(frozen=True)
class Word:
    """A consent as it stands."""

    customer: str
    category: str
    purpose: str
    state: str
    permits: bool
    expires: datetime
    suspended: str | None
    key: tuple[str, str, str]


@dataclass(frozen=True)
class Row:
    """A row of personal data."""

    customer: str
    category: str
    consent: str
    source: str
    revision: int


@dataclass(frozen=True)
class Thing:
    """Something else that is kept about a customer, and in which state it is."""

    kind: str
    customer: str
    state: str


@dataclass(frozen=True)
class Told:
    """A message."""

    customer: str
    template: str
    channel: str


@dataclass(frozen=True)
class Seen:
    """Everything that sequences are judged by, by identifiers.

    Attributes:
        customers: by id, status and whether processing is restricted.
        reached: the customers who have a confirmed address that they still consent to, until when.
    """

    customers: dict[str, tuple[str, bool]]
    consents: dict[str, Word]
    rows: dict[str, Row]
    things: dict[str, Thing]
    messages: dict[str, Told]
    reached: dict[str, datetime]

    def permitting(self, customer: str, category: str) -> list[Word]:
        """The consents of a customer to a category that permit."""
        return [each for each in self.consents.values()
                if each.permits and (each.customer, each.category) == (customer, category)]  # fmt: skip


#: By kind, what else is kept about customers, and what tells its state.
THINGS = {
    "instruction": "SELECT id, customer_id, state FROM instructions",
    "dictation": "SELECT id, customer_id, state FROM dictations",
    "request": "SELECT id, customer_id, state FROM requests",
    "task": "SELECT id, customer_id, status FROM tasks",
    "break-glass": "SELECT id, customer_id, state FROM break_glasses",
    "legal hold": "SELECT id, customer_id, CASE WHEN ended_at IS NULL THEN 'STANDS' ELSE 'ENDED' END FROM legal_holds",
    "password code": "SELECT id, customer_id, 'SENT' FROM password_codes WHERE customer_id IS NOT NULL",
    "review": "SELECT id, customer_id, COALESCE(verdict, 'WAITS') FROM task_reviews",
    "session": "SELECT s.id, a.customer_id, CASE WHEN s.ended_at IS NULL THEN 'LIVES' ELSE 'ENDED' END"
    " FROM sessions s JOIN accounts a ON a.id = s.actor_id WHERE a.customer_id IS NOT NULL",
    "access": "SELECT id, customer_id, kind FROM accesses",
    "finding": "SELECT id, customer_id, 'FOUND' FROM findings",
    "held": "SELECT h.id, l.customer_id, h.row_id FROM held_rows h JOIN legal_holds l ON l.id = h.hold_id",
}  # fmt: skip
_CONSENTS = (
    "SELECT id, customer_id, category, purpose, state, permits, expires_at, suspended_by_id FROM consents"
)
_REACHED = """
SELECT p.customer_id, c.expires_at, p.verification_expires_at FROM contact_points p JOIN consents c ON c.id = p.consent_id
WHERE c.permits AND p.kind IN ('EMAIL', 'PHONE') AND p.verified_at IS NOT NULL"""
_ROWS = {
    category.value: f"SELECT id, customer_id, consent_id, source, revision FROM {model._meta.db_table}"
    for category, model in models.PERSONAL.items()
}


def embedded(connection: sqlite3.Connection) -> Reader:
    """Reads an embedded database by a connection of its own, which costs less than that of the program."""

    async def read(text: str) -> list[Any]:
        return connection.execute(text).fetchall()

    return read


async def connected(text: str) -> list[Any]:
    """Reads by the connection of the installation."""
    return [tuple(row.values()) for row in await sql(text)]


async def seen(read: Reader) -> Seen:
    """What lies there now."""
    customers = await read("SELECT id, status, restricted FROM customers")
    things = {str(id): Thing(kind, str(customer), str(state))
              for kind, text in THINGS.items() for id, customer, state in await read(text)}  # fmt: skip
    rows = {str(id): Row(str(customer), category, str(consent), source, revision)
            for category, text in _ROWS.items()
            for id, customer, consent, source, revision in await read(text)}  # fmt: skip
    messages = await read("SELECT id, customer_id, template, channel FROM messages")
    return Seen(
        {str(id): (status, bool(restricted)) for id, status, restricted in customers},
        {str(row[0]): _word(*row[1:]) for row in await read(_CONSENTS)},
        rows,
        things,
        {str(id): Told(str(customer), template, channel) for id, customer, template, channel in messages},
        {str(customer): min(instant(each) for each in until if each) for customer, *until in await read(_REACHED)},
    )  # fmt: skip


def _word(
    customer: Any, category: str, purpose: str, state: str, permits: Any, expires: Any, suspended: Any
) -> Word:
    by = None if suspended is None else str(suspended)
    return Word(
        str(customer), category, purpose, state, bool(permits), instant(expires), by, (str(customer), category, purpose)
    )  # fmt: skip


def instant(value: Any) -> datetime:
    """An instant as a database gives it."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)
