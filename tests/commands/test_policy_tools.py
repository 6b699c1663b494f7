"""The tools for authors of policies: tests, one layout, and who could read something."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from commands import options
from commands.exits import Exit
from commands.policy import app
from models import Access, Account, Customer, Role
from models.event import Event
from policies.errors import Refused
from policies.language import text
from policies.policy import HERE
from tests import ledger
from tests.commands.desk import Desk, words
from tests.policies.compiled import WORDS
from tests.procedures import records

VALUE = "600 00000"


@pytest.fixture
def officer(desk: "Desk") -> str:
    async def employed() -> str:
        return (await records.employee(Role.PRIVACY_OFFICER, login="vida@office.example")).login

    return desk.do(employed())


@pytest.fixture
def desk(database_url: str) -> Desk:
    return Desk(database_url)


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


@pytest.mark.usefixtures("proved")
@pytest.mark.parametrize("command", ["test", "check"])
def test_a_test_that_fails_is_shown_with_its_line_and_ends_with_exit_code_1(
    tmp_path: Path, command: str
) -> None:
    test = '?= may("an employee", "place_legal_hold", "Customer");'
    for name, content in text.read(HERE).items():
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "more.polar").write_text(f"# What is expected besides.\n{test}\n", "utf-8")

    result = CliRunner().invoke(app, [command, str(tmp_path)])

    assert result.exit_code == Exit.FAILED
    failed = "more.polar:2: expected that an employee may place_legal_hold Customer; plain Oso: may not"
    assert failed in result.output
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


def test_the_customer_sees_that_a_privacy_officer_asked_who_could_read(desk: Desk, officer: str) -> None:
    async def seen() -> tuple[Any, list[Any]]:
        accesses = Access.filter(kind="Employee", fields_read="")
        return await accesses.values_list("roles", "explained"), await ledger.data(Event.READERS_LISTED)

    desk.who("--as", officer, "--purpose", "sales")
    accesses, (entry,) = desk.do(seen())

    assert list(accesses) == [("privacy_officer", "ContactPoint.value")]
    assert (entry["record"], entry["field"], entry["purposes"]) == ("ContactPoint", "value", ["sales"])


def test_the_customer_who_can_sign_in_is_among_them(desk: Desk, officer: str) -> None:
    async def signed_in() -> None:
        await records.person(await Customer.get(number=desk.number))

    desk.do(signed_in())
    _, told = desk.who("--as", officer, "--purpose", "sales")

    assert desk.number in told
    assert desk.agent not in told


def test_policies_may_close_it_to_whoever_asks_at_the_console(
    proved: None, desk: Desk, officer: str, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = 'forbid(actor: Staff, "list_readers", _: Customer) if actor.channel = "CONSOLE";'
    reading = 'forbid_field(actor: Staff, "read", _: ContactPoint, _) if actor.channel = "CONSOLE";'
    monkeypatch.setattr(options._Given, "before", options.Before(policies=rules))
    monkeypatch.setenv("SAVAS_POLICIES", str(rules))

    (rules / "more.polar").write_text(f"{reading}\n", "utf-8")
    assert "1 could read it now." in desk.who("--as", officer)[1]

    (rules / "more.polar").write_text(f"{console}\n", "utf-8")
    with pytest.raises(Refused):
        desk.who("--as", officer)


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
