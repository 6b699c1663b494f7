"""Checks of entered values by their form alone; an error never repeats the value.

    EMAIL_INVALID           no e-mail address
    PHONE_INVALID           no telephone number with its country's code
    COUNTRY_INVALID         no country of ISO 3166-1 by its letters or its English name
    POSTAL_CODE_INVALID     nothing that a postal code could be
    PERSONAL_CODE_INVALID   not a personal code of that country
    NAME_INVALID            control characters, or such as turn the reading direction

Nothing is looked up outside: whether an address is anybody's shows when a code that was sent there comes back.
"""

import re
import unicodedata
from datetime import date
from typing import Final

from iso3166 import countries_by_alpha2, countries_by_alpha3, countries_by_apolitical_name, countries_by_name
from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

from models.errors import Unfit
from models.values.plain import line

#: Characters that turn the reading direction can make one name look like another.
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_POSTAL_CODE: Final = re.compile(r"[A-Z0-9](?:[A-Z0-9 -]{0,8}[A-Z0-9])?", re.ASCII)
#: What python-stdnum calls the personal code of a country; of others the form alone is judged.
_CODES: Final = {
    "BE": "nn", "BG": "egn", "CZ": "rc", "DK": "cpr", "EE": "ik", "ES": "dni", "FI": "hetu", "FR": "nir",
    "HR": "oib", "IE": "pps", "IT": "codicefiscale", "LT": "asmens", "LV": "pk", "NL": "bsn", "NO": "fodselsnummer",
    "PL": "pesel", "RO": "cnp", "SE": "personnummer", "SI": "emso", "SK": "rc",
}  # fmt: skip
_ANY_CODE: Final = re.compile(r"[A-Z0-9]{4,30}", re.ASCII)
#: Kosovo's letters are for use between those who agree on them; ISO 3166-1 has none.
_COUNTRIES: Final = countries_by_alpha2.keys() - {"XK"}
#: The two letters by the three, and by the English name of ISO 3166-1 or the one in use.
_SPELLED: Final = {
    name: country.alpha2
    for spelled in (countries_by_apolitical_name, countries_by_name, countries_by_alpha3)
    for name, country in spelled.items()
}


def controls(character: str) -> bool:
    """Whether a character is none that people write, but one that steers what shows them."""
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _TURNING


def email(text: str, field: str) -> str:
    """An e-mail address, spelled as its domain is looked up."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 no start needs its patterns

    try:
        address = validate_email(text.strip(), check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        raise Unfit(
            "This is no e-mail address. Check how it is spelt.", field, code="EMAIL_INVALID"
        ) from None
    return address.normalized


def phone(text: str, field: str) -> str:
    """A telephone number in its E.164 form, `+37060012345`."""
    import phonenumbers  # noqa: PLC0415 no start needs what it knows of countries

    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text).strip())
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number) or number.extension:
        raise Unfit(
            "This is no telephone number. Write it with its country's code, as in +370 600 12345.",
            field,
            code="PHONE_INVALID",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country(text: str, field: str) -> str:
    """A country's two letters, in capitals, from these, its three letters or its English name."""
    spelled = text.strip().upper()
    code = _SPELLED.get(spelled, spelled)
    if code not in _COUNTRIES:
        raise Unfit("This is no country. Write its two letters, such as LT.", field, code="COUNTRY_INVALID")
    return code


def postal_code(text: str, field: str) -> str:
    """A postal code: Latin letters, digits, blanks and hyphens, at most ten. Each country has rules of its own."""
    code = text.strip().upper()
    if not _POSTAL_CODE.fullmatch(code):
        raise Unfit("This is no postal code. Write letters and digits.", field, code="POSTAL_CODE_INVALID")
    return code


def personal_code(text: str, country: str, field: str) -> str:
    """A personal code of a country, as it is written, once its check digits are right."""
    name = _CODES.get(country)
    try:
        module = get_cc_module(country.lower(), name) if name else None
        if any(map(controls, text)):
            raise ValidationError
        if module is not None:
            module.validate(text.strip())
        elif not _ANY_CODE.fullmatch(compact(text)):
            raise ValidationError
    except ValidationError:
        raise Unfit(
            "This is no personal code of that country. Check code and country.",
            field,
            code="PERSONAL_CODE_INVALID",
        ) from None
    return line(text, field, 40)


def compact(text: str) -> str:
    """A code, or a country, in the one spelling that all its spellings share: letters and digits, upper-case."""
    return "".join(
        character for character in unicodedata.normalize("NFKC", text) if character.isalnum()
    ).upper()


def name(text: str, field: str, longest: int = 200) -> str:
    """A name, a street, a place: one line of what people write."""
    if any(controls(character) for character in text.strip()):
        raise Unfit(
            "The text holds characters that nobody writes by hand. Take them out.", field, code="NAME_INVALID"
        )
    return line(text, field, longest)


def birth_date(code: str, country: str) -> date | None:
    """The birth date that a personal code of a country holds; None where such codes hold none."""
    known = _CODES.get(country.strip().upper())
    module = get_cc_module(country.strip().lower(), known) if known else None
    try:
        found = getattr(module, "get_birth_date", lambda _: None)(code.strip())
    except (ValidationError, ValueError):
        return None
    return found if isinstance(found, date) else None
