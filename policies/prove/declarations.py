"""What changes in the facts that no rule asks for and the program reads by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from policies.confirming import ANYBODY
from policies.policy import Policy


class Meaning(NamedTuple):
    """Whether a fact permits something, or asks for more, and what holds where it stands and where it does not."""

    permits: bool
    stands: str
    missing: str


MEANINGS = {
    "a_manager_decides": Meaning(
        True,
        "a manager decides on break-glass to it",
        "only the privacy officer decides on break-glass to it",
    ),
    "an_import_gives": Meaning(True, "an imported file may give this role", "the role is given by hand"),
    "special": Meaning(
        False, "it is consented to by name, for this purpose alone", "it is consented to as anything else"
    ),
    "effect": Meaning(True, "this can come of the action", "this cannot come of the action"),
    "without_confirming": Meaning(
        True, "the session need not be confirmed before", "the session is confirmed before"
    ),
    "confirms_first": Meaning(
        False, "the session is confirmed before", "the session is not confirmed before"
    ),
}


class Declared(NamedTuple):
    """A fact that is new or gone: whether more is granted by that, the fact, and what it comes to."""

    wider: bool
    fact: str
    story: str


def declarations(before: Policy, after: Policy) -> Iterator[Declared]:
    """The facts of each meaning that one of two policies has and the other has not."""
    for name, meaning in MEANINGS.items():
        old, new = _facts(before, name), _facts(after, name)
        for fact in sorted(old ^ new):
            added = fact in new
            if _implied(name, fact, old if added else new):
                continue
            now, then = (meaning.stands, meaning.missing) if added else (meaning.missing, meaning.stands)
            written = ", ".join(f'"{text}"' for text in fact)
            yield Declared(added == meaning.permits, f"{name}({written})", f"Now {now}; before, {then}.")


def _facts(policy: Policy, name: str) -> set[tuple[str, ...]]:
    return {rule.texts() or () for rule in policy.rules if rule.name == name}


def _implied(name: str, fact: tuple[str, ...], others: set[tuple[str, ...]]) -> bool:
    """Whether a fact of one role says nothing beside the same of anybody."""
    return name in ("confirms_first", "without_confirming") and any(
        other[0] == ANYBODY and other[1:3] == fact[1:3] and fact[0] != ANYBODY for other in others
    )
