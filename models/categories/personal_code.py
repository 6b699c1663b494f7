"""National identification numbers."""

from typing import Any

from tortoise import Model, fields

from models.declaration import Given, Personal, sealed
from models.values import checks, compact
from vault import vault


class CountryDigest(fields.BinaryField[Any]):
    """Limits a customer to one code for each country: a keyed hash of both, set by assigning the country.

    A blind index could not: while its key is being replaced, the same country has two values. And in a hash of
    the country alone the countries could be told from how often they occur.

    Attributes:
        part: which field of the row's content it is made of.
    """

    part = "country"

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


def _code(text: str, field: str, given: Given) -> str:
    country = checks.country(given.row.get("country") or "", given.at("country"))
    return checks.personal_code(text, country, field)


class PersonalCode(
    Personal,
    table="personal_codes",
    one_per="country",
    in_intake=True,
    term="pd:NationalIdentificationNumber",
    words={"lt": "asmens kodas"},
):
    """A national identification number; stricter rules apply to it, so it is a category of its own."""

    code: str = sealed("The number, as the customer writes it.", check_in=_code, found_by=compact)
    country: str = sealed(
        "The country that issued it, as a code of two letters such as LT.", checks.country, rectified=False
    )
    country_digest = CountryDigest()
