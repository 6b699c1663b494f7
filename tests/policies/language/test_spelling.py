"""A misspelt purpose or role would grant nothing, and nobody would notice; so it is refused."""

import pytest

from policies import SHIPPED
from policies.errors import PolicyError, refuse
from policies.language import spelling, text
from policies.language.text import HERE

HELPER = "serves(_task, purpose) if purpose = purpose;"


def check(rule: str) -> None:
    refuse(spelling.check(text.rules({"some.polar": f"# Why.\n{rule}\n{HELPER}"}), SHIPPED))


@pytest.mark.parametrize(
    "rule",
    [
        'needs("suport", "contact_point");',
        'open(task) if needs("suport", "contact_point");',
        'open(task) if task.purpose = "suport";',
        'open(task) if task.purpose != "suport";',
        'open(task) if "suport" = task.customer.purpose;',
        'open(task) if task.purpose in ["sales", "suport"];',
        'open(task, purpose) if purpose = "suport";',
        'open(task) if serves(task, "suport");',
    ],
)
def test_a_misspelt_purpose_is_refused_with_its_place_and_those_there_are(rule: str) -> None:
    with pytest.raises(
        PolicyError, match='no purpose "suport" is declared; known: support, sales'
    ) as refused:
        check(rule)
    assert (refused.value.file, refused.value.line) == ("some.polar", 2)


@pytest.mark.parametrize(
    "rule", ['open(actor) if "managr" in actor.roles;', 'open(given) if given.role = "managr";']
)
def test_a_misspelt_role_is_refused_with_those_there_are(rule: str) -> None:
    with pytest.raises(PolicyError, match='no role "managr" is declared; known: agent, manager'):
        check(rule)


@pytest.mark.parametrize(
    "rule",
    [
        'open(task) if task.purpose = "support" and task.status = "OPEN";',
        'open(_, field) if field in ["purpose", "role", "roles"];',
        'open(actor) if "manager" in actor.roles and "suport" = actor.id;',
        'needs("support", "contact_point");',
    ],
)
def test_what_is_spelt_right_passes_and_other_texts_are_not_looked_at(rule: str) -> None:
    check(rule)


def test_the_shipped_policies_pass() -> None:
    assert spelling.check(text.rules(text.read(HERE)), SHIPPED) == []
