"""What options name is looked up in the policies of the installation."""

from pathlib import Path

import pytest
import typer

from commands import options
from models import Purpose, Role


def test_a_purpose_and_a_role_are_those_of_the_shipped_policies() -> None:
    assert options.purposes_from(["support", "care"], "--purpose") == [Purpose.SUPPORT, Purpose.CARE]
    assert options.roles_from(["manager"], "--role") == [Role.MANAGER]


def test_a_word_that_is_not_declared_is_answered_with_those_that_are() -> None:
    with pytest.raises(
        typer.BadParameter,
        match="one of agent, manager, front_desk, privacy_officer, administrator was expected",
    ):
        options.roles_from(["managr"], "--role")


def test_the_policies_that_are_named_may_declare_more(ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options._Given, "before", options.Before(policies=ours))

    assert options.purposes_from(["research"], "--purpose") == [Purpose.RESEARCH]
    assert options.roles_from(["auditor"], "--role") == [Role.AUDITOR]
