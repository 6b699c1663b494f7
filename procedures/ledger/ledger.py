"""Recording what happens: no change and no answer without an entry.

A procedure calls `record` within its transaction: the entry is appended just before the COMMIT, and both happen or
neither. What changes nothing (a reading, a refusal) calls `note` outside of any transaction, and goes on when the
entry is durable; those that wait at the same time share one commit.

    LEDGER_UNAVAILABLE   an entry could not be written: the answer was withheld, or the change not made
"""

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from tortoise import BaseDBAsyncClient

from models import Record
from models.database import before_commit, in_transaction_now, transaction
from models.errors import ProcedureError
from models.event import Event
from models.ledger import Accesses, Digests, append, entry
from policies.actor import Actor, utc_now
from procedures.current import Installation, installation
from procedures.ledger.authority import Changed, digests

log = logging.getLogger("savas.ledger")

#: How many entries share a commit at most.
GROUP = 256

_NONE: Changed = MappingProxyType({})


class LedgerUnavailable(ProcedureError):
    """The ledger cannot be written, so nothing is done and nothing is told."""

    def __init__(self) -> None:
        super().__init__(
            "LEDGER_UNAVAILABLE",
            "What you ask for cannot be recorded at the moment, and so it is not done. Try again later.",
        )


@dataclass(eq=False)
class _Waiting:
    """An entry, and who waits for its number."""

    entry: bytes
    accesses: Sequence[Accesses]
    done: "asyncio.Future[int]"


class _Queue:
    """The entries that wait for the next commit of an installation."""

    def __init__(self) -> None:
        self.waiting: list[_Waiting] = []
        self.drain: asyncio.Task[None] | None = None

    async def add(self, raw: bytes, accesses: Sequence[Accesses]) -> int:
        loop = asyncio.get_running_loop()
        waiting = _Waiting(raw, accesses, loop.create_future())
        self.waiting.append(waiting)
        if self.drain is None or self.drain.done():
            # In a context of its own: the transaction of whoever comes first must not become everybody's.
            self.drain = loop.create_task(self._drain(installation()), context=contextvars.Context())
        return await waiting.done

    async def _drain(self, here: Installation) -> None:
        with here.entered():
            while self.waiting:
                group, self.waiting = self.waiting[:GROUP], self.waiting[GROUP:]
                await _written(group)


Numbered = Callable[[int], Awaitable[object]]


def record(
    event: Event,
    by: Actor | None,
    *,
    changed: Changed = _NONE,
    numbered: Numbered | None = None,
    **details: Any,
) -> None:
    """Append an entry just before the transaction under way is committed.

    Args:
        event: what happened.
        by: who did it; None for the system itself, or the operator at the command line.
        changed: the rows that decide who may, if it changed any; the entry says what they have become.
        numbered: told the entry's number, within the transaction.
        details: what the event's grammar asks for.

    Raises:
        Unspeakable: a detail does not fit.
        RuntimeError: there is no transaction.
    """
    # Looked at now, so that what does not fit is refused where it is said.
    raw = _entry(event, by, details)
    rows = {record: tuple(ids) for record, ids in changed.items()}
    before_commit(_append, _Pending(event, by, rows, numbered, details, raw))


@dataclass(frozen=True)
class _Pending:
    """An entry that its transaction has still to append; `raw` is its canonical form as long as it changed nothing."""

    event: Event
    by: Actor | None
    changed: Changed
    numbered: Numbered | None
    details: dict[str, Any]
    raw: bytes

    def entry(self, known: Digests) -> bytes:
        """Its canonical form, with what the rows that it changed have become."""
        told: dict[str, dict[str, str | None]] = {}
        for record, ids in self.changed.items():
            name = str(record._meta.db_table)
            if rows := {str(id): known[name][str(id)] for id in ids if id is not None}:
                told[name] = rows
        return _entry(self.event, self.by, self.details, told) if told else self.raw


async def _append(client: BaseDBAsyncClient, pending: list[_Pending]) -> None:
    """Append the entries of a transaction, all at once, as its last act."""
    try:
        known = await digests(_changed(pending))
        numbers = await append(client, [(each.entry(known), ()) for each in pending])
    except Exception as error:  # the driver's own errors are of many kinds
        log.error("LEDGER_UNAVAILABLE %s", type(error).__name__)
        raise LedgerUnavailable from error
    for each, number in zip(pending, numbers, strict=True):
        if each.numbered is not None:
            await each.numbered(number)


def _changed(pending: Sequence[_Pending]) -> Changed:
    """The rows that several entries are about, each once."""
    found: dict[type[Record], dict[UUID | None, None]] = {}
    for each in pending:
        for record, ids in each.changed.items():
            found.setdefault(record, {}).update(dict.fromkeys(ids))
    return found


async def note(event: Event, by: Actor | None, *, accesses: Sequence[Accesses] = (), **details: Any) -> int:
    """Append an entry, and return its number when it is durable.

    Args:
        event: what happened.
        by: who did it; None for the system itself.
        accesses: whose data were read by it.
        details: what the event's grammar asks for.

    Raises:
        Unspeakable: a detail does not fit.
        LedgerUnavailable: it cannot be written.
        RuntimeError: there is a transaction, which would wait for an entry that waits for its end.
    """
    if in_transaction_now():
        raise RuntimeError("a note within a transaction")
    return await installation().kept(_Queue).add(_entry(event, by, details), accesses)


async def _written(group: list[_Waiting]) -> None:
    """Commit a group of entries; who stopped waiting meanwhile is recorded all the same."""
    try:
        async with transaction() as client:
            numbers = await append(client, [(each.entry, each.accesses) for each in group])
    except Exception as error:  # noqa: BLE001 whatever it is, those who wait must not wait for ever
        log.error("LEDGER_UNAVAILABLE %s", type(error).__name__)
        for each in group:
            if not each.done.done():
                each.done.set_exception(LedgerUnavailable())
        return
    for each, number in zip(group, numbers, strict=True):
        if not each.done.done():
            each.done.set_result(number)


def _entry(event: Event, by: Actor | None, details: dict[str, Any], changed: Digests | None = None) -> bytes:
    who: dict[str, Any] = {"kind": "System", "id": None, "roles": ()}
    if by is not None:
        who = {"kind": by.kind, "id": by.actor_id, "roles": by.roles}
    return entry(event, by.now if by is not None else utc_now(), who, details, changed)
