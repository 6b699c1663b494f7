"""Which documents make it sure enough who somebody is: a table, and what must hold of any documents."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import EvidenceKind, IdentityEvidence, Strength
from procedures.evidence.assurance import STRENGTHS, level, until

TODAY = date(2026, 6, 1)
FAIR, STRONG, SUPERIOR = Strength.FAIR, Strength.STRONG, Strength.SUPERIOR


def shown(*strengths: Strength, supervised: bool = False, days: int = 1) -> list[IdentityEvidence]:
    return [
        IdentityEvidence(strength=each, supervised=supervised, expires_on=TODAY + timedelta(days=days))
        for each in strengths
    ]


TABLE = [
    ((), None),
    ((FAIR,), None),
    ((FAIR, FAIR), None),
    ((FAIR, FAIR, FAIR), None),
    ((STRONG,), None),
    ((STRONG, FAIR), "IAL2"),
    ((STRONG, STRONG), "IAL2"),
    ((SUPERIOR,), "IAL2"),
    ((SUPERIOR, FAIR), "IAL2"),
]


@pytest.mark.parametrize(("strengths", "reached"), TABLE)
def test_what_documents_reach(strengths, reached):
    assert level(shown(*strengths), TODAY) == reached
    assert level(shown(*strengths, supervised=True), TODAY) == (reached and "IAL3")


@pytest.mark.parametrize(
    ("documents", "reached", "last"),
    [
        (shown(SUPERIOR, days=-1), None, None),
        (shown(SUPERIOR, days=0), "IAL2", 0),
        (shown(STRONG, days=5) + shown(FAIR, days=3), "IAL2", 3),
        (shown(STRONG, days=5) + shown(FAIR, days=3) + shown(FAIR, days=9), "IAL2", 5),
        (shown(STRONG, days=5) + shown(FAIR, days=-1), None, None),
        (shown(SUPERIOR, supervised=True, days=2) + shown(SUPERIOR, days=9), "IAL3", 2),
        (shown(STRONG, supervised=True, days=9) + shown(FAIR, days=9), "IAL2", 9),
    ],
)
def test_a_document_counts_to_its_last_day_and_the_level_as_long_as_enough_count(documents, reached, last):
    assert level(documents, TODAY) == reached
    assert until(documents, TODAY) == (None if last is None else TODAY + timedelta(days=last))


DOCUMENTS = st.lists(
    st.builds(
        IdentityEvidence,
        strength=st.sampled_from(Strength),
        supervised=st.booleans(),
        expires_on=st.dates(TODAY - timedelta(days=5), TODAY + timedelta(days=5)),
    ),
    max_size=6,
)


@given(DOCUMENTS, DOCUMENTS)
def test_a_further_document_never_takes_away(
    some: list[IdentityEvidence], more: list[IdentityEvidence]
) -> None:
    assert (level(some + more, TODAY) or "") >= (level(some, TODAY) or "")


@given(DOCUMENTS)
def test_the_level_holds_to_its_last_day_and_not_beyond(some: list[IdentityEvidence]) -> None:
    last = until(some, TODAY)
    if last is None:
        assert level(some, TODAY) is None
        return
    assert level(some, last) == level(some, TODAY)
    assert level(some, last + timedelta(days=1)) != level(some, TODAY)


def test_every_kind_of_document_has_its_strength():
    assert STRENGTHS.keys() == set(EvidenceKind)
