"""E-mail addresses, telephone and fax numbers."""

import re
import unicodedata
from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Choice
from models.declaration import Given, Personal, plain, sealed, shown
from models.errors import Unfit
from models.records import folded
from models.values import checks


class ContactKind(Choice):
    """The kind of a contact point."""

    EMAIL = "EMAIL", "An e-mail address."
    PHONE = "PHONE", "A telephone number."
    FAX = "FAX", "A fax number."


#: How an international number begins, perhaps in brackets.
_INTERNATIONAL = re.compile(r"[^\w+]*(?:\+|00)")


def reachable(text: str) -> str:
    """The one spelling that all spellings of a contact value share; any text has one, whether it reaches or not.

    A telephone number that begins with `+` or `00` becomes the digits of its E.164 form. Of any other the digits
    stay as they are written: the region is unknown, and the same digits are another number in another country.
    The plus sign itself is left out, because people leave it out; so `370 600 12345` finds `+370 600 12345`.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    return _address(text) if "@" in text else _number(text)


def _address(text: str) -> str:
    """An address in small letters, its domain in ASCII; one that is malformed is only folded."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 no start needs its patterns

    try:
        address = validate_email(
            text,
            allow_quoted_local=True,
            allow_domain_literal=True,
            # A name that nobody can look up from here (`example.test`, `intranet`) is spelled in several ways too.
            check_deliverability=False,
            globally_deliverable=False,
            test_environment=True,
        )
    except EmailNotValidError:
        return folded(text)
    return f"{folded(address.local_part)}@{address.ascii_domain or address.domain}".casefold()


def _number(text: str) -> str:
    prefix = _INTERNATIONAL.match(text)
    number = _international(text[prefix.end() :]) if prefix else None
    return number or "".join(str(unicodedata.digit(character)) for character in text if character.isdigit())


def _international(text: str) -> str | None:
    """The digits of a number's E.164 form, and its extension; None where it is no number."""
    import phonenumbers  # noqa: PLC0415 no start needs what it knows of countries

    try:
        parsed = phonenumbers.parse(f"+{text}")
    except phonenumbers.NumberParseException:
        return None
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
    return f"{number};ext={parsed.extension}" if parsed.extension else number


def _value(text: str, field: str, given: Given) -> str:
    """The value, checked as its kind requires; an imported telephone number need only hold a digit."""
    if given.row["kind"] == ContactKind.EMAIL:
        return checks.email(text, field)
    if not given.imported:
        return checks.phone(text, field)
    if not any(character.isdigit() for character in text):
        raise Unfit("The telephone number holds no digit.", field, code="PHONE_INVALID")
    return text


class ContactPoint(
    Personal,
    table="contact_points",
    written_by_customers=True,
    in_intake=True,
    term="pd:Contact",
    words={"lt": "kontaktai"},
):
    """An e-mail address, telephone number or fax number of a customer.

    Attributes:
        verified_by: the account by which the code came back that verified it last.
    """

    kind: ContactKind = plain("The kind of contact point.")
    value: str = sealed(
        "The e-mail address, or the number with its country code.",
        check_in=_value,
        found_by=reachable,
    )
    verified_at: datetime | None = shown(
        "When it was last verified that it reaches the customer; null if it was not."
    )
    verified_by: UUID | None = fields.UUIDField(null=True)
