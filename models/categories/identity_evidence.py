"""What a customer showed to prove who they are."""

from datetime import date
from typing import Final

from models.base import Choice
from models.declaration import Personal, plain, sealed
from models.errors import Unfit
from models.values import named

#: Characters of a document's number that are kept: enough to tell two documents apart, too few to be one.
_TAIL: Final = 4


class Strength(Choice):
    """How much a document proves, as NIST SP 800-63A counts it."""

    FAIR = "FAIR", "Something."
    STRONG = "STRONG", "Much."
    SUPERIOR = "SUPERIOR", "Enough by itself."


class EvidenceKind(Choice):
    """What a customer showed."""

    ELECTRONIC_IDENTITY_CARD = "ELECTRONIC_IDENTITY_CARD", "An identity card of which the chip was read."
    ELECTRONIC_PASSPORT = "ELECTRONIC_PASSPORT", "A passport of which the chip was read."
    PASSPORT = "PASSPORT", "A passport."
    IDENTITY_CARD = "IDENTITY_CARD", "An identity card."
    RESIDENCE_PERMIT = "RESIDENCE_PERMIT", "A residence permit."
    DRIVING_LICENCE = "DRIVING_LICENCE", "A driving licence."
    STUDENT_CARD = "STUDENT_CARD", "A student's card."
    BANK_STATEMENT = "BANK_STATEMENT", "A statement of a bank account."


def _tail(text: str, field: str) -> str:
    """The end of a document's number, in its one spelling."""
    end = "".join(character for character in text if character not in " -")
    if not end.isalnum() or len(end) > _TAIL:
        raise Unfit(
            f"Give the last {_TAIL} characters of the number and no more: the rest is not kept.",
            field,
            code="EVIDENCE_NUMBER_UNFIT",
        )
    return end.upper()


class IdentityEvidence(
    Personal,
    table="identity_evidence",
    stays_behind="VERIFIED_ELSEWHERE",
    term="pd:OfficialID",
    words={"lt": "tapatybės dokumentai"},
):
    """One document that a customer showed: never a picture of it, and never its whole number."""

    kind: EvidenceKind = plain("What it is.")
    strength: Strength = plain("How much it proves.")
    supervised: bool = plain("Whether it was shown in person or under supervision.")
    expires_on: date = plain("Its last day.")
    issuer: str = sealed("Who issued it.", named(200))
    number_tail: str = sealed("The last characters of its number.", _tail)
