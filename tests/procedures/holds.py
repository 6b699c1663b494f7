"""Customers who stay while the law holds something of theirs back, and each way in which the last consent can end."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from models import Category, Consent, ContactPoint, Customer, LegalHold, Purpose, Recipient
from models.keys import keyring
from policies.actor import Channel
from procedures import instruction
from procedures.consent import consent, expiry
from procedures.consent.transition import Ended
from procedures.leaving import disclosure, legal_hold
from tests.clocks import at, ran_until
from tests.people import Office, Someone
from tests.procedures.leavers import hold
from vault import vault

VALUE = "jone@example.org"


async def disclosed_by(officer: Someone, hold: LegalHold, show: Callable[[dict[str, Any]], object]) -> int:
    """What a hold keeps back, given to a court by an officer at the console; how many rows."""
    at_console = replace(officer.actor, channel=Channel.CONSOLE)
    return await disclosure.disclose(hold.id, Recipient.COURT, show, by=at_console)


@dataclass
class Kept:
    """A customer with an address, in a category on which a hold stands."""

    office: Office
    customer: Customer
    himself: Someone
    hold: LegalHold
    officer: Someone

    async def consent(self) -> Consent:
        """What the address rests on."""
        return await Consent.get(customer_id=self.customer.id, category=Category.CONTACT_POINT, permits=True)

    async def withdrawn(self) -> list[Ended]:
        """The customer takes the consent back."""
        return [await consent.withdraw((await self.consent()).id, by=self.himself.actor)]

    async def revoked(self) -> list[Ended]:
        """Somebody else ends it."""
        said = await consent.revoke((await self.consent()).id, by=self.officer.actor, evidence="Case 7.")
        return await self._approved(said)

    async def invalidated(self) -> list[Ended]:
        """It turns out never to have been valid."""
        said = await consent.invalidate((await self.consent()).id, by=self.officer.actor, evidence="Case 7.")
        return await self._approved(said)

    async def _approved(self, said: Ended) -> list[Ended]:
        assert said.instruction is not None
        second = await self.office.session(await self.office.employee("privacy_officer"))
        done = await instruction.approve(said.instruction.id, by=second.actor)
        return [Ended(said.consent, done.erased_rows, done.kept_rows, done.held_rows)]

    async def objected(self) -> list[Ended]:
        """The customer objects to the purpose."""
        return (await consent.object(self.customer.id, Purpose.SUPPORT, by=self.himself.actor)).ends

    async def expired(self) -> list[Ended]:
        """It runs out."""
        given = await self.consent()
        await Consent.filter(id=given.id).update(expires_at=self.office.now)
        await ran_until(self.office.now)
        swept = await expiry.expire(clock=self.office.clock)
        return [Ended(given, swept.erased_rows, swept.kept_rows, swept.held_rows)]

    async def consents_anew(self, value: str) -> ContactPoint:
        """The customer consents once more, and gives another address."""
        given = await consent.give(
            self.customer.id, Category.CONTACT_POINT, Purpose.SUPPORT, (await self.office.notice("support")).id,
            by=self.himself.actor, evidence="form 8",
        )  # fmt: skip
        row = await self.office.row(
            self.customer, given, content=ContactPoint.Content(value), value_index=value
        )
        assert isinstance(row, ContactPoint)
        return row

    async def disclosed(self, by: LegalHold | None = None) -> list[str]:
        """The addresses that a hold keeps back, opened."""
        vault.current().forget()
        told: list[dict[str, Any]] = []
        await disclosed_by(self.officer, by or self.hold, told.append)
        return [each["content"]["value"] for each in told]

    async def ends(self) -> None:
        """The officer ends the hold."""
        await legal_hold.end(self.hold.id, by=self.officer.actor)

    async def runs_out(self) -> None:
        """The day of the hold comes."""
        await ran_until(self.hold.until)
        await legal_hold.expire(clock=at(self.hold.until))


Ending = Callable[[Kept], Awaitable[list[Ended]]]
ENDINGS: list[Ending] = [Kept.withdrawn, Kept.revoked, Kept.invalidated, Kept.objected, Kept.expired]
OVER: list[Callable[[Kept], Awaitable[None]]] = [Kept.ends, Kept.runs_out]


async def kept(office: Office, *more: tuple[str, str], held: bool = True) -> Kept:
    """A customer with an address and a hold on it, and what else is consented to; without `held` the hold is over."""
    customer = await office.customer([("contact_point", "support"), *more])
    himself = await office.session(await office.himself(customer))
    made = await hold(office, customer, Category.CONTACT_POINT)
    officer = await office.session(await office.employee("privacy_officer"))
    found = Kept(office, customer, himself, made, officer)
    if not held:
        await found.ends()
    return found


async def commitments(customer: Customer, category: str = "contact_point") -> list[bytes]:
    """The keys of a category on a customer's ring, the oldest first, by what names them."""
    vault.current().forget()
    ring = (await keyring.rings([customer.id])).get(str(customer.id))
    return [key.commitment for key in ring._keys.get(category, ())] if ring else []


async def sealed_under(row: Any) -> bytes:
    """The commitment of the key that a row is sealed under, as it lies there."""
    found: Any = await type(row).get(id=row.id)
    return bytes(found.content.commitment)
