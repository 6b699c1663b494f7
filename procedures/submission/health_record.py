"""Health records: a special category of data, taken only with the customer's own, explicit consent to it."""

from typing import Final
from uuid import UUID

from models import Category, HealthRecord, Purpose, camel
from models.database import transaction
from models.event import Event
from policies.actor import Actor
from procedures.ledger import record
from procedures.submission import submission
from procedures.submission.submission import Envelope, Kind
from procedures.suppression import writing

KIND: Final = Kind(
    "submit_health_record",
    Category.HEALTH_RECORD,
    # As with payment cards, the sealed data are bound to the purpose.
    Purpose.needed("care", "health records are sealed for it"),
    frozenset(map(camel, HealthRecord.declared.parts)),
)
SOURCE: Final = "sealed submission"


async def submit(customer_id: UUID, envelope: Envelope, *, by: Actor) -> HealthRecord:
    """Store a health record that was submitted sealed.

    What is sealed: `kind` and `description`, and, if known, `codeSystem`, `code`, `onsetOn` and `abatedOn`.

    Raises:
        Refused: the actor may not submit a health record for this customer.
        ConsentRequired: the customer does not consent to the keeping of health records for care.
        SubmissionRefused: the submission does not open, was sent before, or holds what cannot be used.
    """
    async with submission.refusals(KIND, customer_id, by=by), transaction():
        received = await submission.received(KIND, customer_id, envelope, by=by)
        row = submission.read(HealthRecord, received.values, by.now)
        row.customer_id, row.consent_id = customer_id, received.consent.id
        row.source, row.collected_by, row.collected_at = SOURCE, by.actor_id, by.now
        await writing.write(row, by)
        record(Event.HEALTH_RECORD_SUBMITTED, by, health_record=row.id, customer=customer_id)
        return row
