"""Somebody and something of each kind, of all of which the ledger knows."""

from dataclasses import dataclass
from datetime import timedelta

import models
from models import Category
from models.database import transaction
from tests.ledger import adopt
from tests.people import Office, Someone
from tests.procedures import records


@dataclass
class House:
    """Somebody and something of each kind, of all of which the ledger knows."""

    office: Office
    customer: models.Customer
    consent: models.Consent
    refused: models.Consent
    recorded: models.Consent
    agent: Someone
    colleague: Someone
    client: Someone
    agreement: models.Agreement
    task: models.Task
    glass: models.BreakGlass
    instruction: models.Instruction
    hold: models.LegalHold
    session: models.Session
    totp: models.Totp


async def known(office: Office) -> House:
    """A house of which the ledger was told."""
    customer = await office.customer([("contact_point", "support")], restricted=True)
    refused = await office.consent(customer, "contact_point", "marketing", state="WITHDRAWN")
    await models.Consent.filter(id=refused.id).update(denies=True)
    recorded = await office.consent(customer, "identity", "support")
    agent, colleague = await office.agent("support"), await office.session(await office.employee("manager"))
    await models.Consent.filter(id=recorded.id).update(recorded_by_id=agent.actor.actor_id)
    partner = await office.partner()
    bound = await office.agreement(partner, "support", "contact_point.value")
    hold = await models.LegalHold.create(
        customer_id=customer.id, category=Category.CONTACT_POINT, reason=models.HoldReason.LEGAL_CLAIMS, basis="case 1",
        placed_at=office.now, until=office.now + timedelta(days=30),
    )  # fmt: skip
    enrolled = models.Totp(actor_id=colleague.actor.actor_id, created_at=office.now, confirmed_at=office.now)
    await enrolled.seal_secret("JBSWY3DPEHPK3PXP")
    await enrolled.save()
    consent = await models.Consent.get(customer_id=customer.id, category="contact_point", purpose="support")
    said = await models.Instruction.create(
        customer_id=customer.id, kind="WITHDRAW", consent_purpose="support", special=True,
        content=models.InstructionContent("She said so."), recorded_by_id=agent.actor.actor_id, recorded_at=office.now,
        due_at=office.now + timedelta(days=30),
    )  # fmt: skip
    await models.Consent.filter(id=consent.id).update(suspended_by_id=said.id)
    made = House(
        office, customer, consent, refused, recorded, agent, colleague, await office.partner_client(partner, "support"), bound,
        await office.task(colleague, customer, "support"), await office.break_glass(agent, customer, "support", "contact_point"), said,
        hold, await models.Session.get(id=colleague.actor.session_id), enrolled,
    )  # fmt: skip
    await models.Difference.create(
        field="Order.total", granted=True, policy="0" * 16, row_id=customer.id, found_at=office.now
    )
    await models.ClockDoubt.create(
        kind=models.DoubtKind.AHEAD, latest_at=office.now, clock_at=office.now + timedelta(days=9000)
    )
    await models.Finding.create(customer_id=customer.id, actor_id=agent.actor.actor_id, at=office.now)
    await models.Scan.create(
        customer_id=customer.id, size=3, added_by_id=agent.actor.actor_id, begun_at=office.now
    )
    await models.Request.create(
        customer_id=customer.id, kind=models.RequestKind.RECTIFICATION, category=models.Category.CONTACT_POINT,
        content=models.RequestContent("value", "x", "A slip."), received_at=office.now,
        due_at=office.now + timedelta(days=30),
    )  # fmt: skip
    await models.PasswordCode.create(
        customer_id=customer.id,
        digest=b"0" * 32,
        sent_at=office.now,
        expires_at=office.now + timedelta(days=1),
    )
    await records.task_review(made.task, agent.actor.actor_id, colleague.actor.actor_id)
    async with transaction():
        await adopt()
    return made
