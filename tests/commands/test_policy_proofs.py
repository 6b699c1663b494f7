"""`savas policy diff`, `prove` and `impact` at the terminal."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.__main__ import app, main
from commands.exits import Exit
from policies.policy import HERE
from policies.prove.sentences import FILE
from tests.policies.compiled import WORDS


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
            "cells": 4,
            "exceptions": {"Notice.text": "it is for everybody."},
            "notNeeded": [],
            "findings": [],
        }
    ]
