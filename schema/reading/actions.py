"""Which mutations an actor may run on a record that they see, by the policies as they stand.

Which action a mutation asks of which type follows from its name: `taskClose` asks `close` of the task, `taskOpen` asks
`open_task` of the customer whose identifier it takes. A mutation is one word with its procedure and its action, so that
nothing is listed by hand. What a mutation is given besides is judged when it is run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from models import camel
from policies.compiler import reason
from policies.conditions import CLOSED, Grant, Kind
from policies.policy import Policy
from schema.enums import describe
from schema.reading.context import Context
from schema.reading.released import Plain, object_type, value


class Obstacle(StrEnum):
    """Why a mutation may not be run on a record now."""

    STEP_UP_REQUIRED = "STEP_UP_REQUIRED"
    PURPOSE_REQUIRED = "PURPOSE_REQUIRED"
    NO_TASK = "NO_TASK"
    NOT_NEEDED_FOR_PURPOSE = "NOT_NEEDED_FOR_PURPOSE"
    NOT_IN_AGREEMENT = "NOT_IN_AGREEMENT"
    NO_CONSENT = "NO_CONSENT"
    RESTRICTED = "RESTRICTED"
    NOT_PERMITTED = "NOT_PERMITTED"
    NOT_AVAILABLE = "NOT_AVAILABLE"


describe(
    Obstacle,
    "The reason why a mutation may not be run on a record now.",
    "ActionObstacle",
    STEP_UP_REQUIRED="Confirm the session first; whether you may is decided then.",
    PURPOSE_REQUIRED="The request states no purpose.",
    NO_TASK="You have no open task for this customer with a purpose that the request states.",
    NOT_NEEDED_FOR_PURPOSE="The purpose of your task does not need this category of data.",
    NOT_IN_AGREEMENT="No agreement in force covers this for the purpose of the task.",
    NO_CONSENT="The customer does not, or no longer, consent to this.",
    RESTRICTED="Processing of the customer's data is restricted at the customer's request.",
    NOT_PERMITTED="No rule permits you to do this to this record as it is.",
    NOT_AVAILABLE="You may not run it now; partners get no other reason.",
)


@object_type
class Action(Plain):
    """A mutation that somebody like you may run on such a record, and whether you may run it on this one now."""

    mutation: str = value("The name of the mutation.")
    permitted: bool | None = value(
        "Whether the policies permit it now; null if that depends on what it is given, such as the purpose. It may still "
        "answer `userErrors`."
    )
    obstacle: Obstacle | None = value("Why it is not permitted; null if it is, or may be.")


#: By the name of a mutation in Python, the types of the records whose identifiers it takes.
_TAKEN: dict[str, frozenset[str]] = {}
#: The names of those that staff may run or not by what they are given.
AS_GIVEN: set[str] = set()


def declared(mutation: str, types: Iterable[str]) -> None:
    """Note a mutation by its name in Python, with the types of the records whose identifiers it takes."""
    _TAKEN[mutation] = frozenset(types)


def asked(mutation: str, known: Collection[tuple[str, str]]) -> tuple[str, str] | None:
    """The action that a mutation asks first, and of which type; None if it asks none by its name.

    Args:
        mutation: its name in Python.
        known: the actions that policies grant, each with its type.
    """
    words = mutation.split("_")
    for cut in range(len(words) - 1, 0, -1):
        noun, verb = "_".join(words[:cut]), "_".join(words[cut:])
        taken = _TAKEN[mutation] or {"".join(word.title() for word in words[:cut])}
        naming = {each for each in known if each[0] == f"{verb}_{noun}"}
        found = naming | {each for each in known if each[0] == verb and each[1] in taken}
        if found:
            return min({each for each in found if each[1] in taken} or found)
    return None


@dataclass(frozen=True)
class Offered:
    """A mutation that some record of a type permits to a kind of actor, with the grant of its action."""

    mutation: str
    action: str
    grant: Grant


@lru_cache(maxsize=512)
def offered(policy: Policy, kind: Kind, type_name: str) -> tuple[Offered, ...]:
    """The mutations that are offered on records of a type to actors of a kind, by name."""
    grants = (
        Offered(mutation, action, policy.grants(kind, action, type_name).get(action, CLOSED))
        for mutation, action in _by_type(policy).get(type_name, ())
    )
    return tuple(each for each in grants if not each.grant.never)


@lru_cache(maxsize=8)
def _by_type(policy: Policy) -> Mapping[str, list[tuple[str, str]]]:
    by_type: dict[str, list[tuple[str, str]]] = {}
    for mutation, (action, of) in _asking(policy):
        by_type.setdefault(of, []).append((mutation, action))
    return by_type


def _asking(policy: Policy) -> Iterator[tuple[str, tuple[str, str]]]:
    for mutation in sorted(_TAKEN):
        if question := asked(mutation, policy.actions):
            yield mutation, question


def decided(context: Context, type_name: str, steps: Iterable[tuple[Offered, int]]) -> list[Action]:
    """What is said of the mutations offered on a record.

    Args:
        context: who asks, and whether the session was confirmed.
        type_name: of the record.
        steps: each with the verdict on it: 0, or the number of the step that fails.
    """
    return [_action(context, type_name, each, step) for each, step in steps]


def _action(context: Context, type_name: str, offer: Offered, step: int) -> Action:
    obstacle = None
    # As for the mutation itself: before the session is confirmed nothing else is told.
    if not context.confirmed and context.policy.confirming.needed(context.actor, offer.action, type_name):
        obstacle = Obstacle.STEP_UP_REQUIRED
    elif step:
        obstacle = Obstacle(reason(offer.grant, step, context.actor))
    unknown = not obstacle and context.actor.kind == "Employee" and offer.mutation in AS_GIVEN
    permitted = None if unknown else obstacle is None
    return Action(mutation=camel(offer.mutation), permitted=permitted, obstacle=obstacle)
