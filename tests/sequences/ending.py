"""What is looked at once a sequence is over: what customers see, what is left of those who left, and the ledger."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import models
from models.database import sqlite_path
from models.keys import keyring
from procedures import audit
from procedures.audit import authority, evidence
from procedures.current import addresses
from schema.reading import encode
from tests.sequences.judge import Judge
from tests.sequences.seen import Seen
from tests.sequences.town import Town, person

#: What customers see of themselves, by kind of thing.
LOG = """query ($id: ID!) { customer(id: $id) {
  consents { id } instructions { id } dictations { id } requests { id } tasks { id } messages { id }
  breakGlasses { id } legalHolds { id } }
  accessLog(customerId: $id, first: 1000) { nodes { id actorKind } } }"""
SHOWN = {
    "instruction": "instructions", "dictation": "dictations", "request": "requests", "task": "tasks",
    "break-glass": "breakGlasses", "legal hold": "legalHolds",
}  # fmt: skip


async def wrong(town: Town, judge: Judge) -> AsyncIterator[str]:
    """What is wrong at the end."""
    await town.deliver()
    seen = await town.seen()
    for customer, (status, _) in seen.customers.items():
        if status == "ACTIVE":
            async for each in _unseen(town, judge, seen, customer):
                yield each
    async for each in _left(town, judge, seen):
        yield each
    report = await audit.verify(evidence.collected(addresses()))
    for finding in report.findings:
        yield f"the ledger: {finding}"
    for found in (await authority.verify()).findings:
        yield f"the ledger: {found}"


async def _unseen(town: Town, judge: Judge, seen: Seen, customer: str) -> AsyncIterator[str]:
    """What a customer who signs in does not see of what others did."""
    record = await models.Customer.get(id=UUID(customer))
    account = await town.account(record)
    if account is None:
        return
    answer = await town.asks(account, LOG, id=encode("Customer", record.id))
    if answer.errors or answer.data["customer"] is None:
        yield f"person {judge.of[customer]} does not see their own log: {answer.codes}"
        return
    shown, who = answer.data["customer"], judge.of[customer]
    for kind, edge in SHOWN.items():
        kept = [each for each in seen.things.values() if (each.kind, each.customer) == (kind, customer)]
        if len(shown[edge] or []) != len(kept):
            yield f"person {who} sees {len(shown[edge] or [])} of {len(kept)}: {kind}"
    consents = [each for each in seen.consents.values() if each.customer == customer]
    messages = [each for each in seen.messages.values() if each.customer == customer]
    if (len(shown["consents"]), len(shown["messages"])) != (len(consents), len(messages)):
        yield f"person {who} does not see every consent and message"
    read = [each for each in answer.data["accessLog"]["nodes"] if each["actorKind"] != "CUSTOMER"]
    if len(read) < judge.readings.get(customer, 0):
        yield f"person {who} sees {len(read)} of {judge.readings[customer]} readings"


async def _left(town: Town, judge: Judge, seen: Seen) -> AsyncIterator[str]:
    """What is left of those who left, and did not come back."""
    gone = [UUID(id) for id, (status, _) in seen.customers.items() if status == "WITHDRAWN"]
    holding = await models.LegalHold.filter(ended_at=None, customer_id__in=gone).values_list(
        "customer_id", flat=True
    )
    if await keyring.rings(set(gone) - set(holding)):
        yield "keys of somebody who left are there"
    for number in judge.left:
        if town.embedded and not _about(number, judge, seen):
            row = person(number)
            for text in (row.family, row.email, row.phone, row.code):
                if any(text.encode() in path.read_bytes() for path in _files(town)):
                    yield f"person {number} left, and {text} lies in plain"


def _about(number: int, judge: Judge, seen: Seen) -> bool:
    """Whether somebody who left is here again, or shares an address with somebody who is here."""
    here = {judge.of.get(id) for id, (status, _) in seen.customers.items() if status == "ACTIVE"}
    return bool(here & {*judge.akin(number)})


def _files(town: Town) -> list[Path]:
    directory = sqlite_path(town.place.database).parent
    return [path for path in directory.rglob("*") if path.is_file()]
