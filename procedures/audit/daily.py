"""Verifying the ledger without being asked, so that tampering is found in a day though nobody looks for it.

    LEDGER_TAMPERED   something is not as the ledger and its checkpoints say; each thing is logged as LEDGER_FINDING

That it was done is an entry of the ledger itself, with the number of findings: signed and handed to the witnesses, it
cannot be kept from those who may not see the log.

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
    """Somebody wrote past the program."""

    def __init__(self) -> None:
        super().__init__("LEDGER_TAMPERED", "Something is not as the ledger says. Run: ./savas ledger verify")


async def keep() -> None:
    """Verify the ledger, and the rows that decide who may; record how many findings there are, and log them.

    Raises:
        LedgerTampered: there are some.
        WitnessError: the witness directory cannot be read.
        LedgerUnavailable: that it was done cannot be recorded.
    """
    told = authority.Told()
    report = await audit.verify(evidence.collected(current.addresses()), beside=told.take)
    deciding = await authority.verify(told=told)
    findings = [*report.findings, *deciding.findings]
    for finding in findings[:MOST]:
        log.error("LEDGER_FINDING %s", finding)
    await ledger.note(
        Event.LEDGER_VERIFIED, None, entries=report.entries, rows=deciding.rows, findings=len(findings)
    )
    if findings:
        raise LedgerTampered
