"""The number by which a state knows a person; a category of its own, because the rules for it are stricter."""

import unicodedata
from dataclasses import dataclass
from typing import Any, ClassVar

from tortoise import Model, fields

from models.base import Category
from models.records.fields import BlindIndex, Content
from models.records.personal import Personal
from vault import vault


@dataclass(frozen=True, slots=True)
class PersonalCodeContent:
    """A code as the customer writes it, and the country that gave it, as ISO 3166-1 has it (`LT`)."""

    code: str
    country: str


def compact(text: str) -> str:
    """A code, or a country, in the one spelling that all its spellings share: letters and digits, upper-case."""
    return "".join(
        character for character in unicodedata.normalize("NFKC", text) if character.isalnum()
    ).upper()


class CountryDigest(fields.BinaryField[Any]):
    """What keeps a customer to one code a country: a keyed hash of both, set by naming the country.

    A blind index could not: while its key is being replaced, the same country has two values. And in a hash of
    the country alone the countries could be told from how often they occur.
    """

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> bytes | None:
        """The digest for the row's customer and a country in plain text; raises TypeError where there is no row."""
        if value is None or isinstance(value, bytes):
            return value
        if not isinstance(instance, Model):
            raise TypeError("a country is written by saving its row")
        row: Any = instance
        return bytes.fromhex(vault.current().keyed_hash(f"personal code|{row.customer_id}|{compact(value)}"))

    def to_python_value(self, value: Any) -> Any:
        """What is stored, as bytes; a country in plain text passes until the row is saved."""
        return value if value is None or isinstance(value, str) else bytes(value)


class PersonalCode(Personal):
    """A personal code of a customer: at most one row a customer and country."""

    category: ClassVar[Category] = Category.PERSONAL_CODE

    content = Content(PersonalCodeContent)
    code_index = BlindIndex(compact, "code")
    country_digest = CountryDigest()

    class Meta:
        table = "personal_codes"
