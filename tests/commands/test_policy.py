import json
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from typer.testing import CliRunner

from commands.exits import Exit
from commands.policy import app
from models import Access, Account, Customer, Difference, PartnerClient, Purpose
from models.event import Event
from policies.compiler.reasons import Reason
from policies.offline import complete_models
from policies.policy import HERE, Policies, in_force
from procedures import difference
from procedures.difference import Seen
from schema.reading import encode
from tests import ledger
from tests.commands.desk import Desk, words
from tests.procedures import records

T = TypeVar("T")

VALUE = "600 00000"


@pytest.fixture
def desk(database_url: str) -> Desk:
    return Desk(database_url)


@pytest.mark.every_database
def test_what_is_granted_ends_with_exit_code_0(desk: Desk) -> None:
    code, told = desk.told("--purpose", "support")

    assert code == Exit.OK
    assert "ContactPoint.value granted" in told
    assert desk.contact in told
    assert "✗" not in told


def test_what_is_withheld_ends_with_exit_code_3_and_its_reason(desk: Desk) -> None:
    code, told = desk.told()

    assert code == Exit.REFUSED
    assert f"withheld: {Reason.PURPOSE_REQUIRED}" in told
    assert "✗ task.purpose = actor.purpose" in told


def test_no_personal_value_is_printed(desk: Desk) -> None:
    for purpose in ("support", "sales"):
        assert VALUE not in desk.told("--purpose", purpose)[1]


def test_the_way_to_a_category_is_a_field_of_the_customer(desk: Desk) -> None:
    code, told = desk.told("--purpose", "support", field="Customer.identity")

    assert code == Exit.REFUSED
    assert f"withheld: {Reason.NO_CONSENT}" in told


def test_an_action_needs_no_field(desk: Desk) -> None:
    assert desk.told("--record", desk.task, "--action", "close", field="Task")[0] == Exit.OK


@pytest.mark.every_database
def test_several_records_with_the_same_answer_are_told_once(desk: Desk) -> None:
    async def another() -> None:
        customer = await Customer.get(number=desk.number)
        await records.contact(await records.consent(customer.id, Purpose.SALES))

    desk.do(another())
    code, told = desk.told("--purpose", "support")

    assert code == Exit.OK
    assert told.count("ContactPoint.value granted") == 1
    assert "and 1 more alike" in told


def test_a_partner_is_shown_both_reasons(desk: Desk) -> None:
    async def client() -> str:
        made: PartnerClient = await records.client(login="courier")
        return (await Account.get(id=made.actor_id)).login

    code, told = desk.told("--purpose", "support", who=desk.do(client()))

    assert code == Exit.REFUSED
    assert "withheld: NO_TASK, told as NOT_AVAILABLE" in told


def test_a_customer_signs_in_by_number_and_reads_what_is_theirs(desk: Desk) -> None:
    async def signed_in() -> None:
        await records.person(await Customer.get(number=desk.number))

    desk.do(signed_in())
    code, told = desk.told(who=desk.number.lower())

    assert code == Exit.OK
    assert "✓ record.customerId = actor.customerId" in told


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--as", "nobody@office.example"], "nobody has this login"),
        (["--customer", "C-0000-0000"], "no customer has this number"),
        (["--field", "ContactPoint.iris"], "fields of ContactPoint: kind, provenance, value, verifiedAt"),
        (["--field", "Contact.value"], "there is no such type"),
        (["--purpose", "curiosity"], "one of support, sales"),
        (["--action", "devour"], "nobody does that to ContactPoint"),
        (["--record", "00000000-0000-0000-0000-000000000000"], "the customer has no such ContactPoint"),
        (["--field", "Notice.text"], "Notice belongs to no customer"),
    ],
)
def test_what_is_not_there_is_said_with_a_way_out(desk: Desk, options: list[str], said: str) -> None:
    code, told = desk.told("--purpose", "support", *options)

    assert code == Exit.USAGE
    assert said in words(told)


def test_somebody_sent_away_is_granted_nothing(desk: Desk) -> None:
    async def sent_away() -> None:
        await Account.filter(login=desk.agent).update(active=False)

    desk.do(sent_away())

    code, told = desk.told("--purpose", "support")
    assert code == Exit.USAGE
    assert "this login is not active" in words(told)


def test_another_customer_s_record_is_not_found_under_this_number(desk: Desk) -> None:
    async def other() -> str:
        return (await records.customer()).number

    result = desk.explain("--customer", desk.do(other()), "--record", desk.contact)

    assert result.exit_code == Exit.USAGE
    assert "the customer has no such ContactPoint" in words(result.output)


@pytest.mark.usefixtures("proved")
def test_the_policies_in_force_can_be_used() -> None:
    result = CliRunner().invoke(app, ["check"])

    assert result.exit_code == Exit.OK
    assert "release.polar" in result.output


def test_what_may_have_been_forgotten_is_said_and_refuses_nothing(
    ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fixture notes that they open the same fields, so that nothing is compiled here."""
    monkeypatch.setattr("commands.policy._loaded", lambda *_, **__: Policies(ours).current)

    result = CliRunner().invoke(app, ["check", str(ours)])

    assert result.exit_code == Exit.OK
    assert "hint      the purpose `research` has no name in `lt`" in result.output
    assert "./savas notice add FILE --purpose research" in result.output


def test_a_refused_policy_is_named_by_file_and_line(tmp_path: Path) -> None:
    for file in HERE.glob("*.polar"):
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    (tmp_path / "zz.polar").write_text("# Everybody may do anything.\nallow(_, _, _);\n", "utf-8")

    result = CliRunner().invoke(app, ["check", str(tmp_path)])

    assert result.exit_code == Exit.FAILED
    assert result.output.startswith("zz.polar:2: ")


def test_a_field_that_nobody_classified_is_found(tmp_path: Path) -> None:
    for file in HERE.glob("*.polar"):
        (tmp_path / file.name).write_text(file.read_text("utf-8").replace('"street", ', ""), "utf-8")

    result = CliRunner().invoke(app, ["check", str(tmp_path)])

    assert result.exit_code == Exit.FAILED
    assert "PostalAddress.street" in result.output


def test_an_explanation_is_of_the_policies_that_are_named(desk: Desk, tmp_path: Path) -> None:
    for file in HERE.glob("*.polar"):
        (tmp_path / file.name).write_text(
            file.read_text("utf-8").replace('needs("support", "contact_point");', ""), "utf-8"
        )

    code, told = desk.told("--purpose", "support", "--policies", str(tmp_path))

    assert code == Exit.REFUSED
    assert Reason.NOT_NEEDED_FOR_PURPOSE in told


async def _difference() -> UUID:
    return (await Difference.get(granted=True)).id


def test_a_closed_field_is_listed_and_no_explanation_calls_it_granted(desk: Desk) -> None:
    desk.do(difference.record_found(Seen("ContactPoint.value", True, "0" * 16, UUID(desk.contact), None)))
    desk.do(difference.record_found(Seen("Order.total", False, "0" * 16, UUID(int=7), None)))

    code, told = desk.told("--purpose", "support")
    listed = CliRunner().invoke(app, ["differences", "--database", desk.url, "--json"])

    assert code == Exit.REFUSED
    assert "ContactPoint.value is closed to everybody" in told
    assert desk.told("--purpose", "support", field="ContactPoint.kind")[0] == Exit.OK
    one, other = json.loads(listed.output)
    assert (one["field"], one["granted"], one["closed"]) == ("ContactPoint.value", True, True)
    assert one["id"] == encode("Difference", desk.do(_difference()))
    assert (other["field"], other["granted"]) == ("Order.total", False)


def test_the_customer_sees_that_it_was_asked_why_somebody_may_read_and_the_ledger_has_it(desk: Desk) -> None:
    async def seen() -> tuple[Any, list[Any]]:
        customer = await Customer.get(number=desk.number)
        of = Access.filter(customer_id=customer.id, kind="System", fields_read="")
        accesses = await of.order_by("entry").values_list("explained", flat=True)
        return accesses, await ledger.data(Event.POLICY_EXPLAINED)

    desk.told("--purpose", "support")
    desk.told("--record", desk.task, "--action", "close", field="Task")
    accesses, entries = desk.do(seen())

    assert list(accesses) == ["ContactPoint.value", "Task"]
    assert [(each["record"], each["field"], each["action"], each["purposes"]) for each in entries] == [
        ("ContactPoint", "value", "read", ["support"]),
        ("Task", None, "close", []),
    ]


def test_what_is_about_no_customer_is_recorded_and_in_nobodys_access_log(desk: Desk) -> None:
    async def notice() -> str:
        return str((await records.notice()).id)

    async def recorded() -> tuple[list[Any], int]:
        return await ledger.data(Event.POLICY_EXPLAINED), await Access.all().count()

    desk.explain("--record", desk.do(notice()), field="Notice.text")
    (entry,), accesses = desk.do(recorded())

    assert (entry["record"], entry["customers"], accesses) == ("Notice", [], 0)


def test_an_empty_directory_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(tmp_path)])

    assert result.exit_code == Exit.FAILED
    assert "no .polar files" in result.output


def test_the_table_goes_to_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in it is proved in tests/policies/showing/test_table.py."""
    complete_models()
    monkeypatch.setattr("commands.policy._loaded", lambda _directory: in_force())
    monkeypatch.setattr(
        "policies.showing.table", lambda policy: f"| PostalAddress.street | {len(policy.sources)} |"
    )

    result = CliRunner().invoke(app, ["table", "--output", str(tmp_path / "readers.md")])

    assert result.exit_code == Exit.OK
    assert "| PostalAddress.street |" in (tmp_path / "readers.md").read_text("utf-8")
