"""Identity documents, the level of assurance that they reach, and when a verification has to be repeated."""

from procedures.evidence import identity_evidence, verification
from procedures.evidence.verification import VERIFICATION
