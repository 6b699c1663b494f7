"""Work on a customer's behalf."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.employee import Employee
from schema.enums import Purpose, TaskOutcome, TaskStatus
from schema.node import Guarded
from schema.partner import PartnerClient
from schema.released import Released, one, value
from schema.shape import recorded

if TYPE_CHECKING:
    from schema.customer import Customer


@recorded
@strawberry.type(
    description="Work for one customer and one purpose; while it is open it is what opens data to its carrier."
)
class Task(Released, Guarded):
    """A task."""

    purpose: Purpose | None = value("What it is for.")
    status: TaskStatus | None = value("Whether it is open.")
    opened_at: datetime | None = value("When it was opened.")
    due_at: datetime | None = value("When it should be done.")
    closed_at: datetime | None = value("When it was closed.")
    outcome: TaskOutcome | None = value("How it ended.")
    customer: Annotated[Customer, strawberry.lazy("schema.customer")] | None = one(
        "Customer", "For whom it is done.", here="customer_id"
    )
    assignee: Employee | None = one(
        "Employee", "The employee who carries it.", here="assignee_id", there="actor_id"
    )
    client: PartnerClient | None = one(
        "PartnerClient", "The subcontractor's client that carries it.", here="assignee_id", there="actor_id"
    )
