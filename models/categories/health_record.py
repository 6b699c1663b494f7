"""What ails a customer: a special category, consented to by name and for care alone."""

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
    """What a health record is about."""

    CONDITION = "CONDITION", "A disease, an injury, a finding."
    ALLERGY = "ALLERGY", "What the body does not bear."


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

    kind: HealthKind = sealed("What it is about.")
    description: str = sealed("What it is, in words.", one_line(500))
    code_system: str | None = sealed("Whose code it is, such as http://snomed.info/sct.", one_line(100))
    code: str | None = sealed("Its code in that system.", _code)
    onset_on: date | None = sealed("Since when.", check_in=_past)
    abated_on: date | None = sealed("Until when, if it is over.", check_in=_past)

    @classmethod
    def judge(cls, given: Given) -> None:
        """A code has its system, and nothing ends before it began."""
        row = given.row
        if bool(row.get("code_system")) != bool(row.get("code")):
            raise Unfit("A code needs its system, and a system a code.", given.at("code"))
        onset, abated = (row.get(name) for name in ("onset_on", "abated_on"))
        if onset and abated and abated < onset:
            raise Unfit("It cannot have ended before it began.", given.at("abated_on"))
