"""What administrators changed of who may do what, for privacy officers and administrators."""

from __future__ import annotations

from datetime import datetime

from models import AccessChangeKind, Role
from policies.statements import Order
from schema.employee import Employee
from schema.partner import PartnerClient
from schema.reading import Guarded, Released, all_of, one, recorded, value


@recorded
class AccessChange(Released, Guarded):
    """What an administrator changed of who may do what."""

    kind: AccessChangeKind | None = value("What was changed.")
    role: Role | None = value("The role that was given or taken; null if it is about none.")
    at: datetime | None = value("When.")
    by: Employee | None = one(
        "The employee who changed it; null if it was done at the command line.", there="actor_id"
    )
    employee: Employee | None = one(
        "The employee of whom it was changed; null if it was no employee.",
        here="account_id",
        there="actor_id",
    )
    client: PartnerClient | None = one(
        "The partner's client of which it was changed; null if it was none.",
        here="account_id",
        there="actor_id",
    )
    notified_at: datetime | None = value(
        "When privacy officers were notified by mail; null if they were not."
    )


ACCESS_CHANGES = all_of(
    AccessChange,
    "access_changes",
    "What was changed of who may do what, the latest first.",
    Order("at", descending=True),
)
