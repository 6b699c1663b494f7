"""What policies may speak of."""

import pytest

import models
from policies.errors import PolicyError
from policies.offline import complete_models
from policies.policy import Policy
from policies.registry import RECORDS, resources

UNSPOKEN = sorted(
    name
    for name, model in vars(models).items()
    if isinstance(model, type) and issubclass(model, models.Record) and not model._meta.abstract
    if name not in RECORDS
)


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


@pytest.mark.parametrize("record", UNSPOKEN)
def test_no_rule_speaks_of_a_record_that_does_not_say_that_policies_may(record: str):
    with pytest.raises(PolicyError) as refused:
        Policy({"x.polar": f'allow_field(_: Staff, "read", record: {record}, "id") if record.id != nil;'})
    found = [refused.value, *refused.value.others]
    assert [error for error in found if error.message.startswith(f"there is no class `{record}`")]


def test_what_is_personal_is_always_spoken_of():
    assert {model.__name__ for model in models.PERSONAL.values()} <= RECORDS.keys()
    assert {"Intake", "Submission", "Suppression", "Totp"} <= set(UNSPOKEN)


def test_of_an_account_no_rule_speaks_of_what_its_owner_signs_in_by():
    assert resources()["Account"].fields.keys() == {"id", "kind", "active", "customerId", "createdAt"}
