"""What needs a session that was confirmed just before: it follows from what can come of an action.

effect("erase", "withdraw", "Consent");       this can come of the action: `erase`, `export` or `grant`
without_confirming("Person", "withdraw", "Consent", "Withdrawing is never harder than giving.");
confirms_first("anybody", "change_password", "Session");      for another reason than an effect

Who may stand before an action are a role, one of `Staff`, `Person`, `Subcontractor` and `Stranger`, or `anybody`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.event import Effect
from policies.actor import Actor
from policies.conditions import CLASSES
from policies.errors import PolicyError, refuse
from policies.language import Rule

#: Stands for every actor, where others name a role or a kind.
ANYBODY = "anybody"
#: How many texts each fact has.
FACTS = {"effect": 3, "without_confirming": 4, "confirms_first": 3}

Question = tuple[str, str]


@dataclass(frozen=True)
class Confirming:
    """What one version of the policies says of it.

    Attributes:
        effects: what can come of an action on a type of record.
        excepted: by whom, the action, the record: what needs no confirmed session although it has an effect.
        listed: the same for what needs one for another reason.
    """

    effects: Mapping[Question, frozenset[Effect]]
    excepted: frozenset[tuple[str, str, str]]
    listed: frozenset[tuple[str, str, str]]

    def needed(self, actor: Actor, action: str, record: str) -> bool:
        """Whether an actor has to confirm the session before doing something to such a record."""
        names = (ANYBODY, CLASSES[actor.kind], *actor.roles)
        if any((who, action, record) in self.listed for who in names):
            return True
        excepted = any((who, action, record) in self.excepted for who in names)
        return (action, record) in self.effects and not excepted


def read(rules: Iterable[Rule], actions: Iterable[Question], roles: Iterable[str]) -> Confirming:
    """What policies say of confirming.

    Args:
        rules: all of them.
        actions: that are granted to somebody, each with its type of record.
        roles: that are declared.

    Raises:
        PolicyError: a fact names what there is not, or says what follows from the others.
    """
    facts = [(rule, rule.texts()) for rule in rules if rule.name in FACTS]
    refuse(list(_unfit(facts, set(actions), {ANYBODY, *CLASSES.values(), *roles})))
    by_name: dict[str, list[tuple[str, ...]]] = {name: [] for name in FACTS}
    for rule, texts in facts:
        by_name[rule.name].append(tuple(texts or ()))
    effects: dict[Question, frozenset[Effect]] = {}
    for effect, action, record in by_name["effect"]:
        effects[action, record] = effects.get((action, record), frozenset()) | {Effect(effect)}
    refuse(list(_in_vain(facts, effects)))
    return Confirming(
        effects,
        frozenset((who, action, record) for who, action, record, _ in by_name["without_confirming"]),
        frozenset((who, action, record) for who, action, record in by_name["confirms_first"]),
    )


Facts = list[tuple[Rule, Any]]


def _unfit(facts: Facts, actions: set[Question], names: set[str]) -> Iterator[PolicyError]:
    for rule, texts in facts:
        if texts is None or len(texts) != FACTS[rule.name] or not all(texts):
            yield rule.refuse(f"`{rule.name}` is a fact of {FACTS[rule.name]} texts")
            continue
        first, action, record = texts[:3]
        known = set(Effect) - {Effect.NONE} if rule.name == "effect" else names
        if first not in known:
            yield rule.refuse(f"`{rule.name}` names `{first}`; known: {', '.join(sorted(known))}")
        if (action, record) not in actions:
            yield rule.refuse(f"{rule.name} names what nobody is granted: {first}, {action}, {record}")


def _in_vain(facts: Facts, effects: Mapping[Question, frozenset[Effect]]) -> Iterator[PolicyError]:
    excepted = {tuple(texts[1:3]) for rule, texts in facts if rule.name == "without_confirming"}
    for rule, texts in facts:
        has_effect = tuple(texts[1:3]) in effects
        if rule.name == "confirms_first" and has_effect and tuple(texts[1:3]) not in excepted:
            yield rule.refuse("this is confirmed first already, for what can come of it")
        if rule.name == "without_confirming" and not has_effect:
            yield rule.refuse("this needs no confirmed session anyway: nothing comes of it that would")
