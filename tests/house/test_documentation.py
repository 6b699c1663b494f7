"""What can be used is written down."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from commands.__main__ import app
from commands.exits import Exit
from tests.house import tree

PAGES = tree.documentation()

pytestmark = pytest.mark.skipif(not (tree.ROOT / "README.md").exists(), reason="there is no README yet")


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


@pytest.mark.parametrize("name", settings())
def test_a_setting_has_its_sentence(name: str) -> None:
    """A setting nobody can find is a trap for whoever inherits the server."""
    assert name in PAGES


@pytest.mark.parametrize("name", sorted(spoken(typer.main.get_command(app))))
def test_a_command_has_its_sentence(name: str) -> None:
    """The help tells how; the pages tell when and why."""
    assert f"savas {name}" in PAGES


@pytest.mark.parametrize("code", list(Exit))
def test_an_exit_code_has_its_line(code: Exit) -> None:
    """Scripts rest on them."""
    assert re.search(rf"\|\s*`?{code.value}`?\s*\|", PAGES)
