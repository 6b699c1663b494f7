"""What a customer wants to hear about, by which channel, when and how often."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from tortoise import fields

from models.base import Category
from models.records.fields import Content
from models.records.personal import Personal


class ContactChannel(StrEnum):
    """A channel that a customer may wish to be addressed by."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    POST = "POST"


@dataclass(frozen=True, slots=True)
class PreferenceContent:
    """One declared wish: a topic, how many messages a month at most, and the hours of the day."""

    topic: str
    monthly_limit: int = 0
    hours: str | None = None


class Preference(Personal):
    """One wish of a customer; without a wish there is silence."""

    category: ClassVar[Category] = Category.PREFERENCE

    channel = fields.CharEnumField(ContactChannel, max_length=20)
    content = Content(PreferenceContent)

    class Meta:
        table = "preferences"
