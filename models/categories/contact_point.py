"""How a customer can be reached."""

import re
import unicodedata
from datetime import datetime

from models.base import Choice
from models.declaration import Given, Personal, plain, sealed, shown
from models.errors import Unfit
from models.records import folded
from models.values import checks


class ContactKind(Choice):
    """By what means a contact point reaches somebody."""

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
    """An address in any case, its domain as it is looked up; one that cannot be is folded as it is."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 no start needs its patterns

    try:
        found = validate_email(
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
    return f"{folded(found.local_part)}@{found.ascii_domain or found.domain}".casefold()


def _number(text: str) -> str:
    begins = _INTERNATIONAL.match(text)
    found = _international(text[begins.end() :]) if begins else None
    return found or "".join(str(unicodedata.digit(character)) for character in text if character.isdigit())


def _international(text: str) -> str | None:
    """The digits of a number's E.164 form, and its extension; None of what is no number."""
    import phonenumbers  # noqa: PLC0415 no start needs what it knows of countries

    try:
        found = phonenumbers.parse(f"+{text}")
    except phonenumbers.NumberParseException:
        return None
    number = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
    return f"{number};ext={found.extension}" if found.extension else number


def _value(text: str, field: str, given: Given) -> str:
    """An e-mail address or a telephone number, as its kind asks; old files hold old numbers."""
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
    """One way to reach a customer."""

    kind: ContactKind = plain("By what means it reaches the customer.")
    value: str = sealed(
        "An e-mail address, or a telephone number with its country's code.",
        check_in=_value,
        found_by=reachable,
    )
    verified_at: datetime | None = shown("When the customer was last reached by it to check it.")
