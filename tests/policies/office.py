"""An office with one agent, one task and one customer, and what is explained of them."""

from typing import Any
from uuid import UUID

from models import ContactPoint, Customer, Purpose, Role, Task
from policies.actor import Actor, Kind
from policies.showing.explain import Explanation, Line, explain
from tests.procedures import records
from tests.procedures.records import NOON


def asking(actor_id: UUID, *purposes: Purpose, kind: Kind = "Employee", **more: Any) -> Actor:
    roles = frozenset({Role.AGENT} if kind == "Employee" else ())
    return Actor(kind, actor_id, roles, purposes=frozenset(purposes), clock=lambda: NOON, **more)


class Office:
    def __init__(self, agent: Actor, customer: Customer, contact: ContactPoint, task: Task) -> None:
        self.agent, self.customer, self.contact, self.task = agent, customer, contact, task

    async def explains(self, actor: Actor | None = None, field: str = "value") -> Explanation:
        return await explain(actor or self.agent, "ContactPoint", self.contact.id, field)


async def furnished() -> Office:
    """A support agent with an open task, and a customer whose contact point she needs."""
    agent = await records.employee(Role.AGENT)
    customer = await records.customer()
    contact = await records.contact(await records.consent(customer.id))
    task = await records.task(customer.id, assignee_id=agent.id)
    return Office(asking(agent.id, Purpose.SUPPORT), customer, contact, task)


def failing(explanation: Explanation) -> list[str]:
    """The conditions that fail by themselves, and not because of others below them."""
    lines = explanation.lines
    below = [*(line.depth for line in lines[1:]), 0]
    return [
        line.text
        for line, depth in zip(lines, below, strict=True)
        if line.holds is False and line.depth > 1 and depth <= line.depth
    ]


def line(explanation: Explanation, text: str) -> Line:
    return next(each for each in explanation.lines if each.text == text)


def said(explanation: Explanation) -> str:
    return "\n".join([*(f"{line.text} {line.note}" for line in explanation.lines), explanation.missing])
