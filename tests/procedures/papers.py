"""A customer who does not sign in and writes a letter, and those who record, decide and deliver what it asks for."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from models import (
    Category,
    Consent,
    ContactKind,
    ContactPoint,
    Customer,
    Export,
    Instruction,
    InstructionKind,
    Medium,
    Message,
    Proof,
    Template,
    opened,
)
from policies.actor import Actor
from procedures import current, export, instruction
from procedures.consent import Wanted
from procedures.instruction import Received
from procedures.sending import SMTP, Gateway
from tests.people import Office, Someone
from tests.procedures.taking import READ

MARK = "letter 12 of 28 May"
#: What a letter can ask for as a whole.
RIGHTS = (InstructionKind.ACCESS, InstructionKind.EXPORT, InstructionKind.RESTRICT, InstructionKind.LEAVE)


@dataclass
class Desk:
    """Who works there, and a customer with two contact points that were verified long ago."""

    office: Office
    customer: Customer
    agent: Someone
    officer: Someone
    manager: Someone

    async def point(self, kind: ContactKind, value: str, **values: object) -> ContactPoint:
        """A contact point of the customer's, verified ten days ago unless told otherwise."""
        consent = await Consent.get(customer_id=self.customer.id, category=Category.CONTACT_POINT)
        given = {"verified_at": self.office.now - timedelta(days=10), "kind": kind} | values
        content = ContactPoint.Content(value)
        row = await self.office.row(self.customer, consent, content=content, **given)
        assert isinstance(row, ContactPoint)
        return row

    async def only_point(self, **values: object) -> ContactPoint:
        """An e-mail address that is the only contact point that the customer has."""
        await ContactPoint.filter(customer_id=self.customer.id).delete()
        return await self.point(ContactKind.EMAIL, "mine@example.org", **values)

    async def records(
        self,
        kind: InstructionKind,
        *,
        by: Someone | None = None,
        proof: Proof = Proof.IAL2,
        ago: int = 1,
        suppress: bool = False,
    ) -> Instruction:
        """What a letter asks for that came so many days ago, recorded by the agent unless by somebody else."""
        day = (self.office.now - timedelta(days=ago)).date()
        received = Received(Medium.LETTER, day, proof, suppress)
        who = (by or self.agent).actor
        return await instruction.record(Wanted(kind, self.customer.id), MARK, received, by=who)

    async def confirmed(self, someone: Someone) -> Actor:
        """Somebody in a session that was confirmed just now."""
        return (await self.office.session(someone)).actor

    async def approves(self, said: Instruction) -> Instruction:
        """What comes of an instruction that the privacy officer approves."""
        return (await instruction.approve(said.id, by=await self.confirmed(self.officer))).instruction

    async def makes(self) -> int:
        """Make the archives that wait, and send their links; of how many."""
        await export.finish(READ, clock=self.office.clock)
        return await instruction.delivery.send(clock=self.office.clock)

    async def sent(self) -> tuple[str, str | None]:
        """The token and the code, as the latest messages bring them."""
        link, code = await self._latest(Template.ARCHIVE_LINK), await self._latest(Template.ARCHIVE_CODE)
        assert link is not None
        token = link.partition("/delivery/")[2].split()[0]
        return token, code.split()[0] if code else None

    async def _latest(self, template: Template) -> str | None:
        found = await Message.filter(customer_id=self.customer.id, template=template).order_by(
            "-queued_at", "-id"
        )
        return (await opened(found[0])).text if found else None

    async def archives(self) -> int:
        return await Export.filter(customer_id=self.customer.id).count()


async def desk(office: Office, *, telephone: bool = True) -> Desk:
    """The scene; mail and text messages are configured, and nothing is sent by them."""
    here = current.installation()
    here.addresses = replace(
        here.addresses,
        smtp=SMTP.parse("smtp://127.0.0.1:9?from=crm@savas.example"),
        sms=Gateway("https://sms.example/send", Path("secret")),
        public="https://crm.example",
    )
    customer = await office.customer([("identity", "support"), ("contact_point", "support")], rows=False)
    consent = await Consent.get(customer_id=customer.id, category=Category.IDENTITY)
    await office.row(customer, consent)
    agent = await office.agent("support")
    await office.task(agent, customer, "support", days=90)
    made = Desk(
        office, customer, agent, await office.employee("privacy_officer"), await office.employee("manager")
    )
    await made.point(ContactKind.EMAIL, "jone@example.org")
    if telephone:
        await made.point(ContactKind.PHONE, "+370 600 00001")
    return made


def later(office: Office, days: float) -> datetime:
    """Let days pass."""
    office.now += timedelta(days=days)
    return office.now
