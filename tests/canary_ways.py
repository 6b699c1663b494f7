"""The ways in which a mutation is tried: what is said beside the texts, where what becomes of them depends on it."""

from collections.abc import Iterator
from itertools import cycle, repeat
from typing import Any

from models import PERSONAL, Category, InstructionKind, Medium, Proof
from procedures.instruction.recording import COMPANYS
from procedures.request.rectification import rectifiable
from tests.canary_inputs import FORMED, OF_THE_COMPANY, texts
from tests.schema.inputs import MUTATIONS

#: A mutation, and what is said besides; None leaves a field out.
Way = tuple[str, dict[str, Any]]


def ways() -> list[Way]:
    """Each mutation that takes a text from somebody, in each way in which it is tried."""
    taking = sorted(name for name in MUTATIONS.keys() - OF_THE_COMPANY.keys() if any(texts(name)))
    return [(name, said) for name in taking for said in _variants(name)]


def _variants(mutation: str) -> list[dict[str, Any]]:
    if mutation == "instructionRecord":
        return list(_instructions())
    if mutation in ("requestRecord", "requestSubmit"):
        return [{}, *_requests(on_paper=mutation == "requestRecord")]
    return [{}]


def _instructions() -> Iterator[dict[str, Any]]:
    """Each kind by some medium with some proof, so that every medium and every proof comes."""
    kinds = [kind for kind in InstructionKind if kind not in COMPANYS]
    assert len(kinds) >= max(len(Medium), len(Proof))
    for kind, medium, proof in zip(kinds, cycle(Medium), cycle(Proof), strict=False):
        category = "CONTACT_POINT" if kind is InstructionKind.WITHDRAW else None
        purpose = "SUPPORT" if kind is InstructionKind.OBJECT else None
        yield {
            "kind": kind.name, "medium": medium.name, "proof": proof.name, "category": category, "purpose": purpose,
        }  # fmt: skip


def _requests(*, on_paper: bool) -> Iterator[dict[str, Any]]:
    """About a row of each category that has a text to put right; on paper by every medium, with every proof."""
    received = [
        {"medium": medium.name, "proof": proof.name} for medium, proof in zip(Medium, Proof, strict=True)
    ]
    how = cycle(received) if on_paper else repeat({})
    for (category, name), way in zip(_put_right(on_paper=on_paper), how, strict=False):
        yield {"recordId": category, "field": name, "customerId": None, "category": None, **way}


def _put_right(*, on_paper: bool) -> Iterator[tuple[Category, str]]:
    """A field of each category that takes any text and is put right at the customer's request."""
    for category, model in PERSONAL.items():
        parts = rectifiable(model, on_paper=on_paper)
        free = [name for name, part in parts.items() if part.type is str and name not in FORMED]
        if free and category is not Category.HEALTH_RECORD:
            yield category, free[0]
