"""What a customer of a generated world has besides data, consents and tasks."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from tortoise import Model

import models

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def beside(
    chance: Random, customer: models.Customer, partners: Sequence[models.Partner], staff: Sequence[UUID]
) -> Iterator[models.Record]:
    """An access, an attestation, a legal hold, what a partner owes, requests, instructions, and a message for each channel."""
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
    for state in chance.sample(list(models.RequestState), 2):
        over = state in (models.RequestState.GRANTED, models.RequestState.REFUSED)
        yield models.Request(
            customer_id=customer.id,
            kind=models.RequestKind.RECTIFICATION,
            category=chance.choice(list(models.Category)),
            record_id=customer.id,
            record_revision=1,
            content=models.RequestContent("number", "N-2", "A slip."),
            state=state,
            received_at=AT,
            due_at=AT + timedelta(days=30),
            extended_at=AT,
            decided_at=AT if over else None,
            decided_by_id=chance.choice(staff) if over else None,
        )
    yield from instructions(chance, customer, staff)
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


def instructions(
    chance: Random, customer: models.Customer, staff: Sequence[UUID]
) -> Iterator[models.Instruction]:
    """Two instructions about consents of a customer, in different states."""
    for state in chance.sample(list(models.InstructionState), 2):
        waits = state is models.InstructionState.WAITING
        recorder, decider = chance.sample(list(staff), 2)
        yield models.Instruction(
            customer_id=customer.id,
            kind=chance.choice(list(models.InstructionKind)),
            consent_category=chance.choice([None, *models.Category]),
            consent_purpose=chance.choice([None, *models.Purpose]),
            special=chance.random() < 0.3,
            content=models.InstructionContent("She said so."),
            state=state,
            recorded_by_id=recorder,
            recorded_at=AT,
            due_at=AT + timedelta(days=30),
            decided_by_id=None if waits else decider,
            decided_at=None if waits else AT,
        )


async def suspend(chance: Random, rows: Sequence[Model]) -> None:
    """Suspend one in four of the consents that permit; only now, for under such a one no row could be written."""
    said = {row.customer_id: row.id for row in rows if isinstance(row, models.Instruction)}
    for row in rows:
        if isinstance(row, models.Consent) and row.permits and chance.random() < 0.25:
            row.suspended_by_id = said[row.customer_id]
            await row.save(update_fields=["suspended_by_id"])
