"""Which rules of the policies could grant something, each by itself."""

from dataclasses import dataclass
from functools import lru_cache

from policies.conditions import Alternative, Kind
from policies.language import Rule
from policies.policy import Policy


@dataclass(frozen=True)
class Opening:
    """One rule that could grant something to a kind of actor, or to the same kind with other roles.

    `ways` are those in which it does, also with other roles.
    """

    rule: Rule
    ways: tuple[Alternative, ...]


def openings(policy: Policy, kind: Kind, action: str, record: str, field: str) -> list[Opening]:
    """The rules that grant a field (or an action) to a kind of actor, or would with another role."""
    name = field if action == "read" else action
    everyone = next(other for other in policy.everyone if other.name == kind.name)
    result = []
    for rule in policy.rules:
        if rule.name in ("allow", "allow_field"):
            ways = [
                way
                for each in (kind, everyone)
                for way in _granted_by(policy, rule, each, action, record).get(name, ())
            ]
            if ways:
                result.append(Opening(rule, tuple(ways)))
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
    return policy.asked.ways(kind, action, record, only=rule)
