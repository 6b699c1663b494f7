"""Identity documents that a customer showed."""

from datetime import date
from typing import Final

from models.base import Choice
from models.declaration import Personal, plain, sealed
from models.errors import Unfit
from models.values import named

#: Characters of a document's number that are kept: enough to tell two documents apart, too few to be one.
_TAIL: Final = 4


class Strength(Choice):
    """The strength of a document as evidence of identity, by NIST SP 800-63A."""

    FAIR = "FAIR", "Fair evidence."
    STRONG = "STRONG", "Strong evidence."
    SUPERIOR = "SUPERIOR", "Superior evidence, which is enough by itself."


class EvidenceKind(Choice):
    """The kind of an identity document."""

    ELECTRONIC_IDENTITY_CARD = "ELECTRONIC_IDENTITY_CARD", "An identity card whose chip was read."
    ELECTRONIC_PASSPORT = "ELECTRONIC_PASSPORT", "A passport whose chip was read."
    PASSPORT = "PASSPORT", "A passport."
    IDENTITY_CARD = "IDENTITY_CARD", "An identity card."
    RESIDENCE_PERMIT = "RESIDENCE_PERMIT", "A residence permit."
    DRIVING_LICENCE = "DRIVING_LICENCE", "A driving licence."
    STUDENT_CARD = "STUDENT_CARD", "A student card."
    BANK_STATEMENT = "BANK_STATEMENT", "A bank statement."


def _tail(text: str, field: str) -> str:
    """The last characters of a document's number, without blanks and in capitals."""
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
    """An identity document that a customer showed; neither a picture of it nor its whole number is kept."""

    kind: EvidenceKind = plain("The kind of document.")
    strength: Strength = plain("The strength of the evidence.")
    supervised: bool = plain("Whether it was shown in person or under supervision.")
    expires_on: date = plain("The last day on which the document is valid.")
    issuer: str = sealed("The issuer.", named(200))
    number_tail: str = sealed("The last characters of the document's number.", _tail)
