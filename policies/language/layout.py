"""The one layout of policy files: `savas policy fmt`.

A rule whose author broke the line behind `if` has each condition on a line of its own; another stands on one line as long as it
fits. Comments and single blank lines stay where they are; a rule with a comment inside, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any, Final

from policies.errors import PolicyError
from policies.language import grammar
from policies.language.printing import ALL, NOT, head, written
from policies.language.tree import AllOf, AnyOf, Expected, Node, Parameter, Rule, Unfit, within

#: The longest line, where it can be broken.
WIDTH: Final = 120
INDENT: Final = "    "

_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|(#[^\n]*)')
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[(\[{}\])]|, | and | or ')
_BROKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\b(if[ \t\r]*\n)')


def formatted(file: str, text: str) -> str:
    """The text of a policy file in the one layout.

    Raises:
        PolicyError: it is no Polar.
    """
    parts = grammar.parse(file, text)
    result = "".join(_laid_out(text, parts)).strip("\n")
    laid_out = f"{result}\n" if result else ""
    if not same(parts, grammar.parse(file, laid_out)):
        raise PolicyError("laid out anew this would say something else; it stays as it is", file)
    return laid_out


def same(one: Any, other: Any) -> bool:
    """Whether parts of policies say the same, wherever they stand."""
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Node | Parameter):
        names = {field.name for field in fields(one)} - {"line", "column", "text"}
        return type(one) is type(other) and all(
            same(getattr(one, name), getattr(other, name)) for name in names
        )
    return type(one) is type(other) and bool(one == other)


def _laid_out(text: str, parts: Iterable[Rule | Expected]) -> Iterator[str]:
    """Each part and what stands between them."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    end = 0
    for part in parts:
        begin = starts[part.line - 1] + part.column - 1
        yield _between(text[end:begin], first=end == 0)
        yield _part(part)
        end = begin + len(part.text)
    yield _between(text[end:], first=end == 0)


def _between(text: str, *, first: bool) -> str:
    """Comments and blank lines: each on a line of its own, but for what stands behind a part; of blank lines one."""
    behind, *lines = text.split("\n") if not first else ["", *text.split("\n")]
    kept = [line.strip() for line in lines]
    result = f"  {behind.strip()}\n" if behind.strip() else "\n" if not first else ""
    for place, line in enumerate(kept[:-1]):
        if line or (place == 0 or kept[place - 1]):
            result += f"{line}\n"
    return result + (f"{kept[-1]}\n" if kept and kept[-1] else "")


def _part(part: Rule | Expected) -> str:
    if any(found[1] for found in _COMMENT.finditer(part.text)) or any(
        isinstance(node, Unfit) for node in within(part)
    ):
        return "\n".join(line.rstrip() for line in part.text.split("\n"))
    return _wrapped(f"?= {written(part.condition)};") if isinstance(part, Expected) else _rule(part)


def _rule(rule: Rule) -> str:
    if rule.body is None:
        return _wrapped(f"{head(rule)};")
    line = f"{head(rule)} if {written(rule.body)};"
    if len(line) <= WIDTH and not _broken(rule):
        return line
    parts: tuple[Node, ...] = (rule.body,)
    sign, level = "", NOT
    if isinstance(rule.body, AllOf | AnyOf):
        parts, sign, level = (
            rule.body.parts,
            *((" and", NOT) if isinstance(rule.body, AllOf) else (" or", ALL)),
        )
    ends = [*([sign] * (len(parts) - 1)), ";"]
    conditions = (f"{INDENT}{written(part, level)}{end}" for part, end in zip(parts, ends, strict=True))
    return "\n".join(map(_wrapped, [f"{head(rule)} if", *conditions]))


def _broken(rule: Rule) -> bool:
    """Whether the author broke the line behind `if`."""
    return any(found[1] for found in _BROKEN.finditer(rule.text))


def _wrapped(line: str) -> str:
    """A line that is broken where it is too long, as far outside of brackets as can be, and goes on behind the bracket."""
    lines, start, margin = [], 0, 0
    columns: dict[int, int] = {}
    breaks = list(_breaks(line))
    while margin + len(line) - start > WIDTH:
        later = [each for each in breaks if each[0] > start]
        fitting = [each for each in later if margin + each[0] - 1 - start <= WIDTH] or later[:1]
        if not fitting:
            break
        outermost = min(len(brackets) for _, brackets in fitting)
        end, brackets = [each for each in fitting if len(each[1]) == outermost][-1]
        columns |= {bracket: margin + bracket - start for bracket in brackets if bracket >= start}
        lines.append(" " * margin + line[start:end].rstrip())
        start, margin = end, columns[brackets[-1]] + 1
    return "\n".join([*lines, " " * margin + line[start:]])


def _breaks(line: str) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Where a line can be broken, each place with the brackets that are open there."""
    brackets: tuple[int, ...] = ()
    for found in _TOKEN.finditer(line):
        sign = found[0]
        if sign in "([{":
            brackets = (*brackets, found.start())
        elif sign in ")]}":
            brackets = brackets[:-1]
        elif brackets and not sign.startswith('"'):
            yield found.end(), brackets
