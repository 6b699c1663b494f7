"""A customer who surely is reached, the codes that went to them, and who asks for them."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import models
from models import opened
from policies.actor import Actor
from procedures.access import Throttle
from procedures.passwords import password_code, requested
from tests.people import Office

WEEK = timedelta(days=7, seconds=1)
PASSWORD = "correct horse battery"
PLACE = "192.0.2.1"


@dataclass
class Ona:
    """A customer with an e-mail address that a colleague wrote down, and that another one confirmed, a week ago."""

    office: Office
    customer: models.Customer
    point: models.ContactPoint
    writer: Actor
    confirmer: Actor

    @classmethod
    async def made(cls, office: Office, **values: Any) -> "Ona":
        """Ona, in an office."""
        customer = await office.customer()
        writer, confirmer = [(await office.employee("agent")).actor for _ in range(2)]
        made = cls(office, customer, models.ContactPoint(), writer, confirmer)
        made.point = await made.reached_at("ona@example.org", **values)
        return made

    async def reached_at(self, value: str, **values: Any) -> models.ContactPoint:
        """Another contact point of hers, as sure as the first unless values say otherwise."""
        found = await models.Consent.get_or_none(customer_id=self.customer.id)
        consent = found or await self.office.consent(self.customer, "contact_point", "support")
        long_ago = self.office.now - WEEK
        sure = {
            "content": models.ContactPoint.Content(value), "value_index": value, "collected_at": long_ago,
            "collected_by": self.writer.actor_id, "verified_at": long_ago, "verified_by": self.confirmer.actor_id,
            "verification_expires_at": self.office.now + timedelta(days=365), "kind": "EMAIL",
        }  # fmt: skip
        return await models.ContactPoint.create(
            customer_id=self.customer.id, consent_id=consent.id, source="counter", **sure | values
        )

    async def asks(self, login: str | None = None) -> int:
        """Ask for a code as somebody who forgot the password; returns how many were sent."""
        wanted = self.customer.number if login is None else login
        await password_code.request(wanted, address=PLACE, clock=self.office.clock, throttle=Throttle())
        return await requested.work_off(clock=self.office.clock)

    async def codes(self) -> list[str]:
        """The codes that were sent to her, the latest first."""
        sent = models.Message.filter(customer_id=self.customer.id, template="password_code")
        texts = [(await opened(each)).text for each in await sent.order_by("-queued_at")]
        return [re.findall(r"\b[A-Z0-9]{6}-[A-Z0-9]{6}-[A-Z0-9]{5}\b", text)[0] for text in texts]

    async def sets(
        self, code: str, password: str = PASSWORD, app_code: str | None = None, **more: Any
    ) -> str:
        """Set the password by a code."""
        given = {"address": PLACE, "clock": self.office.clock, "throttle": Throttle(), **more}
        login = given.pop("login", self.customer.number)
        return await password_code.use(login, code, password, app_code, **given)

    async def told(self, template: str) -> list[tuple[str, Any]]:
        """Where she was told something: the channel, and the contact point."""
        rows = models.Message.filter(customer_id=self.customer.id, template=template)
        return [(each.channel, each.contact_point_id) for each in await rows.order_by("channel", "id")]
