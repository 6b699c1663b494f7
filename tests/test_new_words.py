"""A purpose more is one line in one file of the policies, and a role, too: everything else follows."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from graphql import GraphQLEnumType
from starlette.datastructures import Headers

from models import Category, Consent, Employee, EmployeeRole, Notice, Purpose, Receipt, Role
from policies import SHIPPED
from policies.errors import PolicyError
from policies.language import declared
from policies.policy import HERE, Policies, in_force
from policies.showing.table import personas
from procedures.consent import consent as consents
from procedures.installation import opened, vocabulary
from procedures.notice import Named, install, missing
from procedures.receipt import page
from schema.build import build, check
from schema.reading import Context
from schema.types import Schema, types_of
from tests import accounts
from tests.installation import place
from tests.people import Office
from tests.procedures import records
from tests.words import add, forgotten
from web.errors import HTTPProblem
from web.headers import purposes


@pytest.fixture
async def installed(sqlite_url: str, ours: Path) -> AsyncIterator[None]:
    """An installation whose policies declare a purpose and a role more."""
    async with opened(place(sqlite_url), policies=Policies(ours)):
        yield


def values(schema: Schema, name: str) -> dict[str, str | None]:
    """The values of an enum with their descriptions."""
    found = next(each for each in types_of(schema) if each.name == name)
    assert isinstance(found, GraphQLEnumType)
    return {value: definition.description for value, definition in found.values.items()}


def test_they_are_in_the_schema_with_their_sentences(ours: Path) -> None:
    built = build(declared.of(ours))

    assert values(built, "Purpose")["RESEARCH"] == "Finding out what helps customers."
    assert values(built, "Role")["AUDITOR"] == "Counts customers."
    assert "RESEARCH" not in values(build(), "Purpose")


async def test_a_purpose_is_stated_in_the_header(installed: None) -> None:
    assert purposes(Headers({"Purpose": "research, support"})) == {Purpose.RESEARCH, Purpose.SUPPORT}


async def test_a_purpose_that_only_other_policies_declare_is_unknown(ours: Path, sqlite: None) -> None:
    declared.of(ours)
    with pytest.raises(HTTPProblem, match="PURPOSE_UNKNOWN"):
        purposes(Headers({"Purpose": "research"}))


async def test_a_purpose_is_consented_to_after_its_notice_and_leaves_a_receipt(installed: None) -> None:
    assert Purpose.RESEARCH in await missing(in_force().purposes)
    notice = await install(Named(Purpose.RESEARCH, "lt", "1"), "Kam.")
    customer = await records.customer()
    by = await records.person(customer)

    await consents.give(
        customer.id, Category.PREFERENCE, Purpose.RESEARCH, notice.id, by=by, evidence="form 7"
    )

    assert (await Consent.get(customer_id=customer.id)).purpose is Purpose.RESEARCH
    receipt = await Receipt.get(customer_id=customer.id)
    assert json.loads(receipt.document)["pii_processing"][0]["purpose"] == "dpv:Purpose"
    assert "<dt>Tikslas</dt><dd>research</dd>" in page(receipt.document)


async def test_a_purpose_opens_what_it_needs_and_no_more(installed: None) -> None:
    office = Office()
    ruta = await office.agent("research")
    customer = await office.customer([("preference", "research"), ("contact_point", "research")])
    await office.task(ruta, customer, "research")

    assert (await ruta.reads(customer, "preferences.topic")).granted
    assert not (await ruta.reads(customer, "contactPoints.value")).granted


async def test_a_role_is_given_and_opens_what_its_rules_say(installed: None) -> None:
    office = Office()
    customer = await office.customer()
    built, query = (
        build(in_force().declared),
        "{ customers(first: 5) { nodes { number } } me { ... on Employee { roles } } }",
    )

    await accounts.employee(
        "ausra@office.example", "Aušra", [Role.AUDITOR], password="a long sentence to sign in with"
    )
    employee = await Employee.get(name="Aušra")
    assert (await EmployeeRole.get(employee_id=employee.id)).role is Role.AUDITOR
    auditor, agent = await office.employee("auditor"), await office.employee("agent")

    told = await built.execute(query, context_value=Context(auditor.actor, "192.0.2.1"))
    assert told.data == {"customers": {"nodes": [{"number": customer.number}]}, "me": {"roles": ["AUDITOR"]}}
    assert (await agent.asks("{ customers(first: 5) { nodes { number } } }")).data["customers"]["nodes"] == []


async def test_a_role_is_a_column_of_the_readers_table(installed: None) -> None:
    assert "auditor" in personas(in_force())


@pytest.mark.parametrize(
    ("more", "said"), [({"role": False}, "purpose research"), ({"purpose": False}, "role auditor")]
)
def test_a_reload_with_a_new_word_is_refused_until_the_next_start(
    rules: Path, more: dict[str, bool], said: str
) -> None:
    served, policies = build(declared.of(HERE)), Policies(rules)
    policies.use(rules, lambda found: check(served, found))
    before = policies.current
    add(rules, **more)

    with pytest.raises(PolicyError, match=f"the {said} is new, .* start it again"):
        policies.use(rules, lambda found: check(served, found))
    assert policies.current is before

    restarted = Policies(rules)
    check(build(restarted.current.declared), restarted.current)


def test_policies_without_a_purpose_that_the_program_names_are_refused_with_the_reason(rules: Path) -> None:
    for file in rules.glob("*.polar"):
        text = file.read_text("utf-8").replace('"verification"', '"checking"')
        file.write_text(text, "utf-8")
    add(rules, purpose=False, role=False)

    with pytest.raises(PolicyError, match="no purpose `verification` is declared"):
        check(build(), Policies(rules).current)


async def test_policies_that_drop_a_purpose_of_what_is_kept_are_refused_at_a_start(installed: None) -> None:
    await vocabulary.check(in_force().declared)
    await install(Named(Purpose.RESEARCH, "en", "1"), "Why.")

    with pytest.raises(PolicyError, match="declare it again"):
        await vocabulary.check(SHIPPED)


async def test_policies_that_drop_a_role_that_somebody_has_are_refused_at_a_start(installed: None) -> None:
    await Office().employee("auditor")

    with pytest.raises(PolicyError, match="declare it again"):
        await vocabulary.check(SHIPPED)


async def test_what_is_kept_for_a_purpose_is_read_by_whatever_opens_the_installation(
    sqlite_url: str, ours: Path
) -> None:
    where = replace(place(sqlite_url), policies=ours)
    with forgotten():
        async with opened(where):
            await install(Named(Purpose("research"), "en", "1"), "Why.")

    async with opened(where):
        assert [each.purpose for each in await Notice.all()] == ["research"]
