"""What came of proofs, those of several fields and kinds of actor with the same story as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from policies.conditions import Kind
from policies.prove.story import who


class Outcome(StrEnum):
    """What was found: more is granted or less, something promised does not hold, or z3 cannot say."""

    WIDER = "wider"
    NARROWER = "narrower"
    REFUTED = "refuted"
    OPEN = "open"


@dataclass(frozen=True)
class Finding:
    """What was found of fields of one type, or of actions on it, for some kinds of actor.

    Attributes:
        action: `read`, or what is done; empty for a fact that the program reads.
        record: the type; empty for a fact.
        names: the fields; of an action, the action.
        story: somebody for whom it is so, in a sentence or two.
    """

    outcome: Outcome
    action: str
    record: str
    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    story: str

    @property
    def cells(self) -> int:
        """How many fields and actions it is about, those of each kind of actor by themselves."""
        return len(self.names) * max(len(self.kinds), 1)


def alike(findings: Iterable[Finding], kinds: list[Kind]) -> list[Finding]:
    """The findings in order, each with its whole story; those with the same are one.

    Args:
        findings: each of one field or action and one kind of actor; of the story all but who it is.
        kinds: the kinds of actor that are told apart.
    """
    same_field = [
        replace(each, story=each.story.replace(f"naming {each.names[0]}", "naming the field"))
        for each in findings
    ]
    by_kind = _merged(same_field, lambda each: (each.names, replace(each, kinds=())))
    by_name = _merged(by_kind, lambda each: (each.action == "read", replace(each, names=(), action="")))
    whole = [replace(finding, story=_sentence(finding, kinds)) for finding in by_name]
    order = list(Outcome)
    return sorted(whole, key=lambda each: (order.index(each.outcome), each.record, each.action, each.names))


def _merged(findings: Iterable[Finding], key: Callable[[Finding], object]) -> list[Finding]:
    groups: dict[object, Finding] = {}
    for finding in findings:
        one = groups.setdefault(key(finding), finding)
        names = tuple(dict.fromkeys((*one.names, *finding.names)))
        groups[key(finding)] = replace(
            one, names=names, kinds=tuple(dict.fromkeys((*one.kinds, *finding.kinds)))
        )
    return list(groups.values())


def _sentence(finding: Finding, kinds: list[Kind]) -> str:
    subject = who(finding.kinds, kinds)
    if not finding.story:
        return f"It could not be decided for {subject}."
    them = "it" if len(finding.names) == 1 else "them"
    return f"{subject[0].upper()}{subject[1:]}{finding.story}".replace("{it}", them)
