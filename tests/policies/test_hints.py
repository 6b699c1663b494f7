"""What may have been forgotten of a purpose or a role."""

from pathlib import Path

from policies.hints import hints
from policies.policy import Policies
from tests.policies.compiled import whole


def test_the_shipped_policies_lack_nothing_but_rules_for_roles_that_need_none() -> None:
    assert list(hints(whole())) == [
        "no rule names the role agent, administrator: whoever has no other may do what all staff may"
    ]


def test_a_purpose_and_a_role_of_which_nothing_more_is_said_are_named(ours: Path) -> None:
    (ours / "more.polar").write_text('purpose("idleness", "Doing nothing."); role("guest", "Looks on.");')

    said = "\n".join(hints(Policies(ours).current))

    assert "the purpose `idleness` needs nothing" in said
    assert "`research` needs nothing" not in said
    assert "the purpose `research` has no name in `lt`" in said
    assert "guest, agent, administrator" in said
