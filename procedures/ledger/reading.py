"""Recording what was read: no answer leaves without an entry that says whose data it holds, and why.

SEAL_BROKEN   a stored value was changed or moved, and is withheld; its table and row follow
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from models import BreakGlass, Task, TaskStatus
from models.database import dialect
from models.event import Event
from models.ledger import Accesses
from policies import ir, search
from policies.actor import Actor
from policies.ir import Compare, Const, Or, Param, Path
from policies.sql import Holds
from policies.statement import Statement
from procedures.ledger.ledger import note
from vault import vault

log = logging.getLogger("savas.vault")

#: By customer, the type and the released fields of each record; None stands for records about no customer.
Reads = Mapping[Any, Set[tuple[str, frozenset[str]]]]


def mark(document: str) -> str | None:
    """What stands for a document in the ledger and the log: a keyed hash; None while the vault is sealed.

    A document may hold what somebody looks for, and of an unkeyed hash that could be guessed.
    """
    return None if vault.reason() is not None else vault.current().mark(document)


async def released(
    actor: Actor,
    reads: Reads,
    withheld: Mapping[tuple[str, str], int],
    operation: str,
    *,
    since: datetime,
) -> None:
    """Record one answer: an entry for all of it, and an access for each customer in it.

    Args:
        actor: who gets the answer.
        reads: what is in it.
        withheld: how often a field was withheld for a reason.
        operation: the document that asked; only its mark is kept.
        since: when the request began; a task that was closed later may have opened the door, and glass too.

    Raises:
        LedgerUnavailable: it cannot be recorded, so the answer must not leave.
    """
    if not reads:
        return
    tasks = await _tasks(actor, [key for key in reads if key is not None], since)
    glasses = await _break_glasses(actor, [key for key in reads if key is not None], since)
    # What was read without a task is told apart from what was read with one.
    groups: dict[tuple[tuple[str, ...], bool], dict[str, list[str]]] = defaultdict(dict)
    for key, records in reads.items():
        if key is not None:
            customer = str(key)
            groups[_names(frozenset(records)), customer in glasses][customer] = tasks.get(customer, [])
    await note(
        Event.READING_RELEASED,
        actor,
        accesses=_accesses(actor, groups, glasses),
        operation=mark(operation),
        purposes=actor.purposes,
        groups=[
            {"customers": carried, "fields": fields, "tasks": chain.from_iterable(carried.values())}
            | ({"breakGlasses": chain.from_iterable(glasses[one] for one in carried)} if broken else {})
            for (fields, broken), carried in sorted(groups.items())
        ],
        others=_names(frozenset(reads.get(None, ()))),
        withheld=[
            {"field": name, "reason": why, "count": count} for (name, why), count in sorted(withheld.items())
        ],
    )


async def found_broken(actor: Actor, rows: Iterable[tuple[str, str]]) -> None:
    """Record rows that did not open when they were read, and tell the operator.

    Args:
        actor: whose reading found them.
        rows: the table and the id of each.

    Raises:
        LedgerUnavailable: it cannot be recorded.
    """
    found = sorted(rows)
    for table, row in found:
        log.error("SEAL_BROKEN table=%s row=%s", table, row)
    await asyncio.gather(*(note(Event.SEAL_BROKEN, actor, table=table, row=row) for table, row in found))


async def _tasks(actor: Actor, customers: Iterable[Any], since: datetime) -> dict[str, list[str]]:
    """By customer, the actor's tasks that opened the door: stated, and open at some time of the request."""
    if actor.kind not in ("Employee", "PartnerClient"):
        return {}
    return await _found(_statement(dialect()), actor, customers, since)


async def _break_glasses(actor: Actor, customers: Iterable[Any], since: datetime) -> dict[str, list[str]]:
    """By customer, what the actor broke the glass for: stated, and open at some time of the request."""
    if actor.kind != "Employee":
        return {}
    return await _found(_glass_statement(dialect()), actor, customers, since)


async def _found(
    statement: Statement, actor: Actor, customers: Iterable[Any], since: datetime
) -> dict[str, list[str]]:
    keys = sorted(customers, key=str)
    if not keys or not actor.purposes:
        return {}
    rows = await statement.fetch(actor, {search.KEYS: keys, "since": since})
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[str(row["customer_id"])].append(str(row["id"]))
    return {customer: sorted(ids) for customer, ids in found.items()}


@lru_cache(maxsize=4)
def _statement(dialect: str) -> Statement:
    """The tasks among some customers; kept apart for each dialect."""
    del dialect
    assignee = Compare("=", Path(ir.THIS, ("assigneeId",)), Param("actor.id"))
    purpose = Compare("=", Path(ir.THIS, ("purpose",)), Param("actor.purpose"))
    open_ = Compare("=", Path(ir.THIS, ("status",)), Const(TaskStatus.OPEN.value))
    lately = Compare(">=", Path(ir.THIS, ("closedAt",)), Param("since"))
    where = ir.conjunction([search.among("customerId"), assignee, purpose, Or((open_, lately))])
    query = Task.annotate(there=Holds(where, "Task")).filter(there=True)
    return Statement.of(query.values("id", "customer_id"))


@lru_cache(maxsize=4)
def _glass_statement(dialect: str) -> Statement:
    """What was broken among some customers; kept apart for each dialect."""
    del dialect
    actor = Compare("=", Path(ir.THIS, ("requestedById",)), Param("actor.id"))
    purpose = Compare("=", Path(ir.THIS, ("purpose",)), Param("actor.purpose"))
    opened = Compare("!=", Path(ir.THIS, ("openedAt",)), Const(None))
    lately = Compare(">=", Path(ir.THIS, ("endsAt",)), Param("since"))
    where = ir.conjunction([search.among("customerId"), actor, purpose, opened, lately])
    query = BreakGlass.annotate(there=Holds(where, "BreakGlass")).filter(there=True)
    return Statement.of(query.values("id", "customer_id"))


def _accesses(
    actor: Actor,
    groups: Mapping[tuple[tuple[str, ...], bool], Mapping[str, list[str]]],
    glasses: Mapping[str, list[str]],
) -> list[Accesses]:
    """What is the same for many customers, once, and the tasks and broken glass of each."""
    roles, purposes, at = " ".join(sorted(actor.roles)), " ".join(sorted(actor.purposes)), actor.now
    return [
        Accesses(
            actor.kind, roles, at, purposes, " ".join(fields),
            {customer: " ".join(tasks) for customer, tasks in carried.items()},
            {customer: " ".join(glasses[customer]) for customer in carried} if broken else {},
        )
        for (fields, broken), carried in groups.items()
    ]  # fmt: skip


@lru_cache(maxsize=1024)
def _names(records: frozenset[tuple[str, frozenset[str]]]) -> tuple[str, ...]:
    """What was released, as `Type.field`; of a record without a released field, that it is there."""
    return tuple(sorted({f"{kind}.{name}" for kind, fields in records for name in fields or ("id",)}))
