"""The transitions of a request."""

import pytest

from models import RequestState
from procedures.errors import Conflict
from procedures.request.errors import AlreadyExtended, RequestOver
from procedures.request.states import OPEN, TRANSITIONS, Action, after

#: What follows, as the law has it: by state, what extending, granting, refusing and taking back lead to.
TABLE: dict[str, tuple[str | type[Conflict], ...]] = {
    "RECEIVED": ("EXTENDED", "GRANTED", "REFUSED", "WITHDRAWN"),
    "EXTENDED": (AlreadyExtended, "GRANTED", "REFUSED", "WITHDRAWN"),
    "GRANTED": (RequestOver,) * 4,
    "REFUSED": (RequestOver,) * 4,
    "WITHDRAWN": (RequestOver,) * 4,
}


def test_every_state_and_every_action_has_its_place() -> None:
    assert TRANSITIONS.keys() == set(RequestState) == set(TABLE)
    assert all(row.keys() == set(Action) for row in TRANSITIONS.values())
    assert {state for state, row in TRANSITIONS.items() if row[Action.GRANT] is RequestState.GRANTED} == OPEN


@pytest.mark.parametrize("state", list(RequestState))
def test_a_request_goes_from_state_to_state_as_the_table_says(state: RequestState) -> None:
    for action, outcome in zip(Action, TABLE[state], strict=True):
        if isinstance(outcome, str):
            assert after(state, action) is RequestState(outcome)
        else:
            with pytest.raises(outcome):
                after(state, action)
