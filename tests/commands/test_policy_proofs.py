"""`savas policy diff`, `prove` and `impact` at the terminal."""

import asyncio
import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.__main__ import app, main
from commands.exits import Exit
from models import Category, Purpose, Role
from policies.errors import Refused
from policies.policy import HERE
from policies.prove.sentences import FILE
from tests.installation import at_work
from tests.policies.compiled import WORDS
from tests.procedures import records


def run(*words: str) -> tuple[int, str]:
    """A command's exit code and what it printed; the progress bar is elsewhere."""
    done = CliRunner().invoke(app, ["policy", *words])
    return done.exit_code, done.stdout


CLOSES = 'allow(actor: Staff, "close", task: Task) if task.assigneeId = actor.id'


def policies(directory: Path, text: str) -> str:
    """A directory of policies with one file of rules; its path."""
    directory.mkdir()
    for file, words in {**WORDS, "rules.polar": text}.items():
        (directory / file).write_text(words)
    return str(directory)


def test_policies_that_grant_more_are_told_apart_from_those_that_do_not(tmp_path: Path) -> None:
    one = policies(tmp_path / "one", f'{CLOSES} and task.status = "OPEN";')
    other = policies(tmp_path / "other", f"{CLOSES};")

    wider, narrower = run("diff", one, other), run("diff", other, one)

    assert wider == (
        Exit.REFUSED,
        (
            "wider     close on Task\n"
            "          An employee may now do so: the task is assigned to the actor. "
            "Before: no, the task is closed, not open.\n"
            "compared  1 fields and actions of 4 kinds of actor: 1 wider, 0 narrower, 0 open; "
            "0 written otherwise and proved the same\n"
        ),
    )
    assert narrower[0] == Exit.OK
    assert narrower[1].startswith("narrower  close on Task\n          An employee could do so: ")


def test_the_same_is_told_to_programs(tmp_path: Path) -> None:
    one = policies(tmp_path / "one", f'{CLOSES} and task.status = "OPEN";')
    other = policies(tmp_path / "other", f"{CLOSES};")

    code, printed = run("diff", one, other, "--json")

    assert code == Exit.REFUSED
    (change,) = json.loads(printed)["changes"]
    assert {key: change[key] for key in ("outcome", "type", "action", "names", "actors")} == {
        "outcome": "wider",
        "type": "Task",
        "action": "close",
        "names": ["close"],
        "actors": [{"kind": "Staff", "roles": []}],
    }


def test_policies_that_are_refused_are_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = policies(tmp_path / "one", f"{CLOSES};"), policies(tmp_path / "other", f"{CLOSES}")

    assert main(["policy", "diff", one, other]) == Exit.FAILED
    assert "POLICY_REFUSED  rules.polar:" in capsys.readouterr().err


def test_without_z3_it_is_said_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("policies.prove")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "z3", None)

    assert main(["policy", "diff", str(HERE), str(HERE)]) == Exit.FAILED
    assert "install 'z3-solver" in capsys.readouterr().err


def test_sentences_of_a_directory_are_proved_or_refuted(tmp_path: Path) -> None:
    directory = policies(tmp_path / "one", f'{CLOSES} and task.status = "OPEN";')
    (tmp_path / "one" / FILE).write_text(
        "No partner may close on Task.\n\nNo employee may close on Task.\n    Except Task.number: none.\n"
    )

    assert main(["policy", "prove", directory]) == Exit.FAILED

    (tmp_path / "one" / FILE).write_text("No partner may close on Task.\n\nNo employee may close on Task.\n")
    code, printed = run("prove", directory)

    assert code == Exit.REFUSED
    assert printed == (
        "proved    No partner may close on Task.\n"
        "refuted   No employee may close on Task.\n"
        "          close on Task\n"
        "          An employee may do so: the task is assigned to the actor and open.\n"
        "2 sentences about 1 fields and actions: 1 proved, 1 refuted\n"
    )


def test_what_nobody_was_found_for_is_not_told_as_refuted(tmp_path: Path) -> None:
    directory = policies(tmp_path / "one", f"{CLOSES} and actor.purposeCount = 3;")
    (tmp_path / "one" / FILE).write_text("No employee may close on Task.\n")

    assert run("prove", directory) == (
        Exit.REFUSED,
        (
            "unproved  No employee may close on Task.\n"
            "          close on Task\n"
            "          It could not be decided for an employee.\n"
            "1 sentences about 1 fields and actions: 0 proved, 0 refuted, 1 unproved\n"
        ),
    )


def test_sentences_are_told_to_programs_with_their_exceptions(tmp_path: Path) -> None:
    text = 'allow_field(_: Anyone, "read", _: Notice, "text");'
    directory = policies(tmp_path / "one", text)
    (tmp_path / "one" / FILE).write_text(
        "Nobody reads anything.\n    Except Notice.text: it is for everybody.\n"
    )

    code, printed = run("prove", directory, "--json")

    assert code == Exit.OK
    assert json.loads(printed) == [
        {
            "sentence": "Nobody reads anything.",
            "proved": True,
            "verdict": "proved",
            "cells": 4,
            "exceptions": {"Notice.text": "it is for everybody."},
            "notNeeded": [],
            "findings": [],
        }
    ]


class Counting:
    """An installation with a privacy officer and an agent, who carries a task for a customer with an order."""

    def __init__(self, url: str) -> None:
        self.url = url
        asyncio.run(self._filled())

    async def _filled(self) -> None:
        async with at_work(self.url):
            await records.employee(Role.PRIVACY_OFFICER, login="officer@office.example")
            agent = await records.employee(Role.AGENT, login="agent@office.example")
            customer = await records.customer()
            until = records.NOON.replace(year=2999)
            await records.order(
                await records.consent(customer.id, Purpose.BILLING, Category.ORDER, expires_at=until)
            )
            await records.task(customer.id, Purpose.BILLING, assignee_id=agent.id, due_at=until)

    def impact(self, directory: Path, who: str, *words: str) -> tuple[int, str]:
        """What the command says to somebody about other policies."""
        options = ["policy", "impact", str(directory), "--database", self.url, "--as", who, *words]
        done = CliRunner().invoke(app, options, catch_exceptions=False)
        return done.exit_code, done.stdout


@pytest.fixture
def counting(database_url: str) -> Counting:
    return Counting(database_url)


@pytest.fixture
def without_orders(rules: Path) -> Path:
    """Policies under which billing needs no orders."""
    path = rules / "purposes.polar"
    path.write_text(path.read_text().replace('needs("billing", "order");\n', ""))
    return rules


def test_what_would_close_is_counted(counting: Counting, without_orders: Path) -> None:
    code, printed = counting.impact(without_orders, "officer@office.example")

    assert code == Exit.OK
    assert "closes  Order: billingAddress, currency, lines, number, placedAt, provenance, total\n" in printed
    assert "        7 fields of 1 customers, for 1 who are each an employee" in printed
    assert printed.endswith(
        "in all  of 1 customers 0 have a field that opens for somebody, 1 one that closes\n"
    )


def test_counts_are_for_programs_too(counting: Counting, without_orders: Path) -> None:
    _, printed = counting.impact(without_orders, "officer@office.example", "--json")

    told = json.loads(printed)
    assert (told["customers"], told["opening"], told["closing"]) == (1, 0, 1)
    assert {each["type"] for each in told["counts"]} == {"Consent", "Customer", "Order"}


def test_who_may_not_see_everybody_is_told_no_counts(counting: Counting, without_orders: Path) -> None:
    with pytest.raises(Refused):
        counting.impact(without_orders, "agent@office.example")


def test_who_is_nobody_is_told_no_counts(counting: Counting, without_orders: Path) -> None:
    assert counting.impact(without_orders, "nobody@office.example") == (Exit.USAGE, "")
