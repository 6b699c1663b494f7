"""What was said between a customer and us."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from tortoise import fields

from models.base import Category
from models.records.fields import Content
from models.records.personal import Personal


class InteractionChannel(StrEnum):
    """How an interaction took place."""

    NOTE = "NOTE"
    CALL = "CALL"
    EMAIL = "EMAIL"
    MEETING = "MEETING"


@dataclass(frozen=True, slots=True)
class InteractionContent:
    """A subject line and what was said."""

    subject: str
    body: str | None = None


class Interaction(Personal):
    """One note, call, e-mail or meeting about a customer."""

    category: ClassVar[Category] = Category.INTERACTION

    channel = fields.CharEnumField(InteractionChannel, max_length=20)
    occurred_at = fields.DatetimeField()
    content = Content(InteractionContent)

    class Meta:
        table = "interactions"
