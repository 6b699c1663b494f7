"""Appending entries to the ledger: no change is made and no answer given without one.

A procedure calls `record` within its transaction: the entry is appended just before the COMMIT, and both happen or
neither. What changes nothing (a reading, a refusal) calls `note` outside of any transaction, and goes on when the
entry is durable; entries that wait at the same time share one commit.

    LEDGER_UNAVAILABLE   an entry could not be written: the answer was withheld, or the change not made
"""

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

from tortoise import BaseDBAsyncClient

from models import Record
from models.database import after_commit, before_commit, current_transaction, in_transaction_now, transaction
from models.errors import ProcedureError
from models.event import Effect, Event
from models.ledger import Accesses, Digests, append, entry
from policies.actor import Actor, utc_now
from policies.policy import in_force
from procedures.current import Installation, installation
from procedures.ledger import words
from procedures.ledger.authority import Changed, digests
from procedures.ledger.lasting import LASTING

log = logging.getLogger("savas.ledger")

#: How many entries share a commit at most.
GROUP = 256

_NO_ROWS: Changed = MappingProxyType({})


class LedgerUnavailable(ProcedureError):
    """The ledger cannot be written, so nothing is changed and nothing answered."""

    code = "LEDGER_UNAVAILABLE"
    message = "What you ask for cannot be recorded at the moment, and so it is not done. Try again later."


class UndeclaredEffect(RuntimeError):
    """A procedure would erase, take out or open what the policies do not say that its action can."""


@dataclass(eq=False)
class _Waiting:
    """An entry, and the future of its number."""

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
            # In a context of its own: the transaction of the first caller must not become that of all others.
            self.drain = loop.create_task(self._drain(installation()), context=contextvars.Context())
        return await waiting.done

    async def _drain(self, here: Installation) -> None:
        with here.entered():
            while self.waiting:
                group, self.waiting = self.waiting[:GROUP], self.waiting[GROUP:]
                await _commit(group)


Numbered = Callable[[int], Awaitable[object]]


def record(
    event: Event,
    by: Actor | None,
    *,
    changed: Changed = _NO_ROWS,
    accesses: Sequence[Accesses] = (),
    numbered: Numbered | None = None,
    **details: Any,
) -> None:
    """Append an entry just before the transaction under way is committed.

    Args:
        event: what happened.
        by: who did it; None for the system itself, or the operator at the command line.
        changed: the rows that decide on access, if it changed any; the entry holds their digests.
        accesses: whose data were read by it.
        numbered: called with the entry's number, within the transaction.
        details: those of the event's grammar.

    Raises:
        UnfitDetail: a detail does not fit.
        UndeclaredEffect: nothing that was granted in this transaction can have the effect of this.
        RuntimeError: there is no transaction.
    """
    _require_effect(event, by, changed)
    # Checked now, so that a detail that does not fit is refused where it is given.
    raw = _entry(event, by, details)
    rows = {record: tuple(ids) for record, ids in changed.items()}
    before_commit(_append, _Pending(event, by, rows, accesses, numbered, details, raw))


def _require_effect(event: Event, by: Actor | None, changed: Changed) -> None:
    """Refuse what can come of none of the actions that the policies granted in this transaction."""
    if event.effect is None and changed:
        raise UndeclaredEffect(f"{event} changes who may read, and does not say in which way")
    if by is None or event.effect in (None, Effect.NONE):
        return
    effects = in_force().confirming.effects
    granted = ((action, about) for to, action, about in current_transaction().granted if to == by.actor_id)
    if not any(event.effect in effects.get(each, ()) for each in granted):
        raise UndeclaredEffect(f"{event} can come of nothing that was granted")


@dataclass(frozen=True)
class _Pending:
    """An entry to be appended at the end of its transaction; `raw` is its canonical form without changed rows."""

    event: Event
    by: Actor | None
    changed: Changed
    accesses: Sequence[Accesses]
    numbered: Numbered | None
    details: dict[str, Any]
    raw: bytes

    def entry(self, digests: Digests) -> bytes:
        """Its canonical form, with the digests of the rows that it changed."""
        changed: dict[str, dict[str, str | None]] = {}
        for record, ids in self.changed.items():
            name = str(record._meta.db_table)
            if rows := {str(id): digests[name][str(id)] for id in ids if id is not None}:
                changed[name] = rows
        return _entry(self.event, self.by, self.details, changed) if changed else self.raw


async def _append(client: BaseDBAsyncClient, pending: list[_Pending]) -> None:
    """Append the entries of a transaction, all at once, as its last act."""
    try:
        row_digests = await digests(_changed(pending))
        entries = [each.entry(row_digests) for each in pending]
        numbers = await append(
            client, [(raw, each.accesses) for raw, each in zip(entries, pending, strict=True)]
        )
        lines = [
            await words.line(number, raw)
            for number, raw, each in zip(numbers, entries, pending, strict=True)
            if each.event in LASTING
        ]
    except Exception as error:  # the driver's own errors are of many kinds
        log.error("LEDGER_UNAVAILABLE %s", type(error).__name__)
        raise LedgerUnavailable from error
    for each, number in zip(pending, numbers, strict=True):
        if each.numbered is not None:
            await each.numbered(number)
    if lines:
        after_commit(partial(words.append, lines))


def _changed(pending: Sequence[_Pending]) -> Changed:
    """The rows that several entries are about, each once."""
    rows: dict[type[Record], dict[UUID | None, None]] = {}
    for each in pending:
        for record, ids in each.changed.items():
            rows.setdefault(record, {}).update(dict.fromkeys(ids))
    return rows


async def note(event: Event, by: Actor | None, *, accesses: Sequence[Accesses] = (), **details: Any) -> int:
    """Append an entry, and return its number when it is durable.

    Args:
        event: what happened.
        by: who did it; None for the system itself.
        accesses: whose data were read by it.
        details: those of the event's grammar.

    Raises:
        UnfitDetail: a detail does not fit.
        LedgerUnavailable: it cannot be written.
        RuntimeError: a transaction is under way, and would wait for an entry that waits for its end; or it is of what a
            restored backup must not undo, of which `record` writes a line.
    """
    if in_transaction_now():
        raise RuntimeError("a note within a transaction")
    if by is not None and event.effect is not None:
        raise UndeclaredEffect(f"{event} is recorded in the transaction in which it was granted")
    if event in LASTING:
        raise RuntimeError("a note of what a restored backup must not undo")
    return await installation().instance(_Queue).add(_entry(event, by, details), accesses)


async def _commit(group: list[_Waiting]) -> None:
    """Commit a group of entries, also those whose caller was cancelled meanwhile."""
    try:
        async with transaction() as client:
            numbers = await append(client, [(each.entry, each.accesses) for each in group])
    except Exception as error:  # noqa: BLE001 whatever it is, the callers must not wait for ever
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
