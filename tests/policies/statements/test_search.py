"""An order by what is only seen of some records tells nothing of the others."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from policies.actor import Actor
from policies.conditions import ir
from policies.conditions.check import holds
from policies.offline import complete_models
from policies.policy import Policy
from policies.statements.search import Order
from tests.policies.compiled import WORDS

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
#: When a task was opened is seen of open tasks only.
SEEN_WHILE_OPEN = """
allow_field(_: Staff, "read", _: Task, "status");
allow_field(_: Staff, "read", task: Task, "openedAt") if task.status = "OPEN";
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    complete_models()
    return Policy({"search.polar": SEEN_WHILE_OPEN, **WORDS})


def follows(policy: Policy, order: Order, status: str, opened_at: datetime) -> bool:
    """Whether a task stands behind a cursor at noon."""
    condition = order.after(policy.plan(Actor("Employee"), "Task"), NOON)
    task = SimpleNamespace(id=UUID(int=2), status=status, openedAt=opened_at)
    return holds(condition, {ir.THIS: task}, {"after": NOON, "after.id": UUID(int=1)})


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_what_may_not_be_seen_comes_last_whatever_its_value(
    policy: Policy, hours: int, descending: bool
) -> None:
    order, at = Order("openedAt", descending), NOON + timedelta(hours=hours)
    assert follows(policy, order, "CLOSED", at)
    assert follows(policy, order, "OPEN", at) is (hours == 0 or (hours > 0) is not descending)
