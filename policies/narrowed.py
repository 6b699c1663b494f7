"""Policies of which some fields are granted to nobody for now, whatever their rules say."""

from dataclasses import replace
from functools import lru_cache

from policies.actor import Actor
from policies.conditions import SUSPENDED, Kind, Plan
from policies.policy import Policy


class Narrowed(Policy):
    """A policy without some fields: they are not read, and nothing is found, sorted or counted by them.

    Args:
        whole: the policy; what was compiled of it is shared.
        closed: the fields, with their types, such as `ContactPoint.value`.
    """

    def __init__(self, whole: Policy, closed: frozenset[str]) -> None:
        self.__dict__ |= vars(whole)
        self.closed = closed

    def plan(self, actor: Actor | Kind, record: str) -> Plan:
        """What an actor may read of one type of record."""
        plan = super().plan(actor, record)
        closed = {name: SUSPENDED for name in plan.grants if f"{record}.{name}" in self.closed}
        return replace(plan, grants={**plan.grants, **closed}) if closed else plan


@lru_cache(maxsize=8)
def narrowed(policy: Policy, closed: frozenset[str]) -> Policy:
    """A policy without some fields; the same object for the same fields, by which prepared readings are found again."""
    return Narrowed(policy, closed) if closed else policy
