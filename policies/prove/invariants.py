"""Whether sentences hold of policies: proved for every actor and record there can be, or refuted by somebody for whom they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from policies.conditions import Grant, Kind, plan
from policies.policy import Policy
from policies.prove.difference import told_apart
from policies.prove.finding import Finding, Outcome, alike
from policies.prove.phrases import Asked, required
from policies.prove.proof import Proofs
from policies.prove.sentences import Exemption, Sentence, fits
from policies.prove.story import refused, told


@dataclass(frozen=True)
class Held:
    """What came of one sentence.

    Attributes:
        cells: how many fields or actions it speaks of, those of each kind of actor by themselves.
        findings: where it does not hold, or may not.
        idle: exceptions without which it would hold, too.
    """

    sentence: Sentence
    cells: int
    findings: tuple[Finding, ...]
    idle: tuple[Exemption, ...]

    @property
    def proved(self) -> bool:
        """Whether it holds."""
        return not self.findings

    @property
    def verdict(self) -> str:
        """What is said of it: `unproved` where it may hold, for nobody was found for whom it does not."""
        refuted = any(finding.outcome is Outcome.REFUTED for finding in self.findings)
        return "proved" if self.proved else "refuted" if refuted else "unproved"


@dataclass(frozen=True)
class _Cell:
    """What is granted, and the grant."""

    asked: Asked
    grant: Grant


def prove(
    policy: Policy, sentences: list[Sentence], progressed: Callable[[int, int], object] = lambda *_: None
) -> list[Held]:
    """What comes of each sentence.

    Args:
        policy: the policies that they are about.
        sentences: what has to hold.
        progressed: called with how many have been looked at, and how many there are.

    Raises:
        PolicyError: a sentence names what no rule grants, or cannot be about what it names.
    """
    fits(sentences, policy)
    kinds, proofs = told_apart(policy), Proofs()
    found = []
    for number, sentence in enumerate(sentences):
        progressed(number, len(sentences))
        found.append(_Trial(policy, sentence, proofs).held(kinds))
    return found


@dataclass(frozen=True)
class _Trial:
    """One sentence being proved."""

    policy: Policy
    sentence: Sentence
    proofs: Proofs

    def held(self, kinds: list[Kind]) -> Held:
        cells = list(self._cells(kinds))
        findings = [finding for cell in cells if not self._exempt(cell) for finding in self._findings(cell)]
        idle = tuple(each for each in self.sentence.exemptions if not self._used(each, cells))
        return Held(self.sentence, len(cells), tuple(alike(findings, kinds)), idle)

    def _cells(self, kinds: list[Kind]) -> Iterator[_Cell]:
        for kind in kinds:
            for action, record in self.sentence.types() if self.sentence.kind in ("", kind.name) else ():
                for name, grant in sorted(self.policy.grants(kind, action, record).items()):
                    if self.sentence.about(self.policy, record, name):
                        yield _Cell(Asked(self.policy, kind, action, record, name), grant)

    def _exempt(self, cell: _Cell) -> bool:
        name = f"{cell.asked.record}.{cell.asked.name}"
        return any(name in exemption.cells for exemption in self.sentence.exemptions)

    def _needed(self, cell: _Cell, *, but_own: bool) -> Grant:
        ways = required(self.sentence.phrase, cell.asked, but_own=but_own)
        return plan.grant(ways, self.policy.reasons)

    def _findings(self, cell: _Cell) -> Iterator[Finding]:
        needed = self._needed(cell, but_own=any(each.own for each in self.sentence.exemptions))
        answer = self.proofs.covers(needed.condition, cell.grant, cell.asked.record)
        asked, story = cell.asked, ""
        if not answer.proved:
            if answer.counterexample is not None:
                deed = "may read {it}" if asked.action == "read" else "may do so"
                story = told(answer.counterexample, deed)
                story += (
                    f"; {refused(answer.counterexample, needed, self.policy.reasons)}."
                    if needed.ways
                    else "."
                )
            outcome = Outcome.REFUTED if story else Outcome.OPEN
            yield Finding(outcome, asked.action, asked.record, (asked.name,), (asked.kind,), story)

    def _used(self, exemption: Exemption, cells: list[_Cell]) -> bool:
        """Whether the sentence would not hold without an exception."""
        about = [
            cell
            for cell in cells
            if (exemption.own and cell.asked.kind.name == "Person")
            or f"{cell.asked.record}.{cell.asked.name}" in exemption.cells
        ]
        return any(
            not self.proofs.covers(
                self._needed(cell, but_own=False).condition, cell.grant, cell.asked.record
            ).proved
            for cell in about
        )
