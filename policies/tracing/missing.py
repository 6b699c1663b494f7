"""What is missing for something to be granted: the fewest conditions that do not hold, said in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policies.compiler import Rules
from policies.language import AnyOf, Membership, Rule, written
from policies.tracing.trace import State, Step, Tracing, forbidding


def missing(rules: Rules, candidates: Iterable[Rule], questions: Iterable[list[Any]]) -> str:
    """The fewest conditions that do not hold, over all rules that could grant it; empty where none is about it.

    Args:
        rules: all that can be asked.
        candidates: those that could grant it.
        questions: what they are asked, such as once for each stated purpose.
    """
    asked = [(question, forbidding(rules, question)) for question in questions]
    ways = [
        (rule, state, forbids)
        for rule in candidates
        for question, forbids in asked
        if (state := Tracing(rules, lambda _: 0).nearest(rule, question)) is not None
    ]
    if not ways:
        return ""
    rule, state, forbids = min(ways, key=lambda way: sum(way[1].failed) + len(way[2]))
    parts = [_wanted(step, state) for step in state.steps if step.holds is False and not consists(step)]
    parts += [f"{place(each)} did not forbid it" for each in forbids]
    return f"{place(rule)} would grant it if {', and if '.join(dict.fromkeys(parts))}."


def place(rule: Rule) -> str:
    """Where a rule stands."""
    return f"{rule.file}:{rule.line}"


def consists(step: Step) -> bool:
    """Whether other steps say how a step comes out."""
    return step.asked is not None or isinstance(step.node, AnyOf)


def _wanted(step: Step, state: State) -> str:
    """What would have to be for a step to hold; for a record that is not there, what would have to be of it."""
    text = written(step.node)
    if not isinstance(step.node, Membership) or step.sides[:1] != (None,):
        return text
    of_it = [written(each.node) for each in state.steps if each.holds is None and not consists(each)]
    return f"there were a {text}" + (f" with {' and '.join(of_it)}" if of_it else "")
