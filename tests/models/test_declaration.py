"""A declaration that contradicts itself is refused when it is read."""

from enum import StrEnum
from typing import Any

import pytest

from models import Category, Declaration, Part


class Colour(StrEnum):
    """A list whose words are not their names."""

    RED = "red"


def declaration(kind: Any = str, **options: Any) -> Declaration:
    part = Part("plate", kind, False, True, "The number plate.")
    return Declaration(
        Category.ORDER, "Vehicle", "", {"plate": part}, {}, "vehicles", "pd:CarOwned", **options
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"one_per": "plaet"}, "plaet"),
        ({"submitted_sealed": True, "written_by_customers": True}, "sealed"),
        ({"kind": Colour}, "Vehicle.plate"),
    ],
)
def test_what_contradicts_itself_is_refused_by_name(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        declaration(**options)


def test_what_a_customer_has_one_of_is_told_by_its_field() -> None:
    assert declaration(one_per="plate").single
    assert declaration(many=False).single
    assert not declaration().single
