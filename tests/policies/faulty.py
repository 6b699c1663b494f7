"""Policies with a fault of the compiler in them, as a server has them that did not notice."""

from dataclasses import replace
from typing import Any

from policies.conditions import Kind, Path, plan
from policies.conditions.plan import Grant
from policies.policy import Policy
from tests.policies.compiled import whole


class Faulty(Policy):
    """The shipped policies, in which staff read the value of a contact point by any consent, whatever its purpose.

    With `under` a task opens it to nobody among them.
    """

    def __init__(self, *, under: bool = False) -> None:
        self.__dict__ |= vars(whole())
        self._grants, self.under = {}, under

    def _compile(self, kind: Kind, action: str, record: str) -> dict[str, Grant]:
        grants = super()._compile(kind, action, record)
        if (kind.name, action, record) == ("Staff", "read", "ContactPoint"):
            grants["value"] = (
                _without_task(grants["value"]) if self.under else _by_any_consent(grants["value"])
            )
        return grants


def _by_any_consent(grant: Grant) -> Grant:
    ways = (
        replace(way, atoms=tuple(atom for atom in way.atoms if not _of_same_purpose(atom)))
        for way in grant.ways
    )
    return _with(grant, tuple(ways))


def _without_task(grant: Grant) -> Grant:
    return _with(
        grant, tuple(way for way in grant.ways if all("tasks" not in over.steps for _, over in way.ranges))
    )


def _with(grant: Grant, ways: tuple[Any, ...]) -> Grant:
    condition = plan.joined(ways)
    return replace(grant, ways=ways, condition=condition, steps=(("NO_CONSENT", condition),))


def _of_same_purpose(atom: Any) -> bool:
    """Whether it asks that the consent is to the purpose of the task."""
    return atom.because == "consented" and isinstance(atom.right, Path)
