"""Documents that show who somebody is, how surely that is known, and when it must be shown again."""

from procedures.evidence import identity_evidence, verification
from procedures.evidence.verification import VERIFICATION, Due

__all__ = [
    "VERIFICATION",
    "Due",
    "identity_evidence",
    "verification",
]
