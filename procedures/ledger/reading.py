"""Recording what was read: no answer is sent without an entry that says whose data it holds, and why.

SEAL_BROKEN   a stored value was changed or moved, and is withheld; its table and row follow
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from itertools import chain
from typing import Any
from uuid import UUID

from models.event import Event
from models.ledger import Accesses
from policies.actor import Actor, utc_now
from procedures.ledger.ledger import note
from vault import vault

log = logging.getLogger("savas.vault")

#: By customer, the type and the released fields of each record; None stands for records about no customer.
Reads = Mapping[Any, Set[tuple[str, frozenset[str]]]]
#: By customer and type of record, the ids of the tasks and break-glass that opened the data.
OpenedBy = Mapping[Any, Mapping[str, Set[str]]]


def mark(document: str) -> str | None:
    """The keyed hash of a document, for the ledger and the log; None while the vault is sealed.

    A document may hold a value that is searched for, which could be guessed from a hash without a key.
    """
    return None if vault.reason() is not None else vault.current().mark(document)


async def released(
    actor: Actor,
    reads: Reads,
    opened_by: OpenedBy,
    withheld: Mapping[tuple[str, str], int],
    operation: str,
) -> None:
    """Record one answer: an entry for all of it, and an access for each customer in it.

    Args:
        actor: who gets the answer.
        reads: what is in it.
        opened_by: what it was read by.
        withheld: by field and reason, how often it was withheld.
        operation: the document of the request; only its mark is recorded.

    Raises:
        LedgerUnavailable: it cannot be recorded, so the answer must not be sent.
    """
    if not reads:
        return
    # Where no task opened anything of a customer, those that were read themselves are named.
    tasks = {**_ids(opened_by, "itself"), **_ids(opened_by, "Task")}
    approved = _ids(opened_by, "BreakGlass")
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


async def explained(
    event: Event,
    by: Actor | None,
    customers: Iterable[UUID],
    *,
    record: str,
    field: str | None,
    purposes: Iterable[str],
    **more: Any,
) -> None:
    """Record that it was asked at the command line who may read or do something of customers, or why; before it is told.

    Args:
        event: which of the questions.
        by: who asked; None for the operator.
        customers: whose records the question is about.
        record: the type of these.
        field: which of its fields, if it is about one.
        purposes: those that were typed.
        more: further details of the event's grammar.

    Raises:
        LedgerUnavailable: it cannot be recorded, so the answer must not be told.
    """
    ids = [str(each) for each in customers]
    kind, roles, at = (by.kind, " ".join(sorted(by.roles)), by.now) if by else ("System", "", utc_now())
    asked = f"{record}.{field}" if field else record
    seen = Accesses(kind, roles, at, "", "", dict.fromkeys(ids, ""), explained=asked)
    about = {"record": record, "field": field, "purposes": purposes, "customers": ids}
    await note(event, by, accesses=[seen] if ids else [], **about, **more)


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


def _ids(opened_by: OpenedBy, record: str) -> dict[str, list[str]]:
    """By customer, the records of one type that opened the data; customers without any are left out."""
    return {str(key): sorted(ids) for key, records in opened_by.items() if (ids := records.get(record))}


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
