"""Health records: a special category of data, which only a customer's own, explicit consent to it opens the door for."""

import re
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from stdnum import verhoeff

from models import Category, HealthKind, HealthRecord, HealthRecordContent, Purpose
from models.database import transaction
from models.event import Event
from policies.asker import Asker
from procedures.errors import Unfit
from procedures.ledger import record
from procedures.submission import submission
from procedures.submission.submission import Envelope, Kind, SubmissionRefused, unfit
from procedures.values import line, refuse_cards

KIND: Final = Kind(
    "submit_health_record",
    Category.HEALTH,
    # As for payment cards, whoever seals it names the purpose.
    Purpose.needed("care", "health records are sealed for it"),
    frozenset({"kind", "description", "codeSystem", "code", "onsetOn", "abatedOn"}),
)
SOURCE: Final = "sealed submission"
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,39}", re.ASCII)


async def submit(customer_id: UUID, envelope: Envelope, *, by: Asker) -> HealthRecord:
    """Take a health record in.

    What is sealed: `kind` and `description`, and, if known, `codeSystem`, `code`, `onsetOn` and `abatedOn`.

    Raises:
        Refused: the asker may not submit a health record for this customer.
        ConsentRequired: the customer does not consent to the keeping of health records for care.
        SubmissionRefused: it does not open, was sent before, or holds what cannot be used.
    """
    async with submission.refusals(KIND, customer_id, by=by), transaction():
        received = await submission.received(KIND, customer_id, envelope, by=by)
        row = await HealthRecord.create(
            customer_id=customer_id,
            consent_id=received.consent.id,
            source=SOURCE,
            collected_by=by.actor_id,
            collected_at=by.now,
            content=content(received.values, by.now),
        )
        record(Event.HEALTH_RECORD_SUBMITTED, by, health_record=row.id, customer=customer_id)
        return row


def content(values: dict[str, Any], now: datetime) -> HealthRecordContent:
    """A health record from its members.

    Raises:
        SubmissionRefused: a value cannot be used.
    """
    kind, system, code = values.get("kind"), values.get("codeSystem"), values.get("code")
    if kind is None or kind not in HealthKind.__members__:
        raise unfit(f"The kind is one of: {', '.join(HealthKind)}.", "kind")
    if (system is None) != (code is None):
        raise unfit("A code needs its system, and a system a code.", "code")
    onset = _day(values.get("onsetOn"), "onsetOn", now)
    abated = _day(values.get("abatedOn"), "abatedOn", now)
    if onset and abated and abated < onset:
        raise unfit("It cannot have ended before it began.", "abatedOn")
    return HealthRecordContent(
        kind=kind,
        description=_text(values.get("description") or "", "description", 500),
        code_system=system and _text(system, "codeSystem", 100),
        code=code and _code(code),
        onset_on=onset,
        abated_on=abated,
    )


def _text(written: str, field: str, longest: int) -> str:
    try:
        return line(written, field, longest)
    except Unfit as error:
        raise SubmissionRefused(
            error.code.replace("BAD_USER_INPUT", "SUBMISSION_UNFIT"), error.message, field
        ) from None


def _code(written: str) -> str:
    if not _CODE.fullmatch(written):
        raise unfit("A code consists of letters, digits, points and dashes.", "code")
    # The codes of SNOMED CT are as long as cards' numbers, and have a check digit of their own.
    if not verhoeff.is_valid(written):
        refuse_cards(written, "code")
    return written


def _day(written: str | None, field: str, now: datetime) -> str | None:
    if written is None:
        return None
    try:
        found = date.fromisoformat(written)
    except ValueError:
        raise unfit("A day is written as 2026-01-31.", field) from None
    if found > now.date() or found.isoformat() != written:
        raise unfit("A day is written as 2026-01-31, and lies in the past.", field)
    return written
