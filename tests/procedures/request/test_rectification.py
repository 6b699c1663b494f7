"""What is put right of each kind of row, and what of it can be used."""

from dataclasses import fields, replace
from typing import Any

import pytest

import models
from models import PERSONAL, Category, camel
from models.errors import ProcedureError
from policies.policy import in_force
from procedures.request.rectification import model_of, rectifiable, rectified
from tests.contents import CONTENTS, NOON

GOOD: dict[Category, dict[str, str]] = {
    Category.ORDER: {"number": "N-2", "total": "-12.5", "currency": "usd", "billingAddress": "Pilies g. 2"},
    Category.INTERACTION: {"subject": "An answer", "body": "About lights."},
    Category.PAYMENT_CARD: {"holder": "Jonė Kazlauskaitė"},
    Category.PERSONAL_CODE: {"code": "49001010023"},
    Category.IDENTITY_EVIDENCE: {"issuer": "Migracijos departamentas prie VRM", "numberTail": "00-08"},
    Category.HEALTH_RECORD: {
        "kind": "CONDITION",
        "description": "Asthma",
        "code": "195967001",
        "onsetOn": "1999-01-31",
    },
}

PUT_RIGHT = {category: found for category, model in PERSONAL.items() if (found := rectifiable(model))}


def put(category: Category, field: str, value: str | None) -> Any:
    """The content of a row of the category, with a field put right."""
    return rectified(PERSONAL[category], CONTENTS[category][1]["content"], field, value, NOON)


def test_a_category_is_changed_by_customers_or_put_right_for_them() -> None:
    """So that nothing is kept that nobody can correct."""
    own = {category for category, model in PERSONAL.items() if model.declared.written_by_customers}
    assert own | PUT_RIGHT.keys() == set(Category)
    assert not own & PUT_RIGHT.keys()


@pytest.mark.usefixtures("sqlite")
async def test_the_policies_know_the_same_categories() -> None:
    assert {name for _, (name,) in in_force().facts("put_right", 1)} == set(PUT_RIGHT)


@pytest.mark.parametrize("category", PUT_RIGHT)
def test_a_field_that_is_put_right_is_one_of_the_row(category: Category) -> None:
    content = CONTENTS[category][1]["content"]
    assert PUT_RIGHT[category].keys() <= {camel(each.name) for each in fields(content)}


@pytest.mark.parametrize(("category", "field"), [(each, name) for each in GOOD for name in GOOD[each]])
def test_one_field_changes_and_nothing_else(category: Category, field: str) -> None:
    before, after = CONTENTS[category][1]["content"], put(category, field, GOOD[category][field])
    assert [
        camel(each.name) for each in fields(after) if getattr(after, each.name) != getattr(before, each.name)
    ] == [field]


@pytest.mark.parametrize(
    ("category", "field", "value"),
    [
        ("order", "total", "NaN"), ("order", "total", "1e9"), ("order", "total", "12,50"), ("order", "currency", "XYZQ"),
        ("order", "placedAt", "2026-01-01"), ("order", "content", "x"), ("interaction", "subject", "two\nlines"),
        ("interaction", "subject", None), ("payment_card", "token", "x"), ("payment_card", "holder", "Jonė 123"),
        ("personal_code", "code", "49001010002"), ("personal_code", "country", "LV"),
        ("identity_evidence", "numberTail", "12345"), ("health_record", "description", None), ("health_record", "codeSystem", None),
        ("health_record", "onsetOn", "2002-01-01"), ("health_record", "onsetOn", "31.1.1999"), ("health_record", "token", "x"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_without_its_value(
    category: str, field: str, value: str | None
) -> None:
    with pytest.raises(ProcedureError) as refused:
        put(Category(category), field, value)
    assert not value or value not in str(refused.value)


def test_only_rows_of_personal_data_are_put_right() -> None:
    assert model_of("Order") is models.Order
    for other in ("Customer", "Task", "Request", "Employee", ""):
        with pytest.raises(ProcedureError):
            model_of(other)


def test_what_depends_on_each_other_is_emptied_together_or_not_at_all() -> None:
    lasting = put(Category.HEALTH_RECORD, "abatedOn", None)
    assert lasting == replace(CONTENTS[Category.HEALTH_RECORD][1]["content"], abated_on=None)
