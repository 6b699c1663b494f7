"""What a customer showed is recorded by who verifies them, with consent, and never whole; and it runs out."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models import (
    Category,
    Consent,
    Customer,
    EvidenceKind,
    Identity,
    IdentityEvidence,
    LedgerEntry,
    Purpose,
    Role,
    Task,
    opened,
)
from models.errors import ProcedureError
from policies.actor import Actor
from policies.errors import Refused
from procedures.consent import consent as consents
from procedures.evidence import identity_evidence, verification
from tests.procedures import records
from tests.procedures.ledgers import sql
from tests.procedures.records import DAY, NOON, Clock

LAST = date(2030, 1, 31)
EVIDENCE = Category.IDENTITY_EVIDENCE

pytestmark = pytest.mark.usefixtures("database")


async def customer(*, consented: bool = True) -> tuple[Customer, Actor]:
    """A customer with a name, and the agent who verifies them."""
    who = await records.customer()
    named = await records.consent(who.id, category=Category.IDENTITY, expires_at=NOON + 9999 * DAY)
    shared: dict[str, Any] = {
        "source": "test",
        "collected_at": NOON,
        "content": Identity.Content("Ona", "Petraitė"),
    }
    await Identity.create(customer_id=who.id, consent_id=named.id, **shared)
    if consented:
        await records.consent(who.id, Purpose.VERIFICATION, EVIDENCE)
    signed = await records.employee(Role.AGENT)
    await records.task(who.id, Purpose.VERIFICATION, assignee_id=signed.id)
    return who, records.staff(signed, Role.AGENT, purposes={Purpose.VERIFICATION})


async def showing(
    who: Customer, by: Actor, kind: EvidenceKind = EvidenceKind.ELECTRONIC_PASSPORT, **values
) -> IdentityEvidence:
    given = {
        "issuer": "Migracijos departamentas",
        "number_tail": "00 07",
        "expires_on": LAST,
        "supervised": False,
    }
    return await identity_evidence.record(who.id, kind, by=by, **{**given, **values})


async def error_of(work) -> str:
    with pytest.raises(ProcedureError) as caught:
        await work
    return caught.value.code


@pytest.mark.every_database
async def test_a_superior_document_verifies_the_identity_until_its_last_day():
    who, ruta = await customer()
    document = await showing(who, ruta)

    known = await Identity.get()
    assert (known.verification_method, known.verification_level, known.verified_at) == (
        "DOCUMENTS",
        "IAL2",
        NOON,
    )
    assert known.verification_expires_at == datetime(2030, 2, 1, tzinfo=UTC)
    assert known.verification_evidence == f"identity_evidence {document.id}"
    assert (await opened(await IdentityEvidence.get())).number_tail == "0007"


async def test_a_strong_document_alone_verifies_nothing_and_with_a_fair_one_it_does():
    who, ruta = await customer()
    await showing(who, ruta, EvidenceKind.PASSPORT)
    assert (await Identity.get()).verification_level is None
    await showing(who, ruta, EvidenceKind.BANK_STATEMENT, expires_on=NOON.date() + timedelta(days=60))

    known = await Identity.get()
    assert known.verification_level == "IAL2"
    assert known.verification_expires_at == datetime(2026, 5, 2, tzinfo=UTC)


async def test_what_was_shown_in_person_reaches_the_highest_level():
    who, ruta = await customer()
    await showing(who, ruta, supervised=True)

    assert (await Identity.get()).verification_level == "IAL3"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"expires_on": NOON.date() - timedelta(days=1)}, "EVIDENCE_EXPIRED"),
        ({"expires_on": date(2999, 1, 1)}, "EVIDENCE_EXPIRED"),
        ({"number_tail": "12345"}, "EVIDENCE_NUMBER_UNFIT"),
        ({"number_tail": ""}, "EVIDENCE_NUMBER_UNFIT"),
        ({"number_tail": "1;2"}, "EVIDENCE_NUMBER_UNFIT"),
        ({"issuer": "a\u202eb"}, "NAME_INVALID"),
    ],
)
async def test_what_has_expired_or_tells_too_much_is_refused(change, code):
    who, ruta = await customer()

    assert await error_of(showing(who, ruta, **change)) == code
    assert await IdentityEvidence.all().count() == 0


async def test_nothing_that_was_shown_is_kept_without_consent():
    who, ruta = await customer(consented=False)
    with pytest.raises(Refused):
        await showing(who, ruta)
    await records.consent(who.id, Purpose.SUPPORT, EVIDENCE)
    with pytest.raises(Refused):
        await showing(who, ruta)
    assert await IdentityEvidence.all().count() == 0


@pytest.mark.parametrize("lacking", ["task", "purpose", "role"])
async def test_nobody_else_records_it(lacking):
    who, ruta = await customer()
    actor = {
        "task": records.staff(
            await records.employee(Role.AGENT), Role.AGENT, purposes={Purpose.VERIFICATION}
        ),
        "purpose": replace(ruta, purposes=frozenset({Purpose.SUPPORT})),
        "role": await records.person(who),
    }[lacking]
    with pytest.raises(Refused):
        await showing(who, actor)


async def test_the_ledger_tells_that_it_was_shown_and_not_what_stands_in_it():
    who, ruta = await customer()
    await showing(who, ruta, issuer="Zarasai", number_tail="QX77")

    told = [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]
    assert [each["event"] for each in told][-2:] == ["evidence.recorded", "identity.verified"]
    everything = json.dumps(told) + str(await sql("SELECT * FROM identity_evidence"))
    assert "Zarasai" not in everything
    assert "QX77" not in everything


async def test_withdrawing_the_consent_erases_what_was_shown():
    who, ruta = await customer()
    await showing(who, ruta)
    given = await Consent.get(customer_id=who.id, category=EVIDENCE)

    assert (await consents.withdraw(given.id, by=await records.person(who))).erased_rows == 1
    assert await IdentityEvidence.all().count() == 0


@pytest.mark.every_database
async def test_who_is_soon_to_be_verified_again_is_due_and_gets_one_task():
    who, ruta = await customer()
    await showing(who, ruta)
    end = (await Identity.get()).verification_expires_at
    assert end is not None
    clock = Clock(end - verification.AHEAD - timedelta(microseconds=1))
    await Task.all().update(status="CLOSED")
    assert await verification.due(clock=clock) == []
    clock.pass_by(timedelta(microseconds=1))
    (due,) = await verification.due(clock=clock)
    assert (due.number, due.record, due.expires_at) == (who.number, "Identity", end)

    assert (await verification.reopen(clock=clock), await verification.reopen(clock=clock)) == (1, 0)

    task = await Task.get(status="OPEN")
    assert (task.purpose, task.assignee_id, task.due_at) == (Purpose.VERIFICATION, None, end)
    assert await verification.due(clock=clock) == []


async def test_who_asked_for_restriction_or_left_is_not_due():
    who, ruta = await customer()
    await showing(who, ruta)
    await Task.all().update(status="CLOSED")
    clock = Clock(datetime(2031, 1, 1, tzinfo=UTC))
    assert len(await verification.due(clock=clock)) == 1
    await Customer.filter(id=who.id).update(restricted=True)
    assert await verification.due(clock=clock) == []
    await Customer.filter(id=who.id).update(restricted=False, status="WITHDRAWN")
    assert await verification.due(clock=clock) == []
