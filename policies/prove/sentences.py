"""The sentences that an auditor reads and adds to: what has to hold of the policies, in a closed list of forms.

    Nobody | Nobody who is not signed in | No employee | No customer | No partner
    reads personal data | reads the way to personal data | reads anything | reads TYPE.field, TYPE.field | may ACTION on TYPE
    and, if it is not about all of that, an end: without … | while … | of … | that …

Indented below stand its exceptions, each with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from policies.errors import PolicyError, refuse
from policies.language import HERE
from policies.policy import Policy
from policies.prove.phrases import CATEGORIES, OWN, PHRASES
from policies.registry import RECORDS

FILE = "invariants.txt"

#: Whom a sentence is about, by kind of actor; empty is everybody.
SUBJECTS: Mapping[str, str] = {
    "Nobody who is not signed in": "Stranger",
    "Nobody": "",
    "No employee": "Staff",
    "No customer": "Person",
    "No partner": "Subcontractor",
}
DATA = ("personal data", "the way to personal data", "anything")
_CELL = r"[A-Z]\w*\.[a-z]\w*"
_CELLS = rf"{_CELL}(?:, {_CELL})*"
_SENTENCE = re.compile(
    rf"(?P<subject>{'|'.join(SUBJECTS)}) "
    rf"(?:reads (?P<data>{'|'.join(DATA)}|{_CELLS})|may (?P<action>\w+) on (?P<record>[A-Z]\w*))"
    rf"(?: (?P<phrase>{'|'.join(map(re.escape, PHRASES))}))?\."
)
_EXCEPTION = re.compile(rf"Except (?P<data>{OWN}|{_CELLS}): (?P<reason>\S.*)")


@dataclass(frozen=True)
class Exemption:
    """What a sentence is not about, and why: fields by name, or customers who read their own."""

    data: str
    reason: str

    @property
    def own(self) -> bool:
        """Whether it is about customers who read their own."""
        return self.data == OWN

    @property
    def cells(self) -> frozenset[str]:
        """The fields, such as `Notice.text`."""
        return frozenset() if self.own else frozenset(self.data.split(", "))


@dataclass(frozen=True)
class Sentence:
    """One sentence: its text and line; whom, what and which action it is about; its end, and its exceptions."""

    text: str
    line: int
    kind: str
    data: str
    action: str
    record: str
    phrase: str
    exemptions: tuple[Exemption, ...] = ()

    def types(self) -> list[tuple[str, str]]:
        """The actions and types that it may speak of."""
        if self.action:
            return [(self.action, self.record)]
        if self.data == "anything":
            return [("read", record) for record in RECORDS]
        if self.data == "personal data":
            return [("read", record) for record in CATEGORIES]
        cells = (
            ["Customer"] if self.data in DATA else [cell.partition(".")[0] for cell in self.data.split(", ")]
        )
        return [("read", record) for record in dict.fromkeys(cells)]

    def about(self, policy: Policy, record: str, name: str) -> bool:
        """Whether it speaks of a field of such a type, or of the action."""
        if self.data == "the way to personal data":
            return name in policy.leads_to
        return bool(self.action) or self.data in DATA or f"{record}.{name}" in self.data.split(", ")


def read(directory: Path) -> list[Sentence]:
    """The sentences that stand beside policies, or those that come with Savas where there are none.

    Raises:
        PolicyError: a sentence has none of the forms; says which there are.
    """
    path = directory / FILE
    return parsed((path if path.exists() else HERE / FILE).read_text("utf-8"))


def parsed(text: str) -> list[Sentence]:
    """The sentences of a text.

    Raises:
        PolicyError: for each line that has none of the forms; there is no sentence.
    """
    sentences: list[Sentence] = []
    errors = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if not line[0].isspace() and (found := _SENTENCE.fullmatch(line.rstrip())):
            sentences.append(_sentence(found, number))
        elif line[0].isspace() and sentences and (found := _EXCEPTION.fullmatch(line.strip())):
            kept = (*sentences[-1].exemptions, Exemption(found["data"], found["reason"]))
            sentences[-1] = replace(sentences[-1], exemptions=kept)
        else:
            errors.append(PolicyError(_FORMS, FILE, number))
    refuse(errors or ([] if sentences else [PolicyError("there is no sentence to prove", FILE)]))
    return sentences


def fits(sentences: list[Sentence], policy: Policy) -> None:
    """Compare sentences with policies: what they name has to be there, or they would say nothing.

    Raises:
        PolicyError: for each name that no rule grants.
    """
    fields = {f"{record}.{name}" for record, names in policy.all_classified.items() for name in names}
    errors = [
        PolicyError(f"no rule grants {name}, so there is nothing to prove of it", FILE, sentence.line)
        for sentence in sentences
        for name in _named(sentence)
        if name not in fields and name not in {f"{action} on {record}" for action, record in policy.actions}
    ]
    refuse(errors)


def _named(sentence: Sentence) -> Iterator[str]:
    if sentence.action:
        yield f"{sentence.action} on {sentence.record}"
    elif sentence.data not in DATA:
        yield from sentence.data.split(", ")
    for exemption in sentence.exemptions:
        yield from sorted(exemption.cells)


def _sentence(found: re.Match[str], line: int) -> Sentence:
    data, action, record, phrase = (found[name] or "" for name in ("data", "action", "record", "phrase"))
    return Sentence(found[0], line, SUBJECTS[found["subject"]], data, action, record, phrase)


_FORMS = (
    f"this is no sentence that can be proved; one begins with {' | '.join(SUBJECTS)}, goes on with "
    f"reads {' | '.join(DATA)} | TYPE.field, … or with may ACTION on TYPE, may end with "
    f"{' | '.join(PHRASES)}, and has indented lines below such as `Except TYPE.field, …: the reason` or "
    f"`Except {OWN}: the reason`"
)
