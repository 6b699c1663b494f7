"""Every text that a command takes, on the command line or asked for, filled with a canary."""

import io
import sys
from collections.abc import Iterator
from typing import Final

import pytest

from docs.pages import tree
from tests.canary_house import AGENT, House

#: What an operator says of the company itself, by command and parameter, and why it may lie in plain.
OF_THE_COMPANY: Final = {
    ("user add", "LOGIN"): "staff's own name at work",
    ("user add", "--name"): "staff's own name at work",
    ("user add-partner", "PARTNER"): "a subcontractor under contract",
    ("user add-partner-client", "NAME"): "the partner's own staff or machine",
}
#: Commands that take no installation, or never end.
NOT_TRIED: Final = {"", "serve", "test", "policy check", "policy test", "policy fmt", "policy table", "policy diff",
                    "policy prove"}  # fmt: skip
#: What follows a parameter that names a place on the operator's machine, and holds no text.
PLACES: Final = {"FILE", "DIR", "PATH", "FILE.csv", "FILE.zip", "NAME|FILE.toml", "HEX|FILE"}
#: What a parameter that takes a text, a word or a number is given while another one is tried, by what follows it in the help.
KNOWN: Final = {
    "PURPOSE": "support", "CATEGORY": "order", "ROLE": "agent", "CODE": "lt", "LANGUAGE": "lt", "LT": "LT", "YYYY-MM-DD": "2030-01-31",
    "DATE": "2026-11-30", "WHO": "court", "TYPE.FIELD": "ContactPoint.value", "NUMBER": "C-1", "NUMBER|new": "C-1", "LOGIN": AGENT,
    "DAYS": "7", "SIZE": "1", "ENTRY": "1", "KIND": "EMAIL", "REASON": "security", "SOURCE": "shop", "TEXT": "form 12",
    "ID": "00000000-0000-4000-8000-000000000000", "NAME": "utf-8", "PARTNER": "Van", "VERSION": "1", "OLD": "1", "NEW": "2",
    "KEY": "0" * 64, "ACTION": "read", "WORD": "0" * 16, "[NETWORK]...": "192.0.2.0/24",
}  # fmt: skip


def given() -> list[tuple[str, str]]:
    """Each command with each of its parameters that takes a text, as they are spelled; one of no known kind is an error."""
    found = []
    for command in _tried():
        for each in command.parameters:
            follows = _follows(each)
            assert follows in PLACES | KNOWN.keys() or each.variable or _is_flag(each), (
                f"{command.words} {each.spelling}: say in KNOWN what it is given, or in PLACES that it names a file"
            )
            takes_text = follows in KNOWN and not each.variable and not _is_flag(each)
            if takes_text and (command.words, each.spelling.split()[0]) not in OF_THE_COMPANY:
                found.append((command.words, each.spelling))
    return found


def alone() -> list[list[str]]:
    """Each command that can be run without being told anything, with all that it tells."""
    return [
        [
            *command.words.split(),
            *(["--all"] if any(each.spelling == "--all" for each in command.parameters) else []),
        ]
        for command in _tried()
        if not any(each.required for each in command.parameters) and command.words != "migrate"
    ]


def words(house: House, command: str, spelling: str) -> list[str]:
    """A command with a canary for one of its parameters, and what else it needs."""
    (found,) = [each for each in tree.commands() if each.words == command]
    line = command.split()
    for each in found.parameters:
        canary = each.spelling == spelling
        name, follows = each.spelling.split()[0], _follows(each)
        if name == "--password-stdin":
            line.append(name)
        elif canary or each.required:
            value = house.canaries.email() if canary else _known(house, name, follows)
            line += [name, value] if name.startswith("-") else [value]
    return line


def asked(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the next command asks for is answered by canaries."""
    lines = "".join(f"{house.canaries.email()}\n" for _ in range(3))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))


def _tried() -> Iterator[tree.Command]:
    return (command for command in tree.commands() if command.words not in NOT_TRIED)


def _follows(parameter: tree.Parameter) -> str:
    return parameter.spelling.split()[-1]


def _is_flag(parameter: tree.Parameter) -> bool:
    return _follows(parameter).startswith("--")


def _known(house: House, name: str, follows: str) -> str:
    if name == "--as":
        return house.officer
    if follows == "ID" and house.hold:
        return house.hold
    return KNOWN.get(follows) or str(house.directory / "desk" / follows)
