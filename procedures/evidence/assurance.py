"""Levels of identity assurance after NIST SP 800-63A, from the documents that are valid on a day.

IAL2   one SUPERIOR document, or a STRONG one and another that is FAIR at least; that serves for IAL1 too
IAL3   the same, each of them shown in person or under supervision
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from models import EvidenceKind, IdentityEvidence, Strength


class AssuranceLevel(StrEnum):
    """A level of identity assurance that documents can reach."""

    IAL2 = "IAL2"
    IAL3 = "IAL3"


#: How strong each kind of document is. Only what carries a chip that was read is superior.
STRENGTHS: Final = {
    EvidenceKind.ELECTRONIC_IDENTITY_CARD: Strength.SUPERIOR,
    EvidenceKind.ELECTRONIC_PASSPORT: Strength.SUPERIOR,
    EvidenceKind.PASSPORT: Strength.STRONG,
    EvidenceKind.IDENTITY_CARD: Strength.STRONG,
    EvidenceKind.RESIDENCE_PERMIT: Strength.STRONG,
    EvidenceKind.DRIVING_LICENCE: Strength.STRONG,
    EvidenceKind.STUDENT_CARD: Strength.FAIR,
    EvidenceKind.BANK_STATEMENT: Strength.FAIR,
}


def level(documents: Iterable[IdentityEvidence], on: date) -> AssuranceLevel | None:
    """The level that documents reach on a day; None when they prove too little."""
    valid = [each for each in documents if each.expires_on >= on]
    if _enough(each for each in valid if each.supervised):
        return AssuranceLevel.IAL3
    return AssuranceLevel.IAL2 if _enough(valid) else None


def until(documents: Sequence[IdentityEvidence], on: date) -> date | None:
    """The last day on which documents still reach the level that they reach on a day; None when they reach none."""
    reached = level(documents, on)
    days = [each.expires_on for each in documents if each.expires_on >= on]
    return max((day for day in days if reached and level(documents, day) == reached), default=None)


def _enough(documents: Iterable[IdentityEvidence]) -> bool:
    strengths = [each.strength for each in documents]
    return Strength.SUPERIOR in strengths or (Strength.STRONG in strengths and len(strengths) > 1)
