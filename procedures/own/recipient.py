"""The partners that could read a customer's data, and which fields (GDPR, Art. 15(1)(c))."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import PERSONAL, Agreement, Purpose, Task, TaskStatus
from policies.actor import Actor
from policies.decide import require


@dataclass(frozen=True)
class Recipient:
    """A partner that had tasks for a customer under an agreement.

    Attributes:
        partner: the partner's name.
        purpose: of the tasks.
        fields: those that the agreements name for the purpose, as `Type.field`.
        since: when the first task was opened.
        until: when the last one was closed or its agreement ended; None while one is open under an agreement in force.
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
    # Without a signed agreement a partner could read nothing.
    tasks = Task.filter(customer_id=customer_id, agreement__signed_at__not_isnull=True)
    by_recipient: dict[tuple[str, Purpose], list[tuple[Task, Agreement]]] = defaultdict(list)
    for task in await tasks.prefetch_related("agreement__partner", "agreement__terms"):
        agreement = task.agreement
        if agreement is not None:
            by_recipient[agreement.partner.name, task.purpose].append((task, agreement))
    return [_recipient(*key, by_recipient[key], by.now) for key in sorted(by_recipient)]


def _recipient(
    partner: str, purpose: Purpose, tasks: list[tuple[Task, Agreement]], now: datetime
) -> Recipient:
    ends = [_end(task, agreement) for task, agreement in tasks]
    fields = {
        f"{PERSONAL[term.category].__name__}.{term.field}"
        for _, agreement in tasks
        for term in agreement.terms
        if term.purpose is purpose
    }
    since, until = min(task.opened_at for task, _ in tasks), max(ends)
    return Recipient(partner, purpose, tuple(sorted(fields)), since, until if until <= now else None)


def _end(task: Task, agreement: Agreement) -> datetime:
    """When a task no longer permitted reading: it was closed, or its agreement had ended."""
    if task.status is TaskStatus.CLOSED and task.closed_at is not None:
        return min(task.closed_at, agreement.until_at)
    return agreement.until_at
