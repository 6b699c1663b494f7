"""Nothing is kept that nobody thought of: each record, and each column of it, has a rule for when its customer leaves."""

from inspect import isclass

import pytest
from tortoise import Model

import models
from models import PERSONAL
from policies.offline import complete_models
from procedures.erasure.rules import ELSEWHERE, ERASED, KEPT

complete_models()


def _name(record: type[Model]) -> str:
    return record.__name__


RECORDS = [
    value
    for _, value in sorted(vars(models).items())
    if isclass(value) and issubclass(value, Model) and not value._meta.abstract
]


@pytest.mark.parametrize("record", RECORDS, ids=_name)
def test_a_record_has_one_rule_for_when_its_customer_leaves(record: type[Model]) -> None:
    """A new record is erased, kept for a reason, or about nobody: it is decided when it is made."""
    rules = [record in PERSONAL.values(), record in ERASED, record in KEPT, record in ELSEWHERE]
    assert rules.count(True) == 1


@pytest.mark.parametrize("record", KEPT, ids=_name)
def test_a_column_that_stays_was_thought_of(record: type[Model]) -> None:
    """A column is added quickly, and nobody remembers that its record outlives the person."""
    rule, columns = KEPT[record], set(record._meta.fields_db_projection.values())
    named = rule.columns | {record._meta.fields_db_projection[name] for name in rule.replaced}
    assert columns == named
    assert not rule.columns & rule.replaced.keys()
    assert rule.why


@pytest.mark.parametrize("record", sorted(ELSEWHERE, key=str), ids=_name)
def test_what_is_about_nobody_points_at_no_customer(record: type[Model]) -> None:
    """A way to a customer is a trace of one."""
    meta = record._meta
    pointing = [meta.fields_map[name] for name in meta.fk_fields | meta.o2o_fields]
    assert "customer_id" not in meta.fields_db_projection.values()
    assert not [field for field in pointing if getattr(field, "related_model", None) is models.Customer]
