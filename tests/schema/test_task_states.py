"""What each role reads by a task of each purpose in each state: everything that the purpose needs, and nothing besides."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

import models
from models import Category, Purpose, camel
from policies.policy import in_force
from tests.campaigns import Campaign
from tests.people import Office, Someone

RECORDS = "consents { category purpose } attestations { category } requests { category }"
#: By category, the edge of a customer that leads to it.
EDGES = {category: edge for edge, category in (
    ("identity", "identity"), ("identityEvidence", "identity_evidence"), ("personalCodes", "personal_code"),
    ("contactPoints", "contact_point"), ("postalAddresses", "postal_address"), ("preferences", "preference"),
    ("interactions", "interaction"), ("orders", "order"), ("paymentCards", "payment_card"),
    ("healthRecords", "health_record"),
)}  # fmt: skip
READ = f"{{ customers {{ nodes {{ number {RECORDS} {' '.join(f'{edge} {{ id }}' for edge in EDGES.values())} }} }} }}"
STATES = ("open", "due", "over", "without a day", "closed", "somebody else's", "of a deactivated account")
ROLES = ("agent", "administrator", "manager", "privacy_officer")


@dataclass
class Scene:
    """A customer who consents to everything for everything, with one of each record about each category."""

    office: Office
    customer: models.Customer

    @classmethod
    async def set_up(cls, office: Office) -> "Scene":
        """Make the customer."""
        consents = [(category, purpose) for category, purpose in product(Category, Purpose)]
        customer = await office.customer([(category.value, purpose.value) for category, purpose in consents])
        for category in Category:
            row = (await models.PERSONAL[category].filter(customer_id=customer.id))[0]
            await models.Attestation.create(
                customer_id=customer.id, category=category, row_id=row.id, revision=1, at=office.now
            )
            await models.Request.create(
                customer_id=customer.id, kind=models.RequestKind.RECTIFICATION, category=category, record_id=row.id,
                record_revision=1, content=models.RequestContent("number", "N-2", "A slip."),
                received_at=office.now, due_at=office.now + timedelta(days=31),
            )  # fmt: skip
        return cls(office, customer)

    async def somebody(self, role: str, purpose: Purpose, state: str) -> Someone:
        """Somebody with a role, who states a purpose and has a task for it in a state."""
        person = await self.office.employee(role, purposes=[purpose.value])
        carrier = await self.office.agent() if state == "somebody else's" else person
        days: dict[str, datetime | None] = {
            "due": self.office.now, "over": self.office.now - timedelta(days=1), "without a day": None,
        }  # fmt: skip
        status = "CLOSED" if state == "closed" else "OPEN"
        task = await self.office.task(carrier, self.customer, purpose.value, status=status)
        if state in days:
            await models.Task.filter(id=task.id).update(due_at=days[state])
        if state == "of a deactivated account":
            await models.Account.filter(id=person.actor.actor_id).update(active=False)
        return person


async def read(person: Someone) -> Any:
    """What they read of the customer; None where there is none for them."""
    answer = await person.asks(READ)
    assert not answer.errors, answer.errors
    nodes = answer.data["customers"]["nodes"]
    return nodes[0] if nodes else None


def categories(nodes: Any) -> set[str]:
    """The categories that records are about."""
    return {node["category"].lower() for node in nodes or ()}


@pytest.mark.parametrize("role", ROLES)
async def test_a_task_opens_what_its_purpose_needs_until_its_day(
    office: Office, role: str, campaign: Campaign
) -> None:
    scene, cells = await Scene.set_up(office), 0
    # Of a sample each purpose meets each state with one role at least.
    some = list(enumerate(product(Purpose, STATES)))[
        ROLES.index(role) :: campaign.of(short=len(ROLES), long=1)
    ]
    for _, (purpose, state) in some:
        found = await read(await scene.somebody(role, purpose, state))
        needed = (
            {need for stated, need in in_force().needs if stated == purpose} if state == "open" else set()
        )
        officer, oversees = role == "privacy_officer", role in ("manager", "privacy_officer")

        assert (found is not None) == (bool(needed) or oversees)
        if found is None:
            continue
        everything = {category.value for category in Category}
        assert {category for category, edge in EDGES.items() if found[edge]} == needed, (purpose, state)
        assert categories(found["attestations"]) == needed
        assert categories(found["requests"]) == (everything if officer else needed)
        assert categories(found["consents"]) == (everything if officer else needed)
        if not officer:
            assert {node["purpose"].lower() for node in found["consents"]} <= {purpose.value}
        cells += len(EDGES) + 3 * len(Category)
    campaign.tried(cells, "categories, records about them and consents to them, seen by a task of some state")
    assert cells


def test_every_category_has_its_edge() -> None:
    assert set(EDGES) == {category.value for category in Category}
    assert camel("personal_codes") in EDGES.values()
