"""What Oso negates wrongly, refused by its text before it is loaded.

Of several alternatives under a negation Oso may lose some, and of equal parts beside one it negates
another than was meant. What is left after these refusals is negated as it reads.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from policies.text import GRANTS, Rule, Token, around, calls_of, reachable


def check_negation(rules: list[Rule]) -> None:
    """Refuse what Oso negates wrongly: of several alternatives under a negation, it may lose some."""
    by_name: dict[str, list[Rule]] = {}
    for rule in rules:
        by_name.setdefault(rule.name, []).append(rule)
    for rule in rules:
        for token, after in _negated(rule):
            called = by_name.get(token.text, []) if after.text == "(" else []
            if _branches(token) or any(
                _has_alternatives(name, by_name) for name in {rule.name for rule in called}
            ):
                raise rule.refuse(
                    "what is negated has one way to hold: no `or`, list, negation or second rule", token
                )


def check_repetition(rules: list[Rule]) -> None:
    """Refuse fields compared with each other, or one twice, beside a negation.

    Oso counts how much was said before a negation and joins what is equal, so that it negates another part.
    """
    calls = calls_of(rules)
    gathered = [_Uses.of(rule, calls) for rule in rules]
    for rule, own in zip(rules, gathered, strict=True):
        if rule.name not in GRANTS:
            continue
        below = reachable(rule.name, calls) - {rule.name}
        reached = [own, *(uses for uses in gathered if uses.name in below)]
        if not any(uses.negates for uses in reached):
            continue
        called = sum((uses.calls for uses in reached), Counter[str]())
        fields = [field for uses in reached for field in uses.compared * max(1, called[uses.name])]
        if len(fields) != len(set(fields)):
            raise rule.refuse(
                "beside a negation a field is compared once, and not with another field; here or below one is"
            )


@dataclass(frozen=True, slots=True)
class _Uses:
    """What of a rule matters beside a negation, gathered once: many grants reach the same rules."""

    name: str
    negates: bool
    compared: list[str]
    calls: Counter[str]

    @classmethod
    def of(cls, rule: Rule, calls: dict[str, set[str]]) -> "_Uses":
        called = Counter(token.text for _, token, after in around(rule.body) if after.text == "(")
        return cls(rule.name, _negates_fields(rule, calls), _compared(rule), called)


def _negates_fields(rule: Rule, calls: dict[str, set[str]]) -> bool:
    return any(
        token.text == "." or token.text in calls for token, _ in _negated(rule) if not _of_roles(rule, token)
    )


def _of_roles(rule: Rule, dot: Token) -> bool:
    return any(before is dot and token.text == "roles" for before, token, _ in around(rule.body))


def _compared(rule: Rule) -> list[str]:
    """The fields that end a path, once for each time; one that is compared with another field, twice."""
    fields: list[str] = []
    paths = 0
    base = ""
    for before, token, after in around(rule.body):
        paths = 0 if token.text in ("and", "or", "not", "(", ")", ",", "if") else paths
        base = token.text if token.kind == "name" and before.text != "." else base
        if before.text == "." and after.text != "." and base != "actor":
            paths += 1
            fields += [token.text] * paths
    return fields


def _negated(rule: Rule) -> Iterator[tuple[Token, Token]]:
    """The tokens that stand under a negation, each with the one after it."""
    level = 0
    opened: list[int] = []
    for _, token, after in around(rule.body):
        if token.text == ")":
            level -= 1
        # A negation ends with the parenthesis around it, or with the next condition beside it.
        beside = token.text in ("and", "or", ",")
        opened = [depth for depth in opened if depth < level or (depth == level and not beside)]
        if opened:
            yield token, after
        level += token.text == "("
        if token.kind == "name" and token.text in ("not", "forall"):
            opened.append(level)


def _branches(token: Token) -> bool:
    return token.text == "[" or (token.kind == "name" and token.text in ("or", "not", "forall"))


def _has_alternatives(name: str, by_name: dict[str, list[Rule]]) -> bool:
    """Whether a rule, or one that it calls, can hold in more than one way."""
    names = {name} | reachable(name, calls_of([rule for rules in by_name.values() for rule in rules]))
    rules = [rule for name in names for rule in by_name.get(name, [])]
    return len(rules) > len(names) or any(_branches(token) for rule in rules for token in rule.body)
