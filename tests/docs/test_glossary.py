"""The glossary points at code that is there."""

import re
from importlib import import_module

import pytest

from tests.docs.pages import page
from tests.house.tree import ROOT

LINES = page("docs/glossary.md").read_text("utf-8").splitlines()
ROWS = [[cell.strip() for cell in line[1:-1].split("|")] for line in LINES if line.startswith("| ")]
TERMS = [row for row in ROWS if row[0] not in ("Term", "---")]
REFERENCES = sorted({name for row in TERMS for name in re.findall(r"`([\w./]+)`", row[-1])})


def exists(reference: str) -> bool:
    """Whether a file, a module or a name in a module is there."""
    if "/" in reference:
        return (ROOT / reference).exists()
    module, _, name = reference.rpartition(".")
    try:
        return hasattr(import_module(module), name) or bool(import_module(reference))
    except ModuleNotFoundError:
        return False


@pytest.mark.parametrize("reference", REFERENCES)
def test_a_reference_to_code_leads_somewhere(reference: str) -> None:
    assert exists(reference)


def test_a_term_stands_once_with_one_sentence_and_its_place_in_the_code() -> None:
    assert len(TERMS) > 40
    assert len({row[0] for row in TERMS}) == len(TERMS)
    assert not [row[0] for row in TERMS if len(row) != 4 or "`" not in row[3] or row[1].count(". ")]


def test_what_is_not_there_is_not_found() -> None:
    assert not exists("models.Nobody")
    assert not exists("procedures.nothing")
    assert not exists("policies/nothing.polar")
