"""Polar text before it is loaded: what a policy here may say at all.

Oso accepts more than can be compiled or read safely, and some mistakes only print a warning. This
module splits policy files into rules with their lines and refuses, by file and line: method calls,
`cut`, `new`, `print`, `debug`, unknown classes, unknown fields, declarations, recursion, and a grant
that does not say who may do what to which kind of record.
"""

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
FORBIDDEN = {"cut", "new", "print", "debug", "actor_block", "resource", "type", "mod", "rem"}
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
        return self.tokens[: _closing(self.tokens, 1) + 1]

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
        raise PolicyError(f"no .polar files in {directory.name}; a house without rules stays closed")
    try:
        return {file.name: file.read_text("utf-8") for file in files}
    except UnicodeDecodeError as error:
        raise PolicyError("a policy file is not UTF-8 text; save it as UTF-8") from error


def rules(sources: dict[str, str]) -> list[Rule]:
    """Every rule of the files, in order."""
    return [rule for file, text in sources.items() for rule in _rules(file, text)]


def _rules(file: str, text: str) -> Iterator[Rule]:
    tokens: list[Token] = []
    start = 0
    for match in TOKEN.finditer(text):
        kind = str(match.lastgroup)
        line = text.count("\n", 0, match.start()) + 1
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


def check(found: list[Rule], askers: set[str], records: set[str], known_fields: set[str]) -> None:
    """Refuse what no policy here may say; see the module's text.

    Args:
        found: the rules.
        askers: the class names of those who ask.
        records: the class names of what is asked about.
        known_fields: every field and relation name of askers and records.
    """
    for rule in found:
        _check_shape(rule)
        _check_words(rule)
        _check_variables(rule)
        _check_classes(rule, askers | records)
        _check_fields(rule, known_fields)
        if rule.name in GRANTS:
            _check_grant(rule, askers, records)
    _check_recursion(found)
    _check_negation(found)
    _check_repetition(found)


def _check_shape(rule: Rule) -> None:
    first, second = (*rule.tokens[:2], rule.tokens[0])[:2]
    if first.text in ("actor", "resource") and second.kind == "name":
        raise rule.refuse("declarations of roles are not used here; write plain rules")
    if first.text == "?=":
        raise rule.refuse("inline tests do not belong in a policy; they live in the tests")
    if first.kind != "name" or second.text != "(":
        raise rule.refuse("a rule begins with its name and its parameters in parentheses")


def _check_words(rule: Rule) -> None:
    for before, token, after in _around(rule.body):
        if token.kind == "name" and token.text in FORBIDDEN and before.text != ".":
            raise rule.refuse(f"`{token.text}` cannot be compiled or shows values; leave it out", token)
        if before.text == "." and after.text == "(":
            raise rule.refuse(f"`.{token.text}(…)` calls code; a policy only compares what is kept", token)


def _check_variables(rule: Rule) -> None:
    """Refuse to make two variables one: for members of collections, Oso forgets that they are the same."""
    named = [token for _, token, after in _around(rule.head[1:]) if _is_variable(token) and token.text != "_"]
    types = {token for before, token, _ in _around(rule.head) if before.text == ":"}
    names = [token.text for token in named if token not in types]
    if len(names) != len(set(names)):
        raise rule.refuse("a parameter is named twice; name each once and compare their fields")
    depth = 0
    for before, token, after in _around(rule.body):
        depth += {"[": 1, "]": -1}.get(token.text, 0)
        if depth and _is_variable(token):
            raise rule.refuse("a list holds written values; compare fields one by one", token)
        if token.text in ("=", "==", "!=") and {before.text, after.text} & {"[", "]", "{", "}"}:
            raise rule.refuse("lists are not compared; write `in` before a list of values", token)
    _check_equated(rule)


def _check_equated(rule: Rule) -> None:
    for index, token in enumerate(rule.body[1:-1], 1):
        if token.text in ("=", "==", "!="):
            left, right = rule.body[max(index - 2, 0) : index], rule.body[index + 1 : index + 3]
            whole = left[0].text != "." and (len(right) < 2 or right[1].text not in (".", "("))
            if whole and _is_variable(left[-1]) and _is_variable(right[0]):
                raise rule.refuse("records are not compared whole; compare their `id`", token)


def _is_variable(token: Token) -> bool:
    return token.kind == "name" and token.text not in WORDS


def _check_classes(rule: Rule, known: set[str]) -> None:
    for before, token, _ in _around(rule.tokens):
        if token.kind == "name" and before.text in (":", "matches") and token.text not in known:
            raise rule.refuse(f"there is no class `{token.text}`; known: {', '.join(sorted(known))}", token)


def _check_fields(rule: Rule, known: set[str]) -> None:
    for before, token, _ in _around(rule.tokens):
        if before.text == "." and token.kind == "name" and token.text not in known:
            raise rule.refuse(f"nothing here has a field `{token.text}`", token)


def _check_grant(rule: Rule, askers: set[str], records: set[str]) -> None:
    given = parameters(rule.head)
    if len(given) != GRANTS[rule.name]:
        raise rule.refuse("grants are `allow(actor, action, record)` and `allow_field(… , field)` only")
    who, what, which = given[:3]
    if len(who) != 3 or who[1].text != ":" or who[2].text not in askers:
        raise rule.refuse(f"a grant says who asks: `actor: …` with one of {', '.join(sorted(askers))}")
    if len(what) != 1 or what[0].kind != "string":
        raise rule.refuse('a grant names its action, such as "read"')
    if len(which) != 3 or which[1].text != ":" or which[2].text not in records:
        raise rule.refuse("a grant names the kind of record it is about: `record: …`")


def _calls(found: list[Rule]) -> dict[str, set[str]]:
    """The rules that each rule calls, by name."""
    calls: dict[str, set[str]] = {rule.name: set() for rule in found}
    for rule in found:
        calls[rule.name] |= {
            token.text for _, token, after in _around(rule.body) if after.text == "(" and token.text in calls
        }
    return calls


def _check_recursion(found: list[Rule]) -> None:
    calls = _calls(found)
    for rule in found:
        if rule.name in _reachable(rule.name, calls):
            raise rule.refuse(f"`{rule.name}` calls itself; a rule that can run for ever decides nothing")


def _check_negation(found: list[Rule]) -> None:
    """Refuse what Oso negates wrongly: of several alternatives under a negation, it may lose some."""
    by_name: dict[str, list[Rule]] = {}
    for rule in found:
        by_name.setdefault(rule.name, []).append(rule)
    for rule in found:
        for token, after in _negated(rule):
            called = by_name.get(token.text, []) if after.text == "(" else []
            if _branches(token) or any(
                _has_alternatives(name, by_name) for name in {each.name for each in called}
            ):
                raise rule.refuse(
                    "what is negated has one way to hold: no `or`, list, negation or second rule", token
                )


def _check_repetition(found: list[Rule]) -> None:
    """Refuse fields compared with each other, or one twice, beside a negation.

    Oso counts how much was said before a negation and joins what is equal, so that it negates another part.
    """
    calls = _calls(found)
    for rule in found:
        names = {rule.name, *_reachable(rule.name, calls)}
        reached = [rule, *(each for each in found if each.name in names - {rule.name})]
        if rule.name not in GRANTS or not any(_negates_fields(each, calls) for each in reached):
            continue
        uses = [name for each in reached for name in _compared(each) * max(1, _times(each.name, reached))]
        if len(uses) != len(set(uses)):
            raise rule.refuse(
                "beside a negation a field is compared once, and not with another field; here or below one is"
            )


def _negates_fields(rule: Rule, calls: dict[str, set[str]]) -> bool:
    return any(
        token.text == "." or token.text in calls for token, _ in _negated(rule) if not _of_roles(rule, token)
    )


def _of_roles(rule: Rule, dot: Token) -> bool:
    return any(before is dot and token.text == "roles" for before, token, _ in _around(rule.body))


def _times(name: str, rules: list[Rule]) -> int:
    return sum(
        token.text == name and after.text == "(" for rule in rules for _, token, after in _around(rule.body)
    )


def _compared(rule: Rule) -> list[str]:
    """The fields that end a path, once for each time; one that is compared with another field, twice."""
    found: list[str] = []
    paths = 0
    base = ""
    for before, token, after in _around(rule.body):
        paths = 0 if token.text in ("and", "or", "not", "(", ")", ",", "if") else paths
        base = token.text if token.kind == "name" and before.text != "." else base
        if before.text == "." and after.text != "." and base != "actor":
            paths += 1
            found += [token.text] * paths
    return found


def _negated(rule: Rule) -> Iterator[tuple[Token, Token]]:
    """The tokens that stand under a negation, each with the one after it."""
    level = 0
    opened: list[int] = []
    for _, token, after in _around(rule.body):
        if token.text == ")":
            level -= 1
        # A negation ends with the parenthesis around it, or with the next condition beside it.
        beside = token.text in ("and", "or", ",")
        opened = [each for each in opened if each < level or (each == level and not beside)]
        if opened:
            yield token, after
        level += token.text == "("
        if token.kind == "name" and token.text in ("not", "forall"):
            opened.append(level)


def _branches(token: Token) -> bool:
    return token.text == "[" or (token.kind == "name" and token.text in ("or", "not", "forall"))


def _has_alternatives(name: str, by_name: dict[str, list[Rule]]) -> bool:
    """Whether a rule, or one that it calls, can hold in more than one way."""
    names = {name} | _reachable(name, _calls([rule for rules in by_name.values() for rule in rules]))
    rules = [rule for each in names for rule in by_name.get(each, [])]
    return len(rules) > len(names) or any(_branches(token) for rule in rules for token in rule.body)


def _reachable(name: str, calls: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = set(calls[name])
    while todo:
        following = todo.pop()
        if following not in seen:
            seen.add(following)
            todo |= calls[following]
    return seen


def _around(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, Token, Token]]:
    edge = Token("edge", "", 0)
    padded = (edge, *tokens, edge)
    return zip(padded, tokens, padded[2:], strict=False)


def _closing(tokens: tuple[Token, ...], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[index].text, 0)
        if depth == 0:
            return index
    return len(tokens) - 1


def parameters(head: tuple[Token, ...]) -> list[list[Token]]:
    """The tokens of each parameter in a rule's head."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in head[2:-1]:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.text, 0)
        if token.text == "," and depth == 0:
            found.append([])
        else:
            found[-1].append(token)
    return found
