"""What a customer showed to prove who they are; a category of its own, never a picture and never a whole number."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from tortoise import fields

from models.base import Category
from models.records.fields import Content
from models.records.personal import Personal


class Strength(StrEnum):
    """How much a piece of evidence proves, as NIST SP 800-63A counts it."""

    FAIR = "FAIR"
    STRONG = "STRONG"
    SUPERIOR = "SUPERIOR"


class EvidenceKind(StrEnum):
    """What was shown."""

    ELECTRONIC_IDENTITY_CARD = "ELECTRONIC_IDENTITY_CARD"
    ELECTRONIC_PASSPORT = "ELECTRONIC_PASSPORT"
    PASSPORT = "PASSPORT"
    IDENTITY_CARD = "IDENTITY_CARD"
    RESIDENCE_PERMIT = "RESIDENCE_PERMIT"
    DRIVING_LICENCE = "DRIVING_LICENCE"
    STUDENT_CARD = "STUDENT_CARD"
    BANK_STATEMENT = "BANK_STATEMENT"


@dataclass(frozen=True, slots=True)
class EvidenceContent:
    """Who issued it, and the last characters of its number, by which it is told from another."""

    issuer: str
    number_tail: str


class IdentityEvidence(Personal):
    """One document that was shown.

    Attributes:
        supervised: whether the customer and the document were in one room with whoever looked, or on a watched line.
        expires_on: the last day on which the document counts.
    """

    category: ClassVar[Category] = Category.IDENTITY_EVIDENCE

    kind = fields.CharEnumField(EvidenceKind, max_length=40, description="what was shown")
    strength = fields.CharEnumField(Strength, max_length=20)
    supervised = fields.BooleanField()
    expires_on: date = fields.DateField()
    content = Content(EvidenceContent)

    class Meta:
        table = "identity_evidence"
