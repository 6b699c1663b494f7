"""The data of somebody who is being taken in, before there is a customer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from tortoise import fields

from models.records.fields import Content
from models.records.sealed import SealedRow


@dataclass(frozen=True, slots=True, repr=False)
class IntakeRow:
    """One row: its category, and its values by the names of the fields, as they are stored."""

    category: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class IntakeConsent:
    """A consent given together with the data: category, purpose and the notice's id, as text."""

    category: str
    purpose: str
    notice_id: str


@dataclass(frozen=True, slots=True, repr=False)
class IntakeContent:
    """The consents and rows of one intake."""

    consents: tuple[IntakeConsent, ...]
    rows: tuple[IntakeRow, ...] = ()


class Intake(SealedRow, table="intakes"):
    """One intake: of a visitor, under a ring of its own until the code comes back; of staff, done at once.

    Attributes:
        key_digest: a keyed hash of the key that the client made up, which is its only way back here.
        content: what was entered; gone once there is a customer.
        code_digest: a keyed hash of the code, 32 bytes; None where no code was needed.
        became: the customer, once there is one.
        expires_at: when the row and its ring are destroyed.
    """

    category: ClassVar[str] = "intake"

    key_digest = fields.BinaryField()
    content = Content(IntakeContent, null=True)
    code_digest: bytes | None = fields.BinaryField(null=True)
    tries = fields.IntField(default=0)
    became: UUID | None = fields.UUIDField(null=True)
    begun_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField(db_index=True)

    @property
    def customer_id(self) -> UUID:  # type: ignore[override]  # the ring is the intake's own
        """Whose ring the content is sealed under: nobody's but this intake's."""
        return self.id
