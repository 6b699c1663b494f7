"""Recording what was read: no answer is sent without an entry that says whose data it holds, and why.

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
    """The keyed hash of a document, for the ledger and the log; None while the vault is sealed.

    A document may hold a value that is searched for, which could be guessed from a hash without a key.
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
        withheld: by field and reason, how often it was withheld.
        operation: the document of the request; only its mark is recorded.
        since: when the request began; a task or a break-glass that ended later may have permitted the reading.

    Raises:
        LedgerUnavailable: it cannot be recorded, so the answer must not be sent.
    """
    if not reads:
        return
    tasks = await _tasks(actor, [key for key in reads if key is not None], since)
    approved = await _break_glasses(actor, [key for key in reads if key is not None], since)
    # What was read by break-glass is grouped apart from what was read with a task.
    groups: dict[tuple[tuple[str, ...], bool], dict[str, list[str]]] = defaultdict(dict)
    for key, records in reads.items():
        if key is not None:
            customer = str(key)
            groups[_names(frozenset(records)), customer in approved][customer] = tasks.get(customer, [])
    await note(
        Event.READING_RELEASED,
        actor,
        accesses=_accesses(actor, groups, approved),
        operation=mark(operation),
        purposes=actor.purposes,
        groups=[
            {"customers": tasks_of, "fields": fields, "tasks": chain.from_iterable(tasks_of.values())}
            | ({"breakGlasses": chain.from_iterable(approved[one] for one in tasks_of)} if emergency else {})
            for (fields, emergency), tasks_of in sorted(groups.items())
        ],
        others=_names(frozenset(reads.get(None, ()))),
        withheld=[
            {"field": name, "reason": why, "count": count} for (name, why), count in sorted(withheld.items())
        ],
    )


async def record_broken_seals(actor: Actor, rows: Iterable[tuple[str, str]]) -> None:
    """Record rows that did not open when they were read, and log them for the operator.

    Args:
        actor: whose reading found them.
        rows: the table and the id of each.

    Raises:
        LedgerUnavailable: it cannot be recorded.
    """
    broken = sorted(rows)
    for table, row in broken:
        log.error("SEAL_BROKEN table=%s row=%s", table, row)
    await asyncio.gather(*(note(Event.SEAL_BROKEN, actor, table=table, row=row) for table, row in broken))


async def _tasks(actor: Actor, customers: Iterable[Any], since: datetime) -> dict[str, list[str]]:
    """By customer, the actor's tasks that permitted the reading: of a stated purpose, and open during the request."""
    if actor.kind not in ("Employee", "PartnerClient"):
        return {}
    return await _by_customer(_task_statement(dialect()), actor, customers, since)


async def _break_glasses(actor: Actor, customers: Iterable[Any], since: datetime) -> dict[str, list[str]]:
    """By customer, the actor's break-glass: of a stated purpose, and in effect during the request."""
    if actor.kind != "Employee":
        return {}
    return await _by_customer(_break_glass_statement(dialect()), actor, customers, since)


async def _by_customer(
    statement: Statement, actor: Actor, customers: Iterable[Any], since: datetime
) -> dict[str, list[str]]:
    keys = sorted(customers, key=str)
    if not keys or not actor.purposes:
        return {}
    rows = await statement.fetch(actor, {search.KEYS: keys, "since": since})
    ids_by_customer: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        ids_by_customer[str(row["customer_id"])].append(str(row["id"]))
    return {customer: sorted(ids) for customer, ids in ids_by_customer.items()}


@lru_cache(maxsize=4)
def _task_statement(dialect: str) -> Statement:
    """The statement of `_tasks`, cached for each dialect."""
    del dialect
    assignee = Compare("=", Path(ir.THIS, ("assigneeId",)), Param("actor.id"))
    purpose = Compare("=", Path(ir.THIS, ("purpose",)), Param("actor.purpose"))
    open_ = Compare("=", Path(ir.THIS, ("status",)), Const(TaskStatus.OPEN.value))
    lately = Compare(">=", Path(ir.THIS, ("closedAt",)), Param("since"))
    where = ir.conjunction([search.among("customerId"), assignee, purpose, Or((open_, lately))])
    query = Task.annotate(there=Holds(where, "Task")).filter(there=True)
    return Statement.of(query.values("id", "customer_id"))


@lru_cache(maxsize=4)
def _break_glass_statement(dialect: str) -> Statement:
    """The statement of `_break_glasses`, cached for each dialect."""
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
    approved: Mapping[str, list[str]],
) -> list[Accesses]:
    """For each group what its customers share, and the tasks and break-glass of each customer."""
    roles, purposes, at = " ".join(sorted(actor.roles)), " ".join(sorted(actor.purposes)), actor.now
    return [
        Accesses(
            actor.kind, roles, at, purposes, " ".join(fields),
            {customer: " ".join(tasks) for customer, tasks in tasks_of.items()},
            {customer: " ".join(approved[customer]) for customer in tasks_of} if emergency else {},
        )
        for (fields, emergency), tasks_of in groups.items()
    ]  # fmt: skip


@lru_cache(maxsize=1024)
def _names(records: frozenset[tuple[str, frozenset[str]]]) -> tuple[str, ...]:
    """The released fields as `Type.field`; `Type.id` of a record without any."""
    return tuple(sorted({f"{kind}.{name}" for kind, fields in records for name in fields or ("id",)}))
