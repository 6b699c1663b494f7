"""The policy files of a directory, and the rules and tests that they hold."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from policies.errors import PolicyError
from policies.language import grammar
from policies.language.tree import Attribute, Expected, Literal, Membership, Pattern, Rule, within

HERE = Path(__file__).parent.parent

#: A comment or a text as they are, or a whole test.
_TEST = re.compile(r'(#[^\n]*|"(?:[^"\\]|\\.)*")|(?<!\w)\?=(?:#[^\n]*|"(?:[^"\\]|\\.)*"|[^;"#])*;')


def read(directory: Path) -> dict[str, str]:
    """The policy files of a directory by name.

    Raises:
        PolicyError: there are none, or one cannot be read as UTF-8.
    """
    files = sorted(directory.glob("*.polar"))
    if not files:
        raise PolicyError(f"no .polar files in {directory.name}; a server without rules releases nothing")
    try:
        return {file.name: file.read_text("utf-8") for file in files}
    except UnicodeDecodeError as error:
        raise PolicyError("a policy file is not UTF-8 text; save it as UTF-8") from error


def rules(sources: Mapping[str, str]) -> list[Rule]:
    """Every rule of the files, in order. Tests are not read: most who load a text do not run them.

    Raises:
        PolicyError: a file is no Polar.
    """
    parts = (part for file, text in sources.items() for part in grammar.parse(file, without_tests(text)))
    return [part for part in parts if isinstance(part, Rule)]


def tests(sources: Mapping[str, str]) -> list[Expected]:
    """Every test of the files, in order.

    Raises:
        PolicyError: a file is no Polar.
    """
    parts = (part for file, text in sources.items() for part in grammar.parse(file, text))
    return [part for part in parts if isinstance(part, Expected)]


def without_tests(source: str) -> str:
    """The text with blanks where tests stand, so that all else keeps its place."""
    return _TEST.sub(lambda found: found[1] or re.sub(r"[^\n]", " ", found[0]), source)


def roles_named(rules: Iterable[Rule]) -> frozenset[str] | None:
    """The roles that rules tell apart: those named as in `"manager" in actor.roles`; None when a rule asks otherwise."""
    named = set()
    for rule in rules:
        plainly = 0
        for node in within(rule):
            if isinstance(node, Membership) and isinstance(node.item, Literal) and _is_roles(node.of):
                named.add(str(node.item.value))
                plainly += 1
        if plainly < sum(map(_speaks_of_roles, within(rule))):
            return None
    return frozenset(named)


def _speaks_of_roles(node: object) -> bool:
    return _is_roles(node) or (isinstance(node, Pattern) and any(name == "roles" for name, _ in node.fields))


def _is_roles(node: object) -> bool:
    return isinstance(node, Attribute) and node.name == "roles"
