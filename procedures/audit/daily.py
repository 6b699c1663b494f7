"""Verifying the ledger once a day, so that tampering is found though nobody looks for it.

    LEDGER_TAMPERED   something is not as the ledger and its checkpoints say; each thing is logged as LEDGER_FINDING

Each verification is an entry of the ledger itself, with the number of findings: signed and handed to the witnesses, it
cannot be hidden from those who may not see the log.

    LEDGER_FINDING   one thing that is not as the ledger says; `savas ledger verify` prints the same
"""

import logging
from typing import Final

from models.errors import ProcedureError
from models.event import Event
from procedures import current, ledger
from procedures.audit import audit, authority, evidence

log = logging.getLogger("savas.ledger")

#: How many findings are logged; `savas ledger verify` prints all.
MOST: Final = 100


class LedgerTampered(ProcedureError):
    """The database was written to past the program."""

    code = "LEDGER_TAMPERED"
    message = "Something is not as the ledger says. Run: ./savas ledger verify"


async def keep() -> None:
    """Verify the ledger, and the rows that decide on access; record how many findings there are, and log them.

    Raises:
        LedgerTampered: there are some.
        WitnessError: the witness directory cannot be read.
        LedgerUnavailable: that it was done cannot be recorded.
    """
    recorded = authority.Recorded()
    report = await audit.verify(evidence.collected(current.addresses()), beside=recorded.take)
    row_report = await authority.verify(recorded=recorded)
    findings = [*report.findings, *row_report.findings]
    for finding in findings[:MOST]:
        log.error("LEDGER_FINDING %s", finding)
    await ledger.note(
        Event.LEDGER_VERIFIED, None, entries=report.entries, rows=row_report.rows, findings=len(findings)
    )
    if findings:
        raise LedgerTampered
