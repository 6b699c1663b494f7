"""A declaration that contradicts itself is refused when it is read."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from models import Category, ContactKind, Declaration, Part
from models.errors import Unfit


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


@pytest.mark.parametrize(
    ("text", "read", "unfit", "code"),
    [
        ("a plate", "a plate", None, None),
        ("EMAIL", ContactKind.EMAIL, "email", "KIND_UNKNOWN"),
        ("true", True, "True", "BOOLEAN_INVALID"),
        ("false", False, "0", "BOOLEAN_INVALID"),
        ("12", 12, "12.5", "QUANTITY_INVALID"),
        ("-12.50", Decimal("-12.50"), "1e9", "AMOUNT_INVALID"),
        ("2026-01-31", date(2026, 1, 31), "31.01.2026", "DATE_INVALID"),
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC), "noon", "DATE_INVALID"),
    ],
)
def test_a_value_of_each_type_is_read_from_its_text(
    text: str, read: Any, unfit: str | None, code: str | None
) -> None:
    part = Part("plate", type(read), False, True, "The number plate.")
    found = part.read(text, "plate")
    assert (type(found), found) == (type(read), read)
    if unfit is not None:
        with pytest.raises(Unfit) as refused:
            part.read(unfit, "plate")
        assert (refused.value.code, refused.value.field) == (code, "plate")
