import json
import stat
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from graphql import build_schema, parse, validate

import demo
from demo import filling
from demo.data import draw
from demo.world import World
from models import (
    PERSONAL,
    Account,
    AccountKind,
    Agreement,
    Consent,
    ConsentEvent,
    ConsentState,
    ContactKind,
    ContactPoint,
    Customer,
    EmployeeRole,
    Identity,
    IdentityEvidence,
    Notice,
    Partner,
    Purpose,
    Record,
    Role,
    Task,
    TaskStatus,
)
from models.errors import ProcedureError
from procedures.access.password import matches

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def rows(world: World) -> list[tuple[str, dict[str, Any]]]:
    return [(model.__name__, _columns(record)) for model, held in world.records.items() for record in held]


def _columns(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record._meta.fields_db_projection}


async def test_the_same_seed_and_instant_give_the_same_rows(sqlite: None):
    first, second = (rows(draw(7, 60, NOW)) for _ in range(2))

    assert first == second
    assert first != rows(draw(8, 60, NOW))


async def test_a_consent_has_the_history_that_leads_to_its_state(sqlite: None):
    world = draw(1, 60, NOW)
    events: dict[Any, list[ConsentEvent]] = {}
    for event in world.records[ConsentEvent]:
        events.setdefault(event.consent_id, []).append(event)

    for consent in world.records[Consent]:
        history = events[consent.id]
        assert history[-1].state == consent.state
        assert [event.at for event in history] == sorted(event.at for event in history)
        assert history[-1].at <= NOW
        assert consent.permits == (consent.expires_at > NOW)


async def test_what_reaches_the_invented_people_is_nobodys(sqlite: None):
    points = draw(1, 60, NOW).records[ContactPoint]
    phones = [point.content.value for point in points if point.kind is ContactKind.PHONE]

    assert len(phones) > 20
    assert not any(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones)
    assert all(
        point.content.value.endswith("@example.org") for point in points if point.kind is ContactKind.EMAIL
    )


async def test_an_address_does_not_tell_the_name_that_policies_keep_back(sqlite: None):
    world = draw(1, 60, NOW)
    names = {
        part.casefold()
        for row in world.records[Identity]
        for part in (row.content.given_name, row.content.family_name)
    }
    boxes = {
        word for point in world.records[ContactPoint] for word in point.content.value.split("@")[0].split(".")
    }

    assert not {name for name in names if any(name in box for box in boxes)}


async def test_the_demo_holds_everything_there_is(database: str, tmp_path: Path):
    await demo.fill(customers=150, directory=tmp_path, now=NOW)

    assert await Customer.all().count() == 150
    assert {consent.state for consent in await Consent.all()} == set(ConsentState)
    assert {role.role for role in await EmployeeRole.all()} == set(Role)
    assert {(notice.purpose, notice.language) for notice in await Notice.all()} == {
        (purpose, language) for purpose in Purpose for language in ("lt", "en")
    }
    # Invented people have no documents to show.
    for model in set(PERSONAL.values()) - {IdentityEvidence}:
        assert await model.all().count() > 30
    tasks = await Task.all()
    assert {task.purpose for task in tasks} == set(Purpose)
    assert {task.status for task in tasks} == set(TaskStatus)
    assert any(task.assignee_id is None for task in tasks)


@pytest.mark.every_database
async def test_one_partner_is_bound_and_the_other_was(database: str):
    await demo.fill(customers=60, now=NOW)

    agreements = {agreement.id: agreement for agreement in await Agreement.all()}
    open_tasks = await Task.filter(agreement_id__isnull=False, status=TaskStatus.OPEN)
    in_force = Counter(
        agreements[task.agreement_id].until_at > NOW for task in open_tasks if task.agreement_id
    )
    assert (await Partner.all().count(), sorted(in_force)) == (2, [False, True])


async def test_every_persona_signs_in_by_a_password_that_lies_in_a_private_file(
    database: str, tmp_path: Path
):
    personas = await demo.fill(customers=12, directory=tmp_path, now=NOW)

    path = tmp_path / demo.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(demo.stored(tmp_path)) == list(personas)
    assert len(json.loads(path.read_text())["personas"]) == len(personas) == 13
    actors = {actor.login: actor for actor in await Account.all()}
    for persona in personas[:2]:
        assert await matches(persona.password, actors[persona.login].password_hash)
    assert len({persona.password for persona in personas}) == 13


async def test_a_customer_of_the_demo_signs_in_by_number(database: str):
    await demo.fill(customers=12, now=NOW)

    for actor in await Account.filter(kind=AccountKind.CUSTOMER).prefetch_related("customer"):
        assert actor.customer is not None
        assert actor.login == actor.customer.number


def _without_password(persona: demo.Persona) -> demo.Persona:
    """The same persona, with the password also out of the examples that have it typed in."""
    queries = tuple(
        replace(query, variables={**query.variables, "password": ""}) if query.variables else query
        for query in persona.queries
    )
    return replace(persona, password="", queries=queries)


async def test_passwords_differ_between_installations(sqlite: None):
    world = draw(1, 2, NOW)
    first, second = (filling._persona(world, *demo.CAST[0]) for _ in range(2))

    assert first.password != second.password
    assert _without_password(first) == _without_password(second)


async def test_a_database_with_customers_is_not_filled(database: str, tmp_path: Path):
    await Customer.create(created_at=NOW)

    with pytest.raises(ProcedureError) as refusal:
        await demo.fill(customers=2, directory=tmp_path, now=NOW)
    assert refusal.value.code == "DATABASE_NOT_EMPTY"
    assert await Customer.all().count() == 1
    assert not (tmp_path / demo.FILE).exists()


async def test_every_example_query_is_one_that_the_schema_knows(sqlite: None):
    schema = build_schema((ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8"))

    for *_, queries in demo.CAST:
        for example in queries:
            assert validate(schema, parse(example.query)) == []


def test_where_no_demo_was_filled_there_are_no_personas(tmp_path: Path):
    assert demo.stored(tmp_path) == ()
