"""A customer, her colleagues and staff, in an installation that will be backed up."""

from dataclasses import dataclass
from typing import Any

from models import (
    Account,
    Customer,
    Task,
)
from policies.actor import utc_now
from tests.people import Office, Someone

NOTHING: dict[str, Any] = {}


@dataclass
class World:
    """Somebody of each kind, before the backup."""

    office: Office
    customer: Customer
    herself: Someone
    agent: Someone
    colleague: Someone
    officer: Someone

    async def task(self) -> Task:
        return await self.office.task(self.agent, self.customer, "support")


async def peopled() -> World:
    office = Office(now=utc_now())
    customer = await office.customer([("contact_point", "support"), ("order", "support")])
    herself = await office.session(await office.himself(customer))
    agent, colleague = await office.agent("support"), await office.agent("support")
    officer = await office.session(await office.employee("privacy_officer"))
    await Account.all().update(password_hash="a hash of before")
    return World(office, customer, herself, agent, colleague, officer)
