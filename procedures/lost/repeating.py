"""Repeating what a restored backup does not know and what needs the vault: each returns whether it is as it was said.

What is not can be neither closed nor repeated, and is listed instead. What opens or erases is repeated of a word only that
bears the vault's own mark.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from models import (
    PERSONAL,
    Account,
    Attestation,
    Category,
    Consent,
    Customer,
    CustomerStatus,
    Instruction,
    InstructionContent,
    InstructionKind,
    InstructionState,
    Medium,
    Proof,
    Purpose,
    Scan,
)
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures import consent, erasure, instruction
from procedures.consent import transition
from procedures.ledger import Changed, Word, record
from procedures.lost.closing import restrict

#: What stands in place of how it was said.
_EVIDENCE: Final = (
    "How it was said was lost with the database before a backup was restored; ask who recorded it."
)


async def _lift(word: Word) -> bool:
    async with transaction():
        customer_id = UUID(word.data["customer"])
        if word.proven and await Customer.filter(id=customer_id, restricted=True).update(restricted=False):
            record(Event.RESTRICTION_ENDED, None, changed={Customer: [customer_id]}, customer=customer_id)
        return word.proven


async def _instruct(word: Word) -> bool:
    async with transaction():
        row, found = word.row, await Instruction.get_or_none(id=word.data["instruction"])
        if row is None:
            # It went with the customer.
            return True
        state = InstructionState(row["state"])
        if found is None:
            return state not in instruction.due.OPEN or await _record_again(word, row)
        if found.state not in instruction.due.OPEN or state in instruction.due.OPEN:
            return True
        by = row["decided_by_id"]
        if not word.proven or not await Account.exists(id=by):
            return False
        await consent.decide(found, state, None, (UUID(by), datetime.fromisoformat(row["decided_at"])))
        return True


async def _record_again(word: Word, row: dict[str, Any]) -> bool:
    """Have an instruction wait again, and suspend what it suspended; where that cannot be, nobody uses the data at all."""
    customer_id = UUID(word.data["customer"])
    if not await Customer.exists(id=customer_id, status=CustomerStatus.ACTIVE):
        return False
    consent_id = row["consent_id"]
    lacking = consent_id is not None and not await Consent.exists(id=consent_id)
    if lacking or not await Account.exists(id=row["recorded_by_id"]):
        await restrict(customer_id)
        return False
    await _write(UUID(word.data["instruction"]), customer_id, row)
    return True


async def _write(id: UUID, customer_id: UUID, row: dict[str, Any]) -> None:
    said = await Instruction.create(
        id=id, customer_id=customer_id, content=InstructionContent(_EVIDENCE), **_columns(row)
    )
    if said.proved_by_id is not None and not await Account.exists(id=said.proved_by_id):
        await Instruction.filter(id=id).update(proof=Proof.CLAIMED, proved_by_id=None)
    free = [each for each in await consent.concerned(said) if each.permits and each.suspended_by_id is None]
    await transition.suspend(free, id)
    if said.kind is InstructionKind.RESTRICT:
        await restrict(customer_id)
    changed: Changed = {Instruction: [id], Consent: [each.id for each in free]}
    details: dict[str, Any] = {"instruction": id, "customer": customer_id, "kind": said.kind}
    record(Event.INSTRUCTION_RECORDED, None, changed=changed, **details)


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    """The columns of an instruction that waits, of their JSON forms."""
    forms: dict[str, Callable[[Any], Any]] = {
        "kind": InstructionKind, "consent_id": UUID, "consent_category": Category, "consent_purpose": Purpose,
        "special": bool, "recorded_by_id": UUID, "recorded_at": datetime.fromisoformat, "due_at": datetime.fromisoformat,
        "extended_at": datetime.fromisoformat, "medium": Medium, "received_at": datetime.fromisoformat, "proof": Proof,
        "proved_by_id": UUID, "suppress": bool,
    }  # fmt: skip
    return {name: None if row[name] is None else form(row[name]) for name, form in forms.items()}


async def _remove(word: Word) -> bool:
    """Erase a row again that its customer removed; what was written into one is lost."""
    async with transaction():
        if word.data["change"] != "removed" or not word.proven:
            return False
        id, now = UUID(word.data["row"]), utc_now()
        for category, model in PERSONAL.items():
            row = await model.get_or_none(id=id)
            if row is not None:
                await Attestation.filter(row_id=id).delete()
                await erasure.held_rows.erase(row.customer_id, category, now, by=None, id=id)
                details: dict[str, Any] = {"row": id, "fields": [], "change": "removed"}
                record(Event.OWN_DATA_CHANGED, None, customer=row.customer_id, **details)
        return True


async def _remove_scan(word: Word) -> bool:
    async with transaction():
        found = await Scan.get_or_none(id=word.data["scan"])
        if word.proven and found is not None:
            await found.delete()
            record(Event.SCAN_REMOVED, None, scan=found.id, customer=found.customer_id)
        return word.proven


Repeating = Callable[[Word], Awaitable[bool]]

#: By event, how it is repeated.
REPEATS: Final[Mapping[Event, Repeating]] = {
    Event.RESTRICTION_ENDED: _lift,
    Event.OWN_DATA_CHANGED: _remove,
    Event.SCAN_REMOVED: _remove_scan,
    **dict.fromkeys(
        (
            Event.INSTRUCTION_RECORDED, Event.INSTRUCTION_PROVED, Event.INSTRUCTION_EXTENDED, Event.INSTRUCTION_APPROVED,
            Event.INSTRUCTION_DELIVERED, Event.INSTRUCTION_CARRIED_OUT, Event.INSTRUCTION_REFUSED,
            Event.INSTRUCTION_CONTRADICTED,
        ),
        _instruct,
    ),
}  # fmt: skip
