"""Parts of rules as text, on one line each, as policy files write them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from policies.language.tree import (
    Ago,
    AllOf,
    AnyOf,
    Attribute,
    Call,
    Comparison,
    Every,
    Listed,
    Literal,
    Membership,
    Negation,
    Node,
    Object,
    OfKind,
    Parameter,
    Pattern,
    Rule,
    Variable,
)

#: How tightly parts hold together: one is put into parentheses where a tighter one is wanted.
EITHER, ALL, NOT, UNIFIED, COMPARED, SUM, MEMBER, VALUE = range(8)
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


def written(node: Node, within: int = EITHER) -> str:
    """A condition or term as text.

    Args:
        node: the part of a rule.
        within: how tight it has to be where it stands.
    """
    level, text = _leveled(node)
    return f"({text})" if level < within else text


def head(rule: Rule) -> str:
    """A rule up to its conditions."""
    return f"{rule.name}({', '.join(map(_parameter, rule.parameters))})"


def _leveled(node: Node) -> tuple[int, str]:
    level, text = VALUE, ""
    match node:
        case AnyOf(parts=parts):
            level, text = EITHER, " or ".join(written(part, ALL) for part in parts)
        case AllOf(parts=parts):
            level, text = ALL, " and ".join(written(part, NOT) for part in parts)
        case Negation(part=part):
            level, text = NOT, f"not {written(part, UNIFIED)}"
        case Comparison(sign=sign, left=left, right=right):
            level = UNIFIED if sign in ("=", ":=") else COMPARED
            text = f"{written(left, level + 1)} {sign} {written(right, level + 1)}"
        case Membership(item=item, of=of):
            level, text = MEMBER, f"{written(item, VALUE)} in {written(of, VALUE)}"
        case OfKind(term=term, pattern=pattern):
            level, text = MEMBER, f"{written(term, VALUE)} matches {_pattern(pattern)}"
        case _:
            text = _value(node)
    return level, text


def _value(node: Node) -> str:
    text = ""
    match node:
        case Variable(name=name):
            text = name
        case Literal(value=value):
            text = _literal(value)
        case Attribute(of=of, name=name):
            text = f"{written(of, VALUE)}.{name}"
        case Ago(of=of, span=span):
            text = f"{written(of, VALUE)}.ago({_literal(span)})"
        case Call(name=name, arguments=arguments):
            text = f"{name}({_listed(arguments)})"
        case Every(whenever=whenever, holds=holds):
            text = f"forall({_listed((whenever, holds))})"
        case Listed(items=items):
            text = f"[{_listed(items)}]"
        case Object(pairs=pairs):
            text = _pairs(pairs)
        case _:
            raise ValueError("this cannot be written")
    return text


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return '"' + "".join(_ESCAPES.get(letter, letter) for letter in value) + '"'
    return "nil" if value is None else json.dumps(value)


def _listed(nodes: Iterable[Node]) -> str:
    return ", ".join(map(written, nodes))


def _pairs(pairs: Iterable[tuple[str, Node]]) -> str:
    return "{" + ", ".join(f"{name}: {written(node)}" for name, node in pairs) + "}"


def _pattern(pattern: Pattern) -> str:
    fields = _pairs(pattern.fields) if pattern.fields or pattern.tag is None else ""
    return (pattern.tag or "") + fields


def _parameter(parameter: Parameter) -> str:
    kind = f": {_pattern(parameter.pattern)}" if parameter.pattern else ""
    return written(parameter.term, SUM) + kind
