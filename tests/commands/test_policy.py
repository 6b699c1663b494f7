import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from typer.testing import CliRunner, Result

from commands.exits import Exit
from commands.policy import app
from models import Account, Customer, PartnerClient, Purpose, Role
from policies.errors import Refused
from policies.offline import complete_models
from policies.policy import HERE, Policies, in_force
from policies.reasons import Reason
from tests.installation import at_work
from tests.policies.compiled import WORDS
from tests.procedures import records

T = TypeVar("T")

VALUE = "600 00000"


class Desk:
    """A database with a support agent at work for one customer, and the command to ask about them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.agent, self.number, self.contact, self.task = self.do(self._people())

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Work on the database, on a loop of its own as a command has."""

        async def connected_work() -> T:
            async with at_work(self.url):
                return await work

        return asyncio.run(connected_work())

    def explain(self, *words: str, who: str | None = None, field: str = "ContactPoint.value") -> Result:
        options = ["explain", "--database", self.url, "--as", who or self.agent, "--field", field, *words]
        return CliRunner().invoke(app, options, env={"COLUMNS": "200", "NO_COLOR": "1"})

    def told(self, *words: str, **more: Any) -> tuple[int, str]:
        result = self.explain("--customer", self.number, *words, **more)
        return result.exit_code, result.output

    def who(self, *words: str, field: str = "ContactPoint.value") -> tuple[int, str]:
        """What a privacy officer is told of everybody who could read it, or somebody else who asks."""
        options = ["who", "--database", self.url, "--customer", self.number, "--field", field, *words]
        result = CliRunner().invoke(app, options, env={"COLUMNS": "200", "NO_COLOR": "1"})
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    @staticmethod
    async def _people() -> tuple[str, str, str, str]:
        agent = await records.employee(Role.AGENT, login="ruta@office.example")
        customer = await records.customer()
        contact = await records.contact(
            await records.consent(customer.id, expires_at=records.NOON.replace(year=2999))
        )
        task = await records.task(customer.id, assignee_id=agent.id)
        return agent.login, customer.number, str(contact.id), str(task.id)


@pytest.fixture
def officer(desk: "Desk") -> str:
    async def employed() -> str:
        return (await records.employee(Role.PRIVACY_OFFICER, login="vida@office.example")).login

    return desk.do(employed())


@pytest.fixture
def desk(database_url: str) -> Desk:
    return Desk(database_url)


def words(text: str) -> str:
    """An error as plain words, without the box around it."""
    return " ".join(text.replace("│", " ").split())


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
        (["--field", "Contact.value"], "there is no type Contact"),
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


def test_an_empty_directory_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(tmp_path)])

    assert result.exit_code == Exit.FAILED
    assert "no .polar files" in result.output


def test_the_table_goes_to_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in it is proved in tests/policies/test_table.py."""
    complete_models()
    monkeypatch.setattr("commands.policy._loaded", lambda _directory: in_force())
    monkeypatch.setattr(
        "policies.table.table", lambda policy: f"| PostalAddress.street | {len(policy.sources)} |"
    )

    result = CliRunner().invoke(app, ["table", "--output", str(tmp_path / "readers.md")])

    assert result.exit_code == Exit.OK
    assert "| PostalAddress.street |" in (tmp_path / "readers.md").read_text("utf-8")


def small(directory: Path, test: str) -> Path:
    """Policies of one rule, with a fixture and a test."""
    for name, content in WORDS.items():
        (directory / name).write_text(content, "utf-8")
    (directory / "x.polar").write_text(
        f"""# Why.
allow(actor: Staff, "close", t: Task) if t.assigneeId = actor.id or "manager" in actor.roles;
given("a manager", actor: Staff, _customer) if "manager" in actor.roles;
given("an agent", actor: Staff, _customer) if "agent" in actor.roles;
{test}
""",
        "utf-8",
    )
    return directory


def test_tests_of_policies_that_come_out_end_with_exit_code_0_and_name_what_they_do_not_reach(
    tmp_path: Path,
) -> None:
    result = CliRunner().invoke(app, ["test", str(small(tmp_path, '?= may("a manager", "close", "Task");'))])

    assert result.exit_code == Exit.OK
    assert "tests     1: 1 questions, none failed" in result.output
    assert "reached   2 of 3 rules and alternatives" in result.output
    assert "unreached x.polar:2: allow(actor: Staff" in result.output


@pytest.mark.parametrize("command", ["test", "check"])
def test_a_test_that_fails_is_shown_with_its_line_and_ends_with_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr("commands.policy._fits", lambda _: None)
    test = '?= may("an agent", "close", "Task");'

    result = CliRunner().invoke(app, [command, str(small(tmp_path, test))])

    assert result.exit_code == Exit.FAILED
    assert "x.polar:5: expected that an agent may close Task; plain Oso: may not" in result.output
    assert f"    {test}\n    ^" in result.output


def test_files_are_laid_out_and_those_that_change_are_named(tmp_path: Path) -> None:
    small(tmp_path, '?=may ( "a manager","close", "Task" );')
    (tmp_path / "x.polar").chmod(0o640)
    before = {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()}

    asked = CliRunner().invoke(app, ["fmt", "--check", str(tmp_path)])
    assert (asked.exit_code, asked.output) == (Exit.FAILED, "would change  x.polar\n")
    assert {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()} == before

    done = CliRunner().invoke(app, ["fmt", str(tmp_path)])
    assert (done.exit_code, done.output) == (Exit.OK, "changed  x.polar\n")
    assert '?= may("a manager", "close", "Task");' in (tmp_path / "x.polar").read_text("utf-8")
    assert (tmp_path / "x.polar").stat().st_mode & 0o777 == 0o640
    assert {file.name for file in tmp_path.iterdir()} == set(before)

    again = CliRunner().invoke(app, ["fmt", "--check", str(tmp_path)])
    assert (again.exit_code, again.output) == (Exit.OK, "")


def test_a_file_that_cannot_be_read_is_not_laid_out(tmp_path: Path) -> None:
    small(tmp_path, "?= may(")
    before = (tmp_path / "x.polar").read_text("utf-8")

    result = CliRunner().invoke(app, ["fmt", str(tmp_path)])

    assert result.exit_code == Exit.FAILED
    assert "x.polar:5: a rule does not end with a semicolon" in result.output
    assert (tmp_path / "x.polar").read_text("utf-8") == before


@pytest.mark.every_database
def test_a_privacy_officer_is_told_who_could_read_something_and_why(desk: Desk, officer: str) -> None:
    code, told = desk.who("--as", officer)

    assert code == Exit.OK
    assert desk.agent in told
    assert desk.task in told
    assert "release.polar:" in told
    assert "1 could read it now." in told
    assert officer not in told
    assert VALUE not in told


def test_the_customer_who_can_sign_in_is_among_them(desk: Desk, officer: str) -> None:
    async def signed_in() -> None:
        await records.person(await Customer.get(number=desk.number))

    desk.do(signed_in())
    _, told = desk.who("--as", officer, "--purpose", "sales")

    assert desk.number in told
    assert desk.agent not in told


def test_nobody_is_said_where_nobody_could(desk: Desk, officer: str) -> None:
    async def sent_away() -> None:
        await Account.filter(login=desk.agent).update(active=False)

    desk.do(sent_away())

    assert desk.who("--as", officer) == (Exit.OK, "Nobody could read it now.\n")


def test_who_could_read_something_is_told_to_nobody_else(desk: Desk) -> None:
    with pytest.raises(Refused):
        desk.who("--as", desk.agent)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--field", "ContactPoint.iris"], "fields of ContactPoint: kind, provenance, value, verifiedAt"),
        (["--purpose", "curiosity"], "one of support, sales"),
        (["--customer", "C-0000-0000"], "no customer has this number"),
    ],
)
def test_whoever_asks_for_readers_of_what_is_not_there_is_told_what_is(
    desk: Desk, officer: str, options: list[str], said: str
) -> None:
    code, told = desk.who("--as", officer, *options)

    assert code == Exit.USAGE
    assert said in words(told)
