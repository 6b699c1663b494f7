"""How a customer can be reached."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from tortoise import fields

from models.base import Category
from models.fields import Content, Index, folded
from models.personal import Personal


class ContactKind(StrEnum):
    """By what means a contact point reaches somebody."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    FAX = "FAX"


@dataclass(frozen=True, slots=True)
class ContactContent:
    """An e-mail address, or a telephone number as the customer writes it."""

    value: str


def reachable(text: str) -> str:
    """One spelling of a contact value: addresses folded, numbers as their digits."""
    if "@" in text:
        return folded(text)
    return "".join(character for character in text if character.isdigit())


class ContactPoint(Personal):
    """One way to reach a customer."""

    category: ClassVar[Category] = Category.CONTACT

    kind = fields.CharEnumField(ContactKind, max_length=20)
    content = Content(ContactContent)
    value_index = Index(reachable, "value")

    class Meta:
        table = "contact_points"
