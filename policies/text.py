"""Polar text as rules: each with its file and line, before anything is loaded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from policies.errors import PolicyError

TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)|(?P<string>"(?:[^"\\]|\\.)*")|(?P<space>\s+)
      |(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z0-9_]+)*)|(?P<number>[0-9][0-9.]*)
      |(?P<sign>[<>=!]=|:=|\?=|.)""",
    re.VERBOSE,
)
WORDS = {"if", "and", "or", "not", "in", "matches", "forall", "true", "false", "nil"}
HERE = Path(__file__).parent
GRANTS = {"allow": 3, "allow_field": 4, "allow_request": 0, "allow_query": 0}


@dataclass(frozen=True)
class Token:
    """One word or sign, and the line it stands on."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True)
class Rule:
    """One rule: everything up to its semicolon; `text` as written, with the comment above it left out."""

    file: str
    line: int
    text: str
    tokens: tuple[Token, ...]

    @property
    def name(self) -> str:
        """The name in the rule's head."""
        return self.tokens[0].text

    @cached_property
    def head(self) -> tuple[Token, ...]:
        """The tokens up to the closing parenthesis of the head."""
        return call(self.tokens, 0)

    @cached_property
    def body(self) -> tuple[Token, ...]:
        """The tokens after the head."""
        return self.tokens[len(self.head) :]

    def refuse(self, message: str, token: Token | None = None) -> PolicyError:
        """An error at this rule, or at one token of it."""
        return PolicyError(message, self.file, (token or self.tokens[0]).line)


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


def rules(sources: dict[str, str]) -> list[Rule]:
    """Every rule of the files, in order."""
    return [rule for file, text in sources.items() for rule in _rules(file, text)]


def _rules(file: str, text: str) -> Iterator[Rule]:
    tokens: list[Token] = []
    start, line, counted = 0, 1, 0
    for match in TOKEN.finditer(text):
        kind = str(match.lastgroup)
        line += text.count("\n", counted, match.start())
        counted = match.start()
        if kind in ("space", "comment"):
            continue
        if match.group() == ";":
            if tokens:
                yield Rule(file, tokens[0].line, text[start : match.end()], tuple(tokens))
            tokens = []
            continue
        if not tokens:
            start = match.start()
        tokens.append(Token(kind, match.group(), line))
    if tokens:
        raise PolicyError("a rule does not end with a semicolon", file, tokens[0].line)


def is_variable(token: Token) -> bool:
    """Whether a token may name a variable: any name that is no word of Polar."""
    return token.kind == "name" and token.text not in WORDS


def roles_named(rules: list[Rule]) -> frozenset[str] | None:
    """The roles that rules tell apart: those named as in `"manager" in actor.roles`; None when a rule asks otherwise."""
    named = set()
    for rule in rules:
        for place, token in enumerate(rule.tokens):
            if token.kind == "name" and token.text == "roles":
                role, operator = rule.tokens[place - 4 : place - 2] if place >= 4 else (token, token)
                if role.kind != "string" or operator.text != "in":
                    return None
                named.add(role.text.strip('"'))
    return frozenset(named)


def calls_of(rules: list[Rule]) -> dict[str, set[str]]:
    """The rules that each rule calls, by name."""
    calls: dict[str, set[str]] = {rule.name: set() for rule in rules}
    for rule in rules:
        calls[rule.name] |= {
            token.text for _, token, after in around(rule.body) if after.text == "(" and token.text in calls
        }
    return calls


def reachable(name: str, calls: dict[str, set[str]]) -> set[str]:
    """The rules that a rule calls, directly or through others."""
    reached: set[str] = set()
    todo = set(calls[name])
    while todo:
        following = todo.pop()
        if following not in reached:
            reached.add(following)
            todo |= calls[following]
    return reached


def around(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, Token, Token]]:
    """Each token with the one before and the one after it."""
    edge = Token("edge", "", 0)
    padded = (edge, *tokens, edge)
    return zip(padded, tokens, padded[2:], strict=False)


def call(tokens: tuple[Token, ...], index: int) -> tuple[Token, ...]:
    """The tokens of a call whose name stands at a place, up to its closing parenthesis."""
    return tokens[index : _closing(tokens, index + 1) + 1]


def _closing(tokens: tuple[Token, ...], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[index].text, 0)
        if depth == 0:
            return index
    return len(tokens) - 1


def parameters(head: tuple[Token, ...]) -> list[list[Token]]:
    """The tokens of each parameter in a rule's head."""
    groups: list[list[Token]] = [[]]
    depth = 0
    for token in head[2:-1]:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.text, 0)
        if token.text == "," and depth == 0:
            groups.append([])
        else:
            groups[-1].append(token)
    return groups
