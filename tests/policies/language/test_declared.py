"""Purposes and roles are facts of the policies, read from their text."""

from pathlib import Path

import pytest

from models import Category, Purpose, Role
from policies import SHIPPED
from policies.errors import PolicyError
from policies.language import declared, text
from policies.language.declared import Declared
from policies.language.text import HERE


def read(facts: str) -> Declared:
    return declared.read(text.rules({"some.polar": facts}))


def test_what_the_shipped_policies_declare_is_known_without_loading_them() -> None:
    assert list(SHIPPED.purposes) == list(Purpose)
    assert list(SHIPPED.roles) == list(Role)
    assert SHIPPED.imported == (Role.AGENT, Role.MANAGER)
    assert SHIPPED.special == {Category.HEALTH_RECORD: Purpose.CARE}
    assert declared.read(text.rules(text.read(HERE))) == SHIPPED


def test_a_fact_declares_a_word_with_its_sentence() -> None:
    found = read(
        'purpose("research", "Finding out.", "dpv:ResearchAndDevelopment"); role("auditor", "Counts.");'
    )

    assert (found.purposes, found.roles) == ({Purpose.RESEARCH: "Finding out."}, {Role.AUDITOR: "Counts."})
    assert found.term(Purpose.RESEARCH) == "dpv:ResearchAndDevelopment"


def test_a_purpose_without_a_term_or_a_name_has_the_general_ones() -> None:
    found = read('purpose("field_research", "Finding out.");')

    assert found.term(Purpose.FIELD_RESEARCH) == "dpv:Purpose"
    assert found.name("field_research", "lt") == "field research"


def test_a_purpose_has_a_name_in_a_language_and_its_regions() -> None:
    names = [SHIPPED.name("billing", language) for language in ("lt", "lt-LT", "en", "de")]

    assert names == ["sąskaitos", "sąskaitos", "billing", "billing"]


def test_a_directory_declares_what_is_in_any_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.polar").write_text('called("research", "lt", "tyrimai");')
    (tmp_path / "z.polar").write_text('# Why.\npurpose("research", "Finding out.");')

    assert declared.of(tmp_path).name("research", "lt") == "tyrimai"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ('purpose("research");', "a fact of 2 or 3 texts"),
        ('purpose("research", why) if why = "x";', "a fact of 2 or 3 texts"),
        ('role("auditor", "Counts.", "dpv:Thing");', "a fact of 2 texts"),
        ('purpose("Research", "Finding out.");', "small letters"),
        ('purpose("finding_out_everything", "Finding out.");', "at most 20"),
        ('purpose("research", " ");', "needs a sentence"),
        ('purpose("research", "A."); purpose("research", "B.");', "declared twice"),
        ('purpose("research", "A.", "research");', "Data Privacy Vocabulary"),
        ('purpose("research", "A."); called("reserch", "lt", "tyrimai");', "`reserch`, which is not declared; known: research"),
        ('purpose("a", "A."); purpose("b", "B."); special("health_record", "a"); special("health_record", "b");', "this is a second"),
        (r'purpose("research", "A \q.");', "behind a backslash"),
        ('purpose("research", "A."); special("helth", "research");', "there is no category `helth`"),
        ('purpose("research", "A."); special("health_record", "care");', "`care`, which is not declared"),
        ('role("auditor", "Counts."); an_import_gives("manager");', "`manager`, which is not declared; known: auditor"),
    ],
)  # fmt: skip
def test_a_fact_that_cannot_be_used_is_refused_with_its_place(facts: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said) as refused:
        read(facts)
    assert (refused.value.file, refused.value.line) == ("some.polar", 1)
