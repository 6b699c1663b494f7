"""Nothing is kept that nobody thought of: each record, and each column of it, has a rule for when its customer leaves."""

from inspect import isclass

from tortoise import Model

import models
from models import PERSONAL
from policies.offline import complete_models
from procedures.erasure.rules import ELSEWHERE, ERASED, KEPT

complete_models()


RECORDS = [
    value
    for _, value in sorted(vars(models).items())
    if isclass(value) and issubclass(value, Model) and not value._meta.abstract
]


def test_a_record_has_one_rule_for_when_its_customer_leaves() -> None:
    """A new record is erased, kept for a reason, or about nobody: it is decided when it is made."""
    rules = {
        record: [record in PERSONAL.values(), record in ERASED, record in KEPT, record in ELSEWHERE]
        for record in RECORDS
    }
    assert [record for record, found in rules.items() if found.count(True) != 1] == []


def test_a_column_that_stays_was_thought_of() -> None:
    """A column is added quickly, and nobody remembers that its record outlives the person."""
    for record, rule in KEPT.items():
        columns = set(record._meta.fields_db_projection.values())
        named = rule.columns | {record._meta.fields_db_projection[name] for name in rule.replaced}
        assert columns == named, record
        assert not rule.columns & rule.replaced.keys(), record
        assert rule.why, record


def test_what_is_about_nobody_points_at_no_customer() -> None:
    """A way to a customer is a trace of one."""
    for record in ELSEWHERE:
        meta = record._meta
        pointing = [meta.fields_map[name] for name in meta.fk_fields | meta.o2o_fields]
        assert "customer_id" not in meta.fields_db_projection.values(), record
        assert models.Customer not in [getattr(field, "related_model", None) for field in pointing], record
