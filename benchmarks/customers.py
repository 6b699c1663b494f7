"""Customers to measure on: each with an agent's task, consents, and one sealed row in each of some categories."""

import statistics
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import models
from models import Category
from policies.actor import Actor
from tests.contents import CONTENTS
from tests.people import Office

CUSTOMERS = 1_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)
#: Of which categories a customer has many rows.
MANY = (Category.ORDER, Category.INTERACTION, Category.POSTAL_ADDRESS, Category.PREFERENCE)


async def fill(
    purpose: models.Purpose,
    categories: Sequence[models.Category],
    login: str = "agent",
    count: int = CUSTOMERS,
) -> Actor:
    """Customers whose rows one agent, and no other, may read for a purpose; gives that agent."""
    agent = await models.Account.create(kind=models.AccountKind.EMPLOYEE, login=login, created_at=NOW)
    notice = await models.Notice.create(
        purpose=purpose, language="en", version=login, text="-", digest="0" * 64, created_at=NOW
    )
    customers = [models.Customer(created_at=NOW, number=f"{login}-{place:06}") for place in range(count)]
    await models.Customer.bulk_create(customers)
    await models.Task.bulk_create(
        models.Task(
            customer_id=customer.id,
            purpose=purpose,
            assignee_id=agent.id,
            opened_at=NOW,
            due_at=NOW + timedelta(days=3650),
        )
        for customer in customers
    )
    for category in categories:
        consents = [
            models.Consent(
                customer_id=customer.id, category=category, purpose=purpose, notice_id=notice.id,
                state=models.ConsentState.GIVEN, permits=True, content=models.ConsentContent("benchmark"),
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
    return Actor("Employee", agent.id, purposes=frozenset({purpose}))


async def linked(office: Office, rows: int) -> models.Customer:
    """A customer with so many rows, a quarter of them in each of `MANY`, and an e-mail address."""
    customer = await office.customer([("contact_point", "support")])
    for category in MANY:
        given = await office.consent(customer, category.value, models.Purpose.SUPPORT)
        model, content = CONTENTS[category]
        held = {
            "customer_id": customer.id,
            "consent_id": given.id,
            "source": "benchmark",
            "collected_at": office.now,
        }
        await model.bulk_create(model(**held, **content) for _ in range(rows // len(MANY)))
    return customer


def p95(seconds: list[float]) -> float:
    """What 95 of 100 rounds stay within; of a single round, that one."""
    return seconds[0] if len(seconds) == 1 else statistics.quantiles(seconds, n=20, method="inclusive")[-1]
