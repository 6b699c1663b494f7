"""Polar as a syntax tree: what a policy file says, each part of it with its place.

The grammar is Oso's, so that what Oso reads is read here as well; what cannot be compiled is refused later, where it stands.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache, lru_cache
from typing import Any, Final

from lark import Lark, Transformer, UnexpectedInput, v_args

from policies.errors import PolicyError
from policies.language.tree import (
    Ago,
    AllOf,
    AnyOf,
    Attribute,
    Call,
    Comparison,
    Every,
    Expected,
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
    Unfit,
    Variable,
)
from policies.moments import length

GRAMMAR: Final = r"""
start: (rule | test)*
rule: NAME "(" [parameters] ")" ["if" any_of] ";"
test: "?=" any_of ";"
parameters: parameter ("," parameter)*
parameter: sum [":" pattern]
pattern: NAME [object]
       | object -> untagged
object: "{" [pair ("," pair)*] "}"
pair: NAME ":" any_of

?any_of: all_of ("or" all_of)*
?all_of: negated ("and" negated)*
?negated: "not" unified -> negation
        | unified
?unified: compared (UNIFY compared)?
?compared: sum (COMPARE sum)?
?sum: member (OPERATOR member)*
?member: value "in" value -> membership
       | value "matches" pattern -> of_kind
       | value
?value: value "." NAME -> attribute
      | value "." NAME "(" [arguments] ")" -> method
      | value "." "(" any_of ")" -> chosen
      | atom
?atom: NAME -> variable
     | NAME "(" [arguments] ")" -> call
     | "forall" "(" any_of "," any_of ")" -> every
     | "(" any_of ")"
     | STRING -> string
     | NUMBER -> number
     | "true" -> true
     | "false" -> false
     | "nil" -> nil
     | "[" [arguments] "]" -> listed
     | object
     | WORD "(" [arguments] ")" -> side_effect
     | "cut" -> side_effect
     | "new" NAME "(" [arguments] ")" -> side_effect
arguments: any_of ("," any_of)*
WORD: "print" | "debug"
UNIFY: "=" | ":="
COMPARE: "==" | "!=" | "<=" | ">=" | "<" | ">"
OPERATOR: "+" | "-" | "*" | "/" | "mod" | "rem"
NAME: /[^\W\d]\w*(::\w+)*\??/
STRING: /"(?:[^"\\]|\\[nrt0"\\])*"/
NUMBER: /-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/
%ignore /\s+/
%ignore /#[^\n]*/
"""

_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


def parse(file: str, text: str) -> list[Rule | Expected]:
    """The rules of a file and its tests, in order.

    Raises:
        PolicyError: it is no Polar; names line and column.
    """
    return list(_parsed(file, text))


@lru_cache(maxsize=32)
def _parsed(file: str, text: str) -> tuple[Rule | Expected, ...]:
    """Parts never change, so that policies which differ in one file share those of the others."""
    try:
        return tuple(_Builder(file, text).transform(_parser().parse(text)))
    except UnexpectedInput as error:
        raise _unreadable(file, text, error) from None
    except RecursionError:
        raise PolicyError("a rule is nested too deep to be read; give its parts names", file) from None


@cache
def _parser() -> Lark:
    # The contextual lexer would take `and` for a name where a name may stand.
    return Lark(GRAMMAR, parser="lalr", lexer="basic", propagate_positions=True, maybe_placeholders=True)


def _unreadable(file: str, text: str, error: UnexpectedInput) -> PolicyError:
    token = getattr(error, "token", None)
    if token is None and error.char == '"':  # type: ignore[attr-defined]  # a character that begins nothing
        message = (
            r"this text does not end; in a text stand only the signs \n \r \t \0 \" \\ behind a backslash"
        )
        return PolicyError(message, file, error.line, error.column)
    if token is None:
        message = f"the sign `{getattr(error, 'char', '')}` means nothing here"
        return PolicyError(message, file, error.line, error.column)
    if token.type == "$END":
        last = text.rstrip().count("\n") + 1
        return PolicyError("a rule does not end with a semicolon", file, last)
    line = text.splitlines()[error.line - 1][: error.column].split()
    if token.type == "NAME" and line[:1] in (["actor"], ["resource"]):
        return PolicyError(
            "declarations of roles are not used here; write plain rules", file, error.line, error.column
        )
    return PolicyError(f"`{token}` was not expected here", file, error.line, error.column)


def _unescaped(raw: str) -> str:
    letters = iter(raw[1:-1])
    return "".join(
        _ESCAPES.get(following := next(letters), following) if letter == "\\" else letter
        for letter in letters
    )


def _node(kind: type[Node], meta: Any, *parts: Any) -> Node:
    return kind(meta.line, meta.column, *parts)


@v_args(meta=True)
class _Builder(Transformer):  # type: ignore[type-arg]  # the kinds of leaves and results are many
    """Makes nodes of lark's tree; each method is called after a rule of the grammar."""

    def __init__(self, file: str, text: str) -> None:
        super().__init__()
        self.file, self.source = file, text

    def start(self, _: Any, parts: list[Any]) -> list[Any]:
        return parts

    def rule(self, meta: Any, parts: list[Any]) -> Rule:
        name, parameters, body = parts
        text = self.source[meta.start_pos : meta.end_pos]
        return Rule(meta.line, meta.column, self.file, str(name), parameters or (), body, text)

    def test(self, meta: Any, parts: list[Any]) -> Expected:
        text = self.source[meta.start_pos : meta.end_pos]
        return Expected(meta.line, meta.column, self.file, parts[0], text)

    def parameters(self, _: Any, parts: list[Any]) -> tuple[Any, ...]:
        return tuple(parts)

    arguments = parameters

    def parameter(self, _: Any, parts: list[Any]) -> Parameter:
        return Parameter(*parts)

    def pattern(self, meta: Any, parts: list[Any]) -> Node:
        tag, pairs = parts
        return _node(Pattern, meta, str(tag), pairs.pairs if pairs else ())

    def untagged(self, meta: Any, parts: list[Any]) -> Node:
        return _node(Pattern, meta, None, parts[0].pairs)

    def object(self, meta: Any, parts: list[Any]) -> Node:
        return _node(Object, meta, tuple(each for each in parts if each))

    def pair(self, _: Any, parts: list[Any]) -> tuple[str, Any]:
        return str(parts[0]), parts[1]

    def any_of(self, meta: Any, parts: list[Any]) -> Node:
        return _node(AnyOf, meta, tuple(parts))

    def all_of(self, meta: Any, parts: list[Any]) -> Node:
        return _node(AllOf, meta, tuple(parts))

    def negation(self, meta: Any, parts: list[Any]) -> Node:
        return _node(Negation, meta, parts[0])

    def every(self, meta: Any, parts: list[Any]) -> Node:
        return _node(Every, meta, *parts)

    def unified(self, meta: Any, parts: list[Any]) -> Node:
        left, sign, right = parts
        return _node(Comparison, meta, str(sign), left, right)

    compared = unified

    def sum(self, meta: Any, _: Any) -> Node:
        return _node(Unfit, meta, "nothing is calculated in a policy; compare what is kept")

    def membership(self, meta: Any, parts: list[Any]) -> Node:
        return _node(Membership, meta, *parts)

    def of_kind(self, meta: Any, parts: list[Any]) -> Node:
        return _node(OfKind, meta, *parts)

    def attribute(self, meta: Any, parts: list[Any]) -> Node:
        return _node(Attribute, meta, parts[0], str(parts[1]))

    def method(self, meta: Any, parts: list[Any]) -> Node:
        of, name, arguments = parts
        if name == "ago":
            return self._ago(meta, of, arguments or ())
        return _node(Unfit, meta, f"`.{parts[1]}(…)` calls code; a policy only compares what is kept")

    def _ago(self, meta: Any, of: Node, arguments: tuple[Node, ...]) -> Node:
        (span, *more) = (*arguments, None)
        if isinstance(span, Literal) and isinstance(span.value, str) and more == [None]:
            with suppress(ValueError):
                length(span.value)
                return _node(Ago, meta, of, span.value)
        return _node(
            Unfit, meta, 'how long ago is written in minutes, hours, days or weeks, such as `ago("30 days")`'
        )

    def chosen(self, meta: Any, parts: list[Any]) -> Node:
        of, name = parts
        if isinstance(name, Literal) and isinstance(name.value, str):
            return _node(Attribute, meta, of, name.value)
        return _node(Unfit, meta, "a field is named by a written word")

    def variable(self, meta: Any, parts: list[Any]) -> Node:
        return _node(Variable, meta, str(parts[0]))

    def call(self, meta: Any, parts: list[Any]) -> Node:
        return _node(Call, meta, str(parts[0]), parts[1] or ())

    def string(self, meta: Any, parts: list[Any]) -> Node:
        return _node(Literal, meta, _unescaped(parts[0]))

    def number(self, meta: Any, parts: list[Any]) -> Node:
        return _node(Literal, meta, (float if set(parts[0]) & set(".eE") else int)(parts[0]))

    def true(self, meta: Any, _: Any) -> Node:
        return _node(Literal, meta, True)

    def false(self, meta: Any, _: Any) -> Node:
        return _node(Literal, meta, False)

    def nil(self, meta: Any, _: Any) -> Node:
        return _node(Literal, meta, None)

    def listed(self, meta: Any, parts: list[Any]) -> Node:
        return _node(Listed, meta, parts[0] or ())

    def side_effect(self, meta: Any, parts: list[Any]) -> Node:
        word = str(parts[0]) if parts else "cut"
        return _node(Unfit, meta, f"`{word}` cannot be compiled or shows values; leave it out")
