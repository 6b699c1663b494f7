"""The certificate of an erasure: the ledger's entry, with what proves to a stranger that it is there.

It names no person, and so may be kept: the customer checks it with docs/verify_ledger.py against a checkpoint that a
witness has.
"""

import html
import json
from typing import Any

from models import Withdrawal, WithdrawalStep
from models.database import transaction
from procedures import checkpoint
from procedures.access import token_hash
from procedures.audit import proof as audit_proof
from vault import vault

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Certificate of erasure</title>
<style>body{{font:16px/1.5 serif;max-width:40em;margin:3em auto;padding:0 1em}}table{{border-collapse:collapse}}
td,th{{border-bottom:1px solid #bbb;padding:.2em 1em .2em 0;text-align:left}}pre{{white-space:pre-wrap;word-break:break-all}}
@media(prefers-color-scheme:dark){{body{{background:#1b1b1b;color:#eee}}}}</style></head><body>
<h1>Certificate of erasure</h1>
<p>On {at} everything kept about the customer with the identifier <code>{customer}</code> was erased, and the keys that
could have opened a copy were {keys}.</p>
<table><tr><th>Kind</th><th>Rows erased</th><th>Held back by law</th></tr>{rows}</table>
<p>{partners} partners are obliged to erase what they hold. Of {suppressed} addresses a keyed hash is kept, at the
customer's wish, so that nobody uses them again; whoever has no such wish is kept out of imports alone.</p>
<p>This is entry {number} of the ledger. Save the proof below as <code>certificate.json</code> and check it with
<code>python3 verify_ledger.py proof certificate.json</code>.</p><pre>{proof}</pre></body></html>
"""


async def by_token(token: str) -> str | None:
    """The certificate of the withdrawal that a token was issued for, as JSON; None until that is completed.

    Raises:
        ProofError: the ledger is not what was signed for.
    """
    withdrawal = await Withdrawal.get_or_none(token_hash=token_hash(token), step=WithdrawalStep.COMPLETED)
    if withdrawal is None or withdrawal.entry is None:
        return None
    return withdrawal.certificate or await _issue(withdrawal.id, withdrawal.entry)


def page(certificate: str) -> str:
    """A certificate as one page of HTML that loads nothing else."""
    proof = json.loads(certificate)
    entry = json.loads(proof["entry"])
    details: dict[str, Any] = entry["data"]
    held_back = {each["table"]: each["rows"] for each in details["held"]}
    counts = {each["table"]: each["rows"] for each in details["erased"]}
    rows = "".join(
        f"<tr><td>{html.escape(name)}</td><td>{counts.get(name, 0)}</td><td>{held_back.get(name, 0)}</td></tr>"
        for name in sorted(counts | held_back)
    )
    return _PAGE.format(
        at=html.escape(entry["at"]),
        customer=html.escape(details["customer"]),
        keys=html.escape(details["keys"]),
        rows=rows,
        partners=details["partners"],
        suppressed=details["suppressed"],
        number=proof["number"],
        proof=html.escape(certificate),
    )


async def _issue(withdrawal_id: object, entry: int) -> str:
    """Sign the ledger as it is now, prove the entry, and store the proof with the withdrawal."""
    await checkpoint.issue()
    proof = await audit_proof.prove(entry, vault.current().provider.public("signing-1"))
    text = json.dumps(proof, ensure_ascii=False)
    async with transaction():
        await Withdrawal.filter(id=withdrawal_id, certificate=None).update(certificate=text)
    return text
