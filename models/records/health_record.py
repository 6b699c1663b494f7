"""What ails a customer: a special category of data (GDPR, Art. 9)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from models.base import Category
from models.records.fields import Content
from models.records.personal import Personal


class HealthKind(StrEnum):
    """What a health record is about."""

    CONDITION = "CONDITION"
    ALLERGY = "ALLERGY"


@dataclass(frozen=True, slots=True)
class HealthRecordContent:
    """One condition or allergy; even which of the two it is lies sealed.

    Attributes:
        kind: a `HealthKind`.
        description: what it is, in words.
        code_system: whose code it is, such as `http://snomed.info/sct`.
        code: the code.
        onset_on, abated_on: days as `2026-01-31`; without the second it lasts.
    """

    kind: str
    description: str
    code_system: str | None = None
    code: str | None = None
    onset_on: str | None = None
    abated_on: str | None = None


class HealthRecord(Personal):
    """One health record of a customer."""

    category: ClassVar[Category] = Category.HEALTH

    content = Content(HealthRecordContent)

    class Meta:
        table = "health_records"
