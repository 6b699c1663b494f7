"""Which rules of the policies could grant something, each by itself."""

from dataclasses import dataclass
from functools import lru_cache

from policies import partial, text
from policies.engine import ACTORS, Engine
from policies.partial import Alternative
from policies.plan import absorb, fold
from policies.policy import Kind, Policy
from policies.registry import resources

GRANTS = ("allow", "allow_field")


@dataclass(frozen=True)
class Opening:
    """One rule that could grant, with the ways in which it does for a kind of actor.

    `role_missing` says that it grants to the same kind of actor with other roles only.
    """

    rule: text.Rule
    ways: tuple[Alternative, ...]
    role_missing: bool


def openings(policy: Policy, kind: Kind, action: str, record: str, field: str) -> list[Opening]:
    """The rules that grant a field (or an action) to a kind of actor, or would with another role."""
    name = field if action == "read" else action
    everyone = next(each for each in policy.everyone if each.name == kind.name)
    found = []
    for rule in policy.rules:
        if _fits(rule, kind, action, record):
            ways = tuple(absorb(fold(_alone(policy, rule, kind, action, record).get(name, []))))
            others = _alone(policy, rule, everyone, action, record).get(name, [])
            if ways or others:
                found.append(Opening(rule, ways, not ways))
    return found


def sentence(policy: Policy, rule: text.Rule) -> str:
    """What the policy's own comment says of a rule: the one above it, or above the rules it stands among."""
    said: list[str] = []
    for line in reversed(policy.sources[rule.file].splitlines()[: rule.line - 1]):
        if not line.strip():
            break
        if line.startswith("#"):
            said.insert(0, line.lstrip("# "))
    return " ".join(said) or f"{rule.name} of {rule.file}"


def _fits(rule: text.Rule, kind: Kind, action: str, record: str) -> bool:
    if rule.name != ("allow_field" if action == "read" else "allow"):
        return False
    who, what, which = text.parameters(rule.head)[:3]
    records = {record, "Record"} | ({"Personal"} if resources()[record].personal else set())
    return (
        issubclass(ACTORS[kind.name], ACTORS[who[2].text])
        and what[0].text == f'"{action}"'
        and which[2].text in records
    )


@lru_cache(maxsize=256)
def _alone(
    policy: Policy, rule: text.Rule, kind: Kind, action: str, record: str
) -> dict[str, list[Alternative]]:
    """What one grant gives by itself, by field: the other grants are left out."""
    helpers = [other.text for other in policy.rules if other.name not in GRANTS]
    engine = Engine({rule.file: "\n".join([*helpers, rule.text])})
    ways: dict[str, list[Alternative]] = {}
    for result in engine.ways(kind.unknown(), rule.name, action, record):
        way = partial.alternative(result.expression, record)
        if way is not None:
            ways.setdefault(result.field or action, []).append(way)
    return ways
