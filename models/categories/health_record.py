"""Conditions and allergies: a special category, which needs an explicit consent and serves only the purpose CARE."""

import re
from datetime import date
from typing import Final

from stdnum import verhoeff

from models.base import Choice
from models.declaration import Given, Personal, sealed
from models.errors import Unfit
from models.values import one_line, refuse_cards

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,39}", re.ASCII)


class HealthKind(Choice):
    """The kind of a health record."""

    CONDITION = "CONDITION", "A disease, an injury or a finding."
    ALLERGY = "ALLERGY", "An allergy or an intolerance."


def _code(text: str, field: str) -> str:
    if not _CODE.fullmatch(text):
        raise Unfit("A code consists of letters, digits, points and dashes.", field)
    # The codes of SNOMED CT are as long as cards' numbers, and have a check digit of their own.
    if not verhoeff.is_valid(text):
        refuse_cards(text, field)
    return text


def _past(day: date, field: str, given: Given) -> date:
    if day > given.now.date():
        raise Unfit("The day lies in the future. Check it.", field)
    return day


class HealthRecord(
    Personal, table="health_records", submitted_sealed=True, term="pd:Health", words={"lt": "sveikata"}
):
    """A condition or an allergy of a customer: a special category of data (GDPR, Art. 9)."""

    kind: HealthKind = sealed("The kind of health record.")
    description: str = sealed("The condition or allergy, in words.", one_line(500))
    code_system: str | None = sealed(
        "The system that the code is from, such as http://snomed.info/sct.", one_line(100)
    )
    code: str | None = sealed("The code in that system.", _code)
    onset_on: date | None = sealed("The day on which it began.", check_in=_past)
    abated_on: date | None = sealed("The day on which it ended; null if it has not.", check_in=_past)

    @classmethod
    def judge(cls, given: Given) -> None:
        """Refuse a code without its system, and an end before the beginning."""
        row = given.row
        if bool(row.get("code_system")) != bool(row.get("code")):
            raise Unfit("A code needs its system, and a system a code.", given.at("code"))
        onset, abated = (row.get(name) for name in ("onset_on", "abated_on"))
        if onset and abated and abated < onset:
            raise Unfit("It cannot have ended before it began.", given.at("abated_on"))
