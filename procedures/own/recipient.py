"""Who outside of the company was given a customer's data to work with, and what of it (GDPR, Art. 15(1)(c))."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import PERSONAL, Agreement, Purpose, Task, TaskStatus
from policies.actor import Actor
from policies.decide import require


@dataclass(frozen=True)
class Recipient:
    """A partner that carried tasks for a customer under an agreement.

    Attributes:
        partner: its name.
        purpose: what the tasks were for.
        fields: what the agreements let it read for that, as `Type.field`.
        since: when the first task was opened.
        until: since when it has none any more under an agreement in force; None while it has.
    """

    partner: str
    purpose: Purpose
    fields: tuple[str, ...]
    since: datetime
    until: datetime | None


async def listed(customer_id: UUID, *, by: Actor) -> list[Recipient]:
    """The recipients of a customer's data, by name and purpose.

    Raises:
        Refused: the actor is neither the customer nor a privacy officer.
    """
    await require(by, "list_recipients", "Customer", customer_id)
    # Who was never bound never read anything.
    tasks = Task.filter(customer_id=customer_id, agreement__signed_at__not_isnull=True)
    carried: dict[tuple[str, Purpose], list[tuple[Task, Agreement]]] = defaultdict(list)
    for task in await tasks.prefetch_related("agreement__partner", "agreement__terms"):
        agreement = task.agreement
        if agreement is not None:
            carried[agreement.partner.name, task.purpose].append((task, agreement))
    return [_recipient(*named, carried[named], by.now) for named in sorted(carried)]


def _recipient(
    partner: str, purpose: Purpose, carried: list[tuple[Task, Agreement]], now: datetime
) -> Recipient:
    ends = [_end(task, agreement) for task, agreement in carried]
    fields = {
        f"{PERSONAL[term.category].__name__}.{term.field}"
        for _, agreement in carried
        for term in agreement.terms
        if term.purpose is purpose
    }
    since, until = min(task.opened_at for task, _ in carried), max(ends)
    return Recipient(partner, purpose, tuple(sorted(fields)), since, until if until <= now else None)


def _end(task: Task, agreement: Agreement) -> datetime:
    """When a task opened nothing any more: it was closed, or its agreement had ended."""
    if task.status is TaskStatus.CLOSED and task.closed_at is not None:
        return min(task.closed_at, agreement.until_at)
    return agreement.until_at
