"""What can be used is written down."""

import re
from collections.abc import Iterator
from typing import Any

import typer

from commands.__main__ import app
from commands.exits import Exit
from tests.house import tree


def settings() -> list[str]:
    """Each variable of the environment that the rooms or the launcher name."""
    files = [tree.ROOT / "savas", *tree.product()]
    return sorted(
        {name for path in files for name in re.findall(r"\bSAVAS_[A-Z_]+[A-Z]\b", path.read_text())}
    )


def spoken(command: Any, before: tuple[str, ...] = ()) -> Iterator[str]:
    """Each command as it is typed: `user add`."""
    if not hasattr(command, "commands"):
        yield " ".join(before)
        return
    for name, inner in command.commands.items():
        yield from spoken(inner, (*before, name))


def test_a_setting_has_its_sentence() -> None:
    """A setting nobody can find is a trap for whoever inherits the server."""
    pages = tree.documentation()
    assert settings()
    assert [name for name in settings() if name not in pages] == []


def test_a_command_has_its_sentence() -> None:
    """The help tells how; the pages tell when and why."""
    pages, names = tree.documentation(), list(spoken(typer.main.get_command(app)))
    assert names
    assert [name for name in names if f"savas {name}" not in pages] == []


def test_an_exit_code_has_its_line() -> None:
    """Scripts rest on them."""
    pages = tree.documentation()
    assert [code for code in Exit if not re.search(rf"\|\s*`?{code.value}`?\s*\|", pages)] == []
