"""Customers to measure on: each with an agent's task, consents, and one sealed row in each of some categories."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import models
from policies.asker import Asker
from tests.contents import CONTENTS

CUSTOMERS = 1_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def fill(
    purpose: models.Purpose,
    categories: Sequence[models.Category],
    login: str = "agent",
    count: int = CUSTOMERS,
) -> Asker:
    """Customers whose rows one agent, and no other, may read for a purpose; gives that agent."""
    agent = await models.Actor.create(kind=models.ActorKind.EMPLOYEE, login=login, created_at=NOW)
    notice = await models.Notice.create(
        purpose=purpose, language="en", version=login, text="-", digest="0" * 64, created_at=NOW
    )
    customers = [models.Customer(created_at=NOW, number=f"{login}-{place:06}") for place in range(count)]
    await models.Customer.bulk_create(customers)
    await models.Task.bulk_create(
        models.Task(customer_id=customer.id, purpose=purpose, assignee_id=agent.id, opened_at=NOW)
        for customer in customers
    )
    for category in categories:
        consents = [
            models.Consent(
                customer_id=customer.id, category=category, purpose=purpose, notice_id=notice.id,
                state=models.ConsentState.GIVEN, permits=True, evidence="benchmark",
                expires_at=NOW + timedelta(days=3650), created_at=NOW,
            )
            for customer in customers
        ]  # fmt: skip
        await models.Consent.bulk_create(consents)
        model, content = CONTENTS[category]
        await model.bulk_create(
            model(
                customer_id=consent.customer_id, consent_id=consent.id,
                source="benchmark", collected_at=NOW, **content,
            )
            for consent in consents
        )  # fmt: skip
    return Asker("Employee", agent.id, purposes=frozenset({purpose}))
