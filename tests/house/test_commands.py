"""What a command says when it cannot do what was asked."""

import socket
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from commands import failures, testing
from commands.__main__ import app, main
from commands.exits import MEANINGS, Exit
from docs.pages import tree

SECRET = "Ona Kazlauskienė"


def raised(error: Exception) -> Exception:
    """The same error after it has been raised, with its traceback."""
    try:
        raise error
    except Exception as caught:  # noqa: BLE001 any error may be asked for
        return caught


def test_the_help_lists_every_exit_code() -> None:
    text = " ".join(CliRunner().invoke(app, ["--help"]).output.split())
    assert all(f"{code.value} {code.meaning}" in text for code in Exit)


def test_every_exit_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Exit)


def test_no_command_is_a_wrong_use() -> None:
    assert main([]) == Exit.USAGE


def test_an_unknown_command_is_a_wrong_use() -> None:
    assert main(["nonsense"]) == Exit.USAGE


def test_the_version_is_the_one_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == Exit.OK
    assert capsys.readouterr().out.startswith("savas 0.")


def test_an_unforeseen_error_is_one_line_without_its_value() -> None:
    text, code = failures.failure_line(raised(ValueError(SECRET)))
    assert (code, text.count("\n"), SECRET in text) == (Exit.FAILED, 0, False)
    assert failures.incident(raised(ValueError(SECRET))) in text


def test_debug_tells_the_places_and_still_no_value() -> None:
    try:
        raise RuntimeError(SECRET) from raised(KeyError(SECRET))
    except RuntimeError as error:
        text, _ = failures.failure_line(error, debug=True)
    assert "test_commands.py" in text
    assert "KeyError, raised at" in text
    assert SECRET not in text


def test_the_same_failure_has_the_same_mark() -> None:
    assert failures.incident(raised(ValueError("a"))) == failures.incident(raised(ValueError("b")))
    assert failures.incident(raised(ValueError("a"))) != failures.incident(raised(TypeError("a")))


def test_a_lost_database_has_its_own_code() -> None:
    text, code = failures.failure_line(ConnectionRefusedError(111, f"postgres://{SECRET}@db"))
    assert code is Exit.UNREACHABLE
    assert SECRET not in text


def test_a_value_that_no_row_could_have_is_a_wrong_use() -> None:
    from tortoise.exceptions import ValidationError

    text, code = failures.failure_line(ValidationError(f"number: Length of '{SECRET}' 16 > 4"))
    assert (code, text.partition(" ")[0], SECRET in text) == (Exit.USAGE, "VALUE_UNFIT", False)


@pytest.mark.parametrize(
    "words",
    [
        ["ledger", "prove", SECRET],
        ["consent", "due", f"--days={SECRET}"],
        ["user", "list", SECRET],
        [f"--{SECRET}", "user", "list"],
        ["user", f"--{SECRET}=x", "list"],
        [SECRET],
        ["agreement", "sign", "1", "--on", SECRET],
        ["notice", "add", f"/{SECRET}", "--purpose", "x", "--language", "lt", "--version", "1"],
    ],
)
def test_a_wrong_use_is_told_without_what_was_typed(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    assert main(words) == Exit.USAGE
    told = capsys.readouterr()
    assert [word for word in SECRET.split() if word in told.err + told.out] == []


def test_a_word_that_is_nearly_a_command_is_told_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "lst"]) == Exit.USAGE
    assert "Did you mean 'list'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("user list --keys x", "--keys stands before the command: savas --keys … user list"),
        ("serve --provider=x", "--provider stands before the command: savas --provider … serve"),
        ("--data x user list", "--data stands behind the command"),
    ],
)
def test_an_option_that_stands_elsewhere_says_where(
    words: str, told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(words.split()) == Exit.USAGE
    assert told in capsys.readouterr().err


def test_a_taken_port_is_told_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--data", str(tmp_path), "--demo", "--port", port]) == Exit.TAKEN
    assert "ADDRESS_TAKEN" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_lost_database_is_known_by_the_library_s_own_error() -> None:
    from tortoise.exceptions import DBConnectionError

    assert failures.exit_of(DBConnectionError("no")) is Exit.UNREACHABLE


def test_a_refusal_says_its_own_text() -> None:
    from policies.errors import Refused

    text, code = failures.failure_line(Refused("close"))
    assert code is Exit.REFUSED
    assert text.startswith("FORBIDDEN  You may not")


def test_every_foreseen_error_exists() -> None:
    """They are known by name, so a renamed one would be forgotten."""
    for name in failures.EXITS:
        module, _, kind = name.rpartition(".")
        assert issubclass(getattr(import_module(module), kind), BaseException), name


def test_an_uncaught_error_ends_in_its_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = typer.Typer(pretty_exceptions_enable=False)

    @broken.command()
    def fail() -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr("commands.__main__.app", broken)
    assert main([]) == Exit.FAILED
    told: Any = capsys.readouterr()
    assert told.err.startswith("savas: INTERNAL")
    assert SECRET not in told.err + told.out


#: What a command takes as free text on its line, which others on the machine see, and why nobody is in it.
ON_THE_LINE = {
    "--consent-evidence TEXT": "a reference to a proof of many, asked to name nobody",
    "--source NAME": "another system",
    "--encoding NAME": "a closed list",
    "--sender NAME": "the name of a key in a file",
    "--name NAME": "staff's own name at work",
    "--field NAME": "a closed list",
    "--import SOURCE": "another system",
    "NAME": "a partner's machine",
    "PARTNER": "a subcontractor under contract",
}


def test_no_command_takes_on_its_line_what_may_be_about_a_person() -> None:
    texts = {
        each.spelling
        for command in tree.commands()
        for each in command.parameters
        if each.spelling.split()[-1] in {"TEXT", "NAME", "PARTNER", "SOURCE"}
    }
    assert texts == ON_THE_LINE.keys()


def test_the_whole_house_is_tested_side_by_side() -> None:
    assert testing.arguments([])[0] == "-n"


def test_what_is_given_to_test_goes_to_pytest_as_it_is() -> None:
    assert testing.arguments(["-k", "consent", "--lf"]) == ["-k", "consent", "--lf"]
