"""Whatever is written past the program into a row that decides who may is found, and what the program does is not."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

import demo
import models
from models import Category, Purpose, Record, Role
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures import staff
from procedures.access import Throttle, session, user
from procedures.audit import authority as audit_authority
from procedures.audit.authority import Trouble
from procedures.ledger import authority, ledger
from procedures.own import restriction
from procedures.task import agreement
from tests import accounts
from tests.ledger import adopt, entries
from tests.people import Office
from tests.procedures.knowing import House, known

SECRET = "correct horse battery staple"


@pytest.fixture
async def house(office: Office) -> House:
    """A house of which the ledger was told."""
    return await known(office)


async def found() -> list[tuple[Trouble, str]]:
    """What is found, by code and table."""
    return [(each.trouble, each.table) for each in (await audit_authority.verify()).findings]


Tampering = Callable[[House], Awaitable[object]]


def _set(record: type[Record], of: Callable[[House], Any], **values: Any) -> Tampering:
    async def tamper(house: House) -> None:
        await record.filter(id=of(house).id).update(
            **{name: value(house) if callable(value) else value for name, value in values.items()}
        )

    return tamper


async def _another_session(house: House) -> None:
    await models.Session.create(
        actor_id=house.colleague.actor.actor_id, token_hash=b"m" * 32, created_at=house.office.now,
        expires_at=house.office.now + timedelta(days=900),
    )  # fmt: skip


async def _role_taken(house: House) -> None:
    employee = await models.Employee.get(actor_id=house.agent.actor.actor_id)
    await models.EmployeeRole.create(employee_id=employee.id, role=Role.PRIVACY_OFFICER)


async def _term_added(house: House) -> None:
    await models.AgreementTerm.create(
        agreement_id=house.agreement.id,
        purpose=Purpose.SUPPORT,
        category=Category.HEALTH_RECORD,
        field="code",
    )


async def _glass_widened(house: House) -> None:
    await models.BreakGlassCategory.create(break_glass_id=house.glass.id, category=Category.HEALTH_RECORD)


CHANGED: dict[str, tuple[str, Tampering]] = {
    "a consent that lasts longer": (
        "consents", _set(models.Consent, lambda house: house.consent, expires_at=lambda house: house.office.now + timedelta(days=9000)),
    ),
    "a consent given back": (
        "consents", _set(models.Consent, lambda house: house.refused, state="GIVEN", permits=True, denies=False),
    ),
    "a consent that opens to who recorded it": (
        "consents", _set(models.Consent, lambda house: house.recorded, recorded_by_id=None),
    ),
    "a consent that is suspended no more": (
        "consents", _set(models.Consent, lambda house: house.consent, suspended_by_id=None),
    ),
    "an instruction that a manager decides": (
        "instructions", _set(models.Instruction, lambda house: house.instruction, special=False),
    ),
    "an instruction that somebody else recorded": (
        "instructions",
        _set(models.Instruction, lambda house: house.instruction, recorded_by_id=lambda house: house.colleague.actor.actor_id),
    ),
    "a no that stands no more": ("consents", _set(models.Consent, lambda house: house.refused, denies=False)),
    "a restriction lifted": ("customers", _set(models.Customer, lambda house: house.customer, restricted=False)),
    "a customer brought back": ("customers", _set(models.Customer, lambda house: house.customer, status=models.CustomerStatus.WITHDRAWN)),
    "a hold ended": ("legal_holds", _set(models.LegalHold, lambda house: house.hold, ended_at=lambda house: house.office.now)),
    "a task given to oneself": ("tasks", _set(models.Task, lambda house: house.task, assignee_id=lambda house: house.agent.actor.actor_id)),
    "a task for something else": ("tasks", _set(models.Task, lambda house: house.task, purpose=Purpose.CARE)),
    "a task that opens longer": (
        "tasks", _set(models.Task, lambda house: house.task, due_at=lambda house: house.office.now + timedelta(days=900)),
    ),
    "a review of which one was no party": (
        "task_reviews", lambda house: models.TaskReview.all().update(given_by_id=house.client.actor.actor_id),
    ),
    "a closed task opened": ("tasks", _set(models.Task, lambda house: house.task, status=models.TaskStatus.CLOSED)),
    "glass approved": (
        "break_glasses",
        _set(
            models.BreakGlass, lambda house: house.glass, state=models.BreakGlassState.APPROVED,
            decided_by_id=lambda house: house.colleague.actor.actor_id, opened_at=lambda house: house.office.now,
        ),
    ),
    "glass that opens longer": (
        "break_glasses", _set(models.BreakGlass, lambda house: house.glass, ends_at=lambda house: house.office.now + timedelta(days=9)),
    ),
    "another's password": (
        "accounts", _set(models.Account, lambda house: models.Account(id=house.colleague.actor.actor_id), password_hash="$argon2id$mine"),
    ),
    "somebody sent away is back": (
        "accounts", _set(models.Account, lambda house: models.Account(id=house.colleague.actor.actor_id), active=False),
    ),
    "a session of another": ("sessions", _set(models.Session, lambda house: house.session, actor_id=lambda house: house.agent.actor.actor_id)),
    "a session under a token of one's own": ("sessions", _set(models.Session, lambda house: house.session, token_hash=b"m" * 32)),
    "a session confirmed": (
        "sessions", _set(models.Session, lambda house: house.session, confirmed_until=lambda house: house.office.now + timedelta(days=9)),
    ),
    "a field opened again": (
        "differences",
        lambda house: models.Difference.all().update(settled_at=house.office.now, settlement=models.Settlement.HARMLESS),
    ),
    "a doubt of the clock ended": ("clock_doubts", lambda house: models.ClockDoubt.all().update(ended_at=house.office.now)),
    "an agreement that lasts longer": (
        "agreements", _set(models.Agreement, lambda house: house.agreement, until_at=lambda house: house.office.now + timedelta(days=9000)),
    ),
}  # fmt: skip

ADDED: dict[str, tuple[str, Tampering]] = {
    "a session": ("sessions", _another_session),
    "a role": ("employee_roles", _role_taken),
    "a term": ("agreement_terms", _term_added),
    "a category of glass": ("break_glass_categories", _glass_widened),
    "a task": ("tasks", lambda house: house.office.task(house.agent, house.customer, "support")),
    "a consent": ("consents", lambda house: house.office.consent(house.customer, "health_record", "care")),
    "an employee": ("accounts", lambda house: house.office.employee()),
}

DELETED: dict[str, tuple[str, Tampering]] = {
    "a no": ("consents", lambda house: models.Consent.filter(id=house.refused.id).delete()),
    "a difference": ("differences", lambda _: models.Difference.all().delete()),
    "a doubt of the clock": ("clock_doubts", lambda _: models.ClockDoubt.all().delete()),
    "a review": ("task_reviews", lambda _: models.TaskReview.all().delete()),
    "a hold": ("legal_holds", lambda house: models.LegalHold.filter(id=house.hold.id).delete()),
    "a second factor": ("totps", lambda house: models.Totp.filter(id=house.totp.id).delete()),
    "broken glass": (
        "break_glass_categories",
        lambda house: models.BreakGlass.filter(id=house.glass.id).delete(),
    ),
}


async def test_a_house_that_the_ledger_was_told_of_is_as_it_says(house: House):
    report = await audit_authority.verify()

    assert report.findings == ()
    assert report.rows == sum([await record.all().count() for record in authority.COLUMNS])


@pytest.mark.parametrize("what", CHANGED)
@pytest.mark.by_hand
async def test_what_was_changed_past_the_program_is_found_and_named(house: House, what: str):
    table, tamper = CHANGED[what]
    await tamper(house)

    (finding,) = (await audit_authority.verify()).findings
    assert (finding.trouble, finding.table) == (Trouble.AUTHORITY_DIFFERS, table)
    (told,) = [entry for entry in await entries(Event.DEMO_FILLED) if table in entry["changed"]]
    assert finding.id in told["changed"][table]
    assert str(finding).startswith(f"AUTHORITY_DIFFERS  {table} {finding.id} (entry {finding.entry}): ")


@pytest.mark.parametrize("what", ADDED)
async def test_what_was_put_in_past_the_program_is_found(house: House, what: str):
    table, tamper = ADDED[what]
    await tamper(house)

    assert (Trouble.AUTHORITY_ADDED, table) in await found()


@pytest.mark.parametrize("what", DELETED)
@pytest.mark.by_hand
async def test_what_was_deleted_past_the_program_is_found(house: House, what: str):
    table, tamper = DELETED[what]
    await tamper(house)

    assert (Trouble.AUTHORITY_MISSING, table) in await found()


async def test_a_session_that_is_gone_opens_nothing_and_is_no_finding(house: House):
    await models.Session.filter(id=house.session.id).delete()

    assert await found() == []


async def test_every_column_that_decides_counts(house: House):
    """Each of them is changed in the row as it was read: another digest follows."""
    for record in authority.COLUMNS:
        columns = authority.columns(record)
        row = (await record.all().limit(1).values("id", *columns))[0]
        known = authority.digest(record, row)
        for column in ("id", *columns):
            assert authority.digest(record, {**row, column: "something else"}) != known


async def test_everybody_whom_the_operator_lets_in_is_told(office: Office):
    partner = await user.add_partner("Greitas kelias")
    await user.add_partner_client(partner.name, "van")
    await accounts.employee("ruta@savas.example", "Rūta", [Role.AGENT, Role.MANAGER], SECRET)
    until = utc_now() + timedelta(days=9)
    bound = await agreement.add(partner.name, [Purpose.DELIVERY], ["contact_point.value"], until_at=until)
    await agreement.sign(bound.id, utc_now())
    await session.sign_in(
        "ruta@savas.example", SECRET, address="192.0.2.1", clock=utc_now, throttle=Throttle()
    )
    await accounts.set_password("ruta@savas.example", SECRET[::-1])
    await staff.deactivate_by_login("ruta@savas.example")
    await agreement.end(bound.id)

    report = await audit_authority.verify()
    assert report.findings == ()
    assert report.rows == 3 + 2 + 1 + 2 + 2


async def test_everything_in_the_demo_is_told(database: str):
    await demo.fill(customers=12)

    report = await audit_authority.verify()
    assert report.findings == ()
    assert report.rows > 100


@pytest.mark.by_hand
@pytest.mark.every_database
async def test_what_the_program_changes_meanwhile_is_no_finding_and_what_somebody_else_did_is(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    """The server goes on: a row has changed since the entries were read, and an entry says so."""
    pages = authority.pages
    himself = (await house.office.himself(house.customer)).actor
    async with transaction():
        await adopt()
    await models.Task.filter(id=house.task.id).update(purpose=Purpose.CARE)

    async def interrupted(record: type[Record]) -> AsyncIterator[list[dict[str, Any]]]:
        if record is models.Customer:
            await restriction.end(house.customer.id, by=himself)
        async for page in pages(record):
            yield page

    monkeypatch.setattr(authority, "pages", interrupted)

    assert await found() == [(Trouble.AUTHORITY_DIFFERS, "tasks")]


@pytest.mark.by_hand
async def test_a_row_that_the_program_changes_at_every_look_is_no_finding(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    """Under load some row always changes after the entries were read, and before it is looked at."""
    digests, looks = authority.digests, list[bool]()
    await models.Task.filter(id=house.task.id).update(purpose=Purpose.CARE)
    await models.Customer.filter(id=house.customer.id).update(restricted=False)

    async def changing(changed: authority.Changed) -> dict[str, dict[str, str | None]]:
        looks.append(len(looks) % 2 == 1)
        async with transaction():
            await models.Customer.filter(id=house.customer.id).update(restricted=looks[-1])
            told: authority.Changed = {models.Customer: [house.customer.id]}
            ledger.record(Event.RESTRICTION_BEGUN, None, changed=told, customer=house.customer.id)
        return await digests(changed)

    monkeypatch.setattr(authority, "digests", changing)

    assert await found() == [(Trouble.AUTHORITY_DIFFERS, "tasks")]
    assert len(looks) > 2


async def test_rows_are_told_alike_however_many_there_are(house: House, monkeypatch: pytest.MonkeyPatch):
    tasks = [await house.office.task(house.agent, house.customer, "support") for _ in range(5)]
    ids = [*(task.id for task in tasks), uuid4()]
    alone = {str(id): (await authority.digests({models.Task: [id]}))["tasks"][str(id)] for id in ids}

    monkeypatch.setattr(authority, "PAGE", 2)

    assert await authority.digests({models.Task: ids}) == {"tasks": alone}
    assert list(alone.values()).count(None) == 1


def test_a_digest_from_before_a_column_came_still_fits() -> None:
    row = dict.fromkeys(("id", *authority.COLUMNS[models.Consent]), "x")
    known = json.dumps(["consents", *row.values()], separators=(",", ":"))

    assert (
        authority.digest(models.Consent, row | dict.fromkeys(authority.LATER[models.Consent]))
        == sha256(known.encode()).hexdigest()
    )
