"""Which rules of the policies could grant something, each by itself."""

from dataclasses import dataclass
from functools import lru_cache

from policies.kind import Kind
from policies.plan import absorb, fold
from policies.policy import Policy
from policies.tree import Rule
from policies.ways import Alternative

GRANTS = ("allow", "allow_field")


@dataclass(frozen=True)
class Opening:
    """One rule that could grant, with the ways in which it does for a kind of actor.

    `role_missing` says that it grants to the same kind of actor with other roles only.
    """

    rule: Rule
    ways: tuple[Alternative, ...]
    role_missing: bool


def openings(policy: Policy, kind: Kind, action: str, record: str, field: str) -> list[Opening]:
    """The rules that grant a field (or an action) to a kind of actor, or would with another role."""
    name = field if action == "read" else action
    everyone = next(other for other in policy.everyone if other.name == kind.name)
    result = []
    for rule in policy.rules:
        if rule.name in GRANTS:
            ways = tuple(absorb(fold(_granted_by(policy, rule, kind, action, record).get(name, []))))
            others = _granted_by(policy, rule, everyone, action, record).get(name, [])
            if ways or others:
                result.append(Opening(rule, ways, not ways))
    return result


def sentence(policy: Policy, rule: Rule) -> str:
    """The comment above a rule, or above the block of rules that it is part of."""
    comment: list[str] = []
    for line in reversed(policy.sources[rule.file].splitlines()[: rule.line - 1]):
        if not line.strip():
            break
        if line.startswith("#"):
            comment.insert(0, line.lstrip("# "))
    return " ".join(comment) or f"{rule.name} of {rule.file}"


@lru_cache(maxsize=256)
def _granted_by(
    policy: Policy, rule: Rule, kind: Kind, action: str, record: str
) -> dict[str, list[Alternative]]:
    """The ways in which one rule grants without the other grants, by field."""
    return policy.ways(kind, action, record, only=rule)
