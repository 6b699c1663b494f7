"""Words that policies declare behave as the members of an enum do, and there may be more of them."""

import copy
import pickle
from typing import Any

import pytest

from models import Notice, Purpose, Role, Word
from tests.contents import NOON


class Colour(Word):
    """A vocabulary of these tests."""


@pytest.fixture
def red() -> Colour:
    return Colour.declare("dark_red", "As wine.")


def test_a_word_is_one_object_however_it_is_asked_for(red: Colour) -> None:
    assert Colour("dark_red") is Colour.DARK_RED is red
    assert Colour.declare("dark_red", "As wine is.") is red
    assert pickle.loads(pickle.dumps(red)) is copy.deepcopy(red) is red  # noqa: S301 our own


def test_a_word_is_text_with_a_name_and_a_sentence(red: Colour) -> None:
    assert red == "dark_red"
    assert (red.name, red.value, red.description, repr(red)) == (
        "DARK_RED",
        "dark_red",
        "As wine.",
        "Colour.DARK_RED",
    )
    assert type(red.value) is str
    assert f"{red}" == "dark_red"


@pytest.mark.parametrize("other", ["blue", "DARK_RED", ""])
def test_what_was_not_declared_is_no_word(red: Colour, other: str) -> None:
    with pytest.raises(ValueError, match="no such colour is declared; known: dark_red"):
        Colour(other)
    assert other not in Colour
    with pytest.raises(AttributeError):
        _ = Colour.BLUE


def test_a_vocabulary_is_gone_through_in_the_order_of_declaration(red: Colour) -> None:
    assert list(Colour) == [red]
    blue = Colour.declare("blue", "As the sea.")

    assert (list(Colour), len(Colour), blue in Colour, "blue" in Colour) == ([red, blue], 2, True, True)


def test_a_vocabulary_without_words_is_not_taken_for_nothing() -> None:
    assert len(Colour) == 0
    assert bool(Colour) is True


def test_purposes_are_no_roles() -> None:
    assert "support" not in Role
    assert "agent" not in Purpose
    with pytest.raises(ValueError, match="known: agent, manager"):
        Role("support")


def test_the_words_that_the_program_names_are_known_with_the_reason() -> None:
    assert Purpose.needed("support", "somebody must") is Purpose.SUPPORT
    assert Purpose.all_needed()["support"]


@pytest.mark.every_database
async def test_a_column_holds_a_word_that_was_declared_later_and_takes_no_migration(database: str) -> None:
    Purpose.declare("research", "Finding out.")
    row: dict[str, Any] = {
        "language": "en",
        "version": "1",
        "text": "Why.",
        "digest": "0" * 64,
        "created_at": NOON,
    }
    await Notice.create(purpose="research", **row)

    assert (await Notice.get(purpose=Purpose.RESEARCH)).purpose is Purpose.RESEARCH
    with pytest.raises(ValueError, match="no such purpose"):
        await Notice.create(purpose="curiosity", **row)
