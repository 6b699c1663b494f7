"""What somebody wants to have kept, before there is a customer to keep it of."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tortoise import fields

from models.records.contact_point import ContactKind
from models.records.fields import Content
from models.records.personal_code import PersonalCodeContent
from models.records.postal_address import AddressContent, AddressKind
from models.records.sealed import SealedRow


@dataclass(frozen=True, slots=True)
class IntakePoint:
    """One way to reach somebody."""

    kind: ContactKind
    value: str


@dataclass(frozen=True, slots=True)
class IntakeAddress:
    """One postal address and what it is for."""

    kind: AddressKind
    address: AddressContent


@dataclass(frozen=True, slots=True)
class IntakeConsent:
    """A consent given together with the data: category and purpose by their words, and the notice's id."""

    category: str
    purpose: str
    notice_id: str


@dataclass(frozen=True, slots=True)
class IntakeContent:
    """All that is taken in at once."""

    consents: tuple[IntakeConsent, ...]
    given_name: str | None = None
    family_name: str | None = None
    contact_points: tuple[IntakePoint, ...] = ()
    postal_addresses: tuple[IntakeAddress, ...] = ()
    personal_codes: tuple[PersonalCodeContent, ...] = ()


class Intake(SealedRow):
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

    class Meta:
        table = "intakes"

    @property
    def customer_id(self) -> UUID:  # type: ignore[override]  # the ring is the intake's own
        """Whose ring the content is sealed under: nobody's but this intake's."""
        return self.id
