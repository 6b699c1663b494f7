"""What a policy here may say at all; all that is refused by its text alone is found at once.

Oso accepts more than can be compiled, and some mistakes only print a warning. Refused are method calls and calculations,
unknown classes, fields and rules, recursion, a variable that is named once and so says nothing, and a grant that does not
say who may do what to which kind of record. What only shows when a rule is unfolded is refused there.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import cache

from policies.compiler.terms import ABSTRACT
from policies.conditions import ACTORS, ATTRIBUTES, FORBIDS
from policies.errors import PolicyError
from policies.language import Attribute, Call, Literal, Parameter, Pattern, Rule, Unfit, Variable, asked_by
from policies.moments import FACTS
from policies.registry import RECORDS, resources

#: The grants and what takes them back, with the number of their parameters.
GRANTS = {"allow": 3, "allow_field": 4, "allow_request": 0, "allow_query": 0, "forbid": 3, "forbid_field": 4}

#: The rules by which Oso is asked; they are no policy's to write.
RESERVED = frozenset({"permitted", "permitted_field"})


def check(rules: list[Rule]) -> list[PolicyError]:
    """What is refused of some rules, in the order of the text."""
    calls = asked_by(rules)
    known = {(rule.name, len(rule.parameters)) for rule in rules}
    return [error for rule in rules for error in _of_rule(rule, known, calls)]


def gathered(check: Callable[[Rule], None], rules: list[Rule]) -> list[PolicyError]:
    """What a check refuses that names one error in a rule."""
    found = []
    for rule in rules:
        try:
            check(rule)
        except PolicyError as error:
            found.append(error)
    return found


def _of_rule(rule: Rule, known: set[tuple[str, int]], calls: dict[str, set[str]]) -> Iterator[PolicyError]:
    if rule.name in GRANTS:
        yield from _of_grant(rule)
    if rule.name in RESERVED:
        yield rule.refuse(f"`{rule.name}` is what Oso is asked; call the rule otherwise")
    if rule.name in reached(rule.name, calls):
        yield rule.refuse(f"`{rule.name}` calls itself; a rule that can run for ever decides nothing")
    nodes = rule.nodes
    if not any(isinstance(node, Unfit) for node in nodes):
        # What cannot be used is not looked into, and may name the same variables.
        yield from _of_variables(rule, [node for node in nodes if isinstance(node, Variable)])
    for node in nodes:
        match node:
            case Unfit(message=message):
                yield rule.refuse(message, node)
            case Pattern(tag=str(tag)) if tag not in ACTORS and tag not in RECORDS and tag not in ABSTRACT:
                classes = ", ".join(sorted({*ACTORS, *RECORDS, *ABSTRACT}))
                yield rule.refuse(f"there is no class `{tag}`; known: {classes}", node)
            case Attribute(name=name) if name not in _fields():
                yield rule.refuse(f"nothing here has a field `{name}`{meant(name, _fields())}", node)
            case Call(name=name, arguments=arguments) if (name, len(arguments)) not in known:
                close = meant(name, {rule for rule, _ in known})
                yield rule.refuse(f"there is no rule `{name}` with {len(arguments)} parameters{close}", node)


def meant(name: str, known: set[str]) -> str:
    """What may have been meant by a name that nothing has."""
    close = get_close_matches(name, sorted(known - {name}), n=1)
    return f"; is `{close[0]}` meant?" if close else ""


def _of_grant(rule: Rule) -> Iterator[PolicyError]:
    if len(rule.parameters) != GRANTS[rule.name] or not rule.parameters:
        yield rule.refuse(
            "grants are `allow(actor, action, record)` and `allow_field(… , field)` only; "
            "`forbid` and `forbid_field` take the same"
        )
        return
    what = "a grant" if rule.name in FORBIDS else f"`{rule.name}`"
    actor, action, record = rule.parameters[:3]
    if _tag(actor) not in ACTORS:
        yield rule.refuse(f"{what} says who asks: `actor: …` with one of {', '.join(sorted(ACTORS))}")
    if not isinstance(action.term, Literal) or not isinstance(action.term.value, str):
        yield rule.refuse(f'{what} names its action, such as "read"')
    if _tag(record) not in {*RECORDS, *ABSTRACT}:
        yield rule.refuse(f"{what} names the kind of record it is about: `record: …`")


def _tag(parameter: Parameter) -> str | None:
    """The class of a parameter that is a variable of a class."""
    return parameter.pattern.tag if parameter.pattern and isinstance(parameter.term, Variable) else None


def _of_variables(rule: Rule, named: list[Variable]) -> Iterator[PolicyError]:
    counts = Counter(node.name for node in named)
    for node in named:
        if counts[node.name] == 1 and not node.name.startswith("_"):
            yield rule.refuse(
                f"`{node.name}` is named once and so says nothing; `_{node.name}` if that is meant", node
            )


def reached(name: str, calls: dict[str, set[str]]) -> set[str]:
    """The rules that a rule asks, directly or through others."""
    found: set[str] = set()
    todo = set(calls.get(name, ()))
    while todo:
        following = todo.pop()
        if following not in found:
            found.add(following)
            todo |= calls.get(following, set())
    return found


@cache
def _fields() -> set[str]:
    names = {*ATTRIBUTES, *FACTS, "roles"}
    for resource in resources().values():
        names |= {*resource.fields, *resource.relations}
    return names
