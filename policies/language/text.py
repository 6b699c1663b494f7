"""The policy files of a directory, and the rules and tests that they hold."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from policies.errors import PolicyError
from policies.language import grammar
from policies.language.tree import (
    Attribute,
    Comparison,
    Expected,
    Literal,
    Membership,
    Pattern,
    Rule,
    Variable,
)

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
    """The roles that rules tell apart: those named as in `"manager" in actor.roles`; None when a rule asks otherwise.

    The roles of an employee who is not the actor, as in `employee in account.employees`, are records like others.
    """
    named = set()
    for rule in rules:
        plainly, records = 0, _records(rule)
        for node in rule.nodes:
            if not isinstance(node, Membership) or not _is_roles(node.of):
                continue
            if isinstance(node.item, Literal):
                named.add(str(node.item.value))
                plainly += 1
            elif isinstance(node.of, Attribute) and _name(node.of.of) in records:
                plainly += 1
        if plainly < sum(map(_speaks_of_roles, rule.nodes)):
            return None
    return frozenset(named)


def _records(rule: Rule) -> set[str]:
    """The variables of a rule that stand for members of a relation, and can stand for nothing else."""
    found, others = set[str](), {_name(each.term) for each in rule.parameters}
    for node in rule.nodes:
        if isinstance(node, Membership):
            (found if isinstance(node.of, Attribute) else others).add(_name(node.item))
        elif isinstance(node, Comparison):
            others |= {_name(node.left), _name(node.right)}
    return found - others - {""}


def _name(node: object) -> str:
    """The name of a variable; empty for any other term."""
    return node.name if isinstance(node, Variable) else ""


def _speaks_of_roles(node: object) -> bool:
    return _is_roles(node) or (isinstance(node, Pattern) and any(name == "roles" for name, _ in node.fields))


def _is_roles(node: object) -> bool:
    return isinstance(node, Attribute) and node.name == "roles"


def facts(rules: Iterable[Rule], name: str, count: int) -> list[tuple[Rule, tuple[Any, ...]]]:
    """The facts of a name, each with its texts.

    Raises:
        PolicyError: one is no fact, or has another number of texts.
    """
    found = [(rule, rule.texts()) for rule in rules if rule.name == name]
    for rule, texts in found:
        if texts is None or len(texts) != count:
            raise rule.refuse(
                f"`{name}` is a fact of {count} texts, such as `{name}({', '.join(['…'] * count)})`"
            )
    return [(rule, texts) for rule, texts in found if texts is not None]
