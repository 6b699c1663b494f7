"""Checking the ledger, and the rows that decide on access against it, and proving to others that it has an entry."""

from procedures.audit import authority, daily, evidence, finding, personal_rows, proof, restored
from procedures.audit.audit import PAGE, verify
from procedures.audit.check import Evidence, Report
from procedures.audit.evidence import SIGNING_KEY
from procedures.audit.proof import ProofError
