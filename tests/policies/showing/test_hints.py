"""What may have been forgotten of a purpose or a role."""

import pytest

from policies.offline import complete_models
from policies.policy import Policy
from policies.showing.hints import hints
from tests.policies.compiled import whole


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


def test_the_shipped_policies_lack_nothing_but_rules_for_roles_that_need_none() -> None:
    assert list(hints(whole())) == [
        "no rule names the role agent: whoever has no other may do what all staff may"
    ]


def test_a_purpose_and_a_role_of_which_nothing_more_is_said_are_named() -> None:
    more = 'purpose("research", "Finding out."); purpose("idleness", "Doing nothing."); role("guest", "Looks on.");'
    needing = 'needs("research", "order");'
    sources = {**whole().sources, "more.polar": f"{more} {needing}"}

    said = "\n".join(hints(Policy(sources, whole().all_classified)))

    assert "the purpose `idleness` needs nothing" in said
    assert "`research` needs nothing" not in said
    assert "the purpose `research` has no name in `lt`" in said
    assert "the role agent, guest:" in said
