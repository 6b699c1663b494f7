"""What a customer of a generated world has besides data, consents and tasks."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import Random

import models

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def beside(
    chance: Random, customer: models.Customer, partners: Sequence[models.Partner]
) -> Iterator[models.Record]:
    """An access, an attestation, a legal hold, what a partner owes, and a message for each channel."""
    yield models.Access(
        entry=0,
        customer_id=customer.id,
        kind="Employee",
        roles="agent",
        at=AT,
        purposes="support",
        task_ids="",
        fields_read="Customer.number",
    )
    yield models.LegalHold(
        customer_id=customer.id,
        category=chance.choice(list(models.Category)),
        reason=models.HoldReason.LEGAL_CLAIMS,
        basis="case 1",
        placed_at=AT,
        until=AT,
    )
    yield models.Obligation(
        partner_id=chance.choice(partners).id, customer_id=customer.id, created_at=AT, due_at=AT
    )
    yield models.Attestation(
        customer_id=customer.id,
        category=chance.choice(list(models.Category)),
        row_id=customer.id,
        revision=1,
        at=AT,
    )
    for channel in models.MessageChannel:
        yield models.Message(
            customer_id=customer.id,
            template=models.Template.CONTACT_CODE,
            channel=channel,
            state=chance.choice(list(models.MessageState)),
            content=models.MessageContent(None, "-", "-"),
            queued_at=AT,
            next_at=AT,
        )
