"""A customer with everything, somebody who decides, and a request between them."""

from dataclasses import dataclass, field
from typing import Any

import models
from models import Order, Request, RequestState
from procedures.request import Rectification, request
from tests.people import Office, Someone

EVERYTHING = [
    ("identity", "support"), ("identity_evidence", "verification"), ("personal_code", "verification"),
    ("contact_point", "support"), ("postal_address", "delivery"), ("preference", "marketing"), ("interaction", "support"),
    ("order", "billing"), ("payment_card", "billing"), ("health_record", "care"),
]  # fmt: skip
#: What is wanted, and why; neither is anywhere but in the sealed request.
WANTED = "NR-WANTED-7731"
WHY = "A slip of whoever typed it."
#: By field of an order, what it may be put right to.
VALUES = {"number": WANTED, "total": "77.31", "currency": "USD", "billingAddress": "Pilies g. 7731, Vilnius"}


@dataclass
class Scene:
    """A customer who asks about an order, and staff who carry a task that needs orders."""

    office: Office
    customer: models.Customer
    herself: Someone
    clerk: Someone
    officer: Someone
    colleague: Someone
    people: dict[str, Someone] = field(default_factory=dict)

    @classmethod
    async def set_up(cls, office: Office) -> "Scene":
        """Everybody, and nothing asked yet."""
        customer = await office.customer(EVERYTHING)
        clerk = await office.agent("billing")
        await office.task(clerk, customer, "billing")
        return cls(
            office,
            customer,
            await office.himself(customer),
            clerk,
            await office.employee("privacy_officer"),
            await office.agent("billing"),
        )

    async def asks(self, field: str = "number", wanted: str | None = WANTED) -> Request:
        """A request about the customer's order."""
        row = await Order.get(customer_id=self.customer.id)
        return await request.submit(Order, row.id, Rectification(field, wanted, WHY), by=self.herself.actor)

    async def in_state(self, state: RequestState, field: str = "number") -> Request:
        """A request that has come so far."""
        made = await self.asks(field, VALUES[field])
        if state is RequestState.EXTENDED:
            await request.extend(made.id, WHY, by=self.clerk.actor)
        elif state is RequestState.GRANTED:
            await request.grant(made.id, by=self.clerk.actor)
        elif state is RequestState.REFUSED:
            await request.refuse(made.id, WHY, by=self.clerk.actor)
        elif state is RequestState.WITHDRAWN:
            await request.withdraw(made.id, by=self.herself.actor)
        return await Request.get(id=made.id)

    async def does(self, action: str, id: Any) -> Request:
        """Whoever usually does it, does it."""
        by = {"withdraw": self.herself}.get(action, self.clerk).actor
        why = [WHY] if action in ("extend", "refuse") else []
        done: Request = await getattr(request, action)(id, *why, by=by)
        return done
