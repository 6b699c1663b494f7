"""The whole table of what a consent can turn into."""

from itertools import product

from models import PERMITTING, ConsentState
from procedures.consent.states import DENYING, OPEN, TRANSITIONS, Action, after
from procedures.errors import Conflict

#: The same table as people draw it: a row for each state, in the order of the actions below.
ACTIONS = ("request", "defer", "give", "refuse", "withdraw", "revoke", "expire", "invalidate", "contradict")
DRAWN = """
REQUESTED              ALREADY_REQUESTED REQUEST_DEFERRED GIVEN REFUSED NOT_GIVEN REVOKED NOT_GIVEN NOT_GIVEN NOT_GIVEN
REQUEST_DEFERRED       REQUESTED REQUEST_DEFERRED GIVEN REFUSED NOT_GIVEN REVOKED NOT_GIVEN NOT_GIVEN NOT_GIVEN
REFUSED                REQUESTED NOT_REQUESTED GIVEN ALREADY_REFUSED NOT_GIVEN NOT_GIVEN NOT_GIVEN NOT_GIVEN NOT_GIVEN
GIVEN                  ALREADY_GIVEN NOT_REQUESTED RENEWED_CONSENT_GIVEN NOT_REQUESTED WITHDRAWN REVOKED EXPIRED INVALIDATED INVALIDATED
RENEWED_CONSENT_GIVEN  ALREADY_GIVEN NOT_REQUESTED RENEWED_CONSENT_GIVEN NOT_REQUESTED WITHDRAWN REVOKED EXPIRED INVALIDATED INVALIDATED
EXPIRED                REQUESTED NOT_REQUESTED GIVEN NOT_REQUESTED WITHDRAWN NOT_GIVEN NOT_GIVEN INVALIDATED INVALIDATED
INVALIDATED            REQUESTED NOT_REQUESTED GIVEN NOT_REQUESTED WITHDRAWN NOT_GIVEN NOT_GIVEN NOT_GIVEN NOT_GIVEN
REVOKED                REQUESTED NOT_REQUESTED GIVEN NOT_REQUESTED WITHDRAWN NOT_GIVEN NOT_GIVEN NOT_GIVEN NOT_GIVEN
WITHDRAWN              REQUESTED NOT_REQUESTED GIVEN NOT_REQUESTED ALREADY_WITHDRAWN NOT_GIVEN NOT_GIVEN NOT_GIVEN NOT_GIVEN
UNKNOWN                REQUESTED NOT_REQUESTED GIVEN NOT_REQUESTED WITHDRAWN REVOKED NOT_GIVEN INVALIDATED NOT_GIVEN
"""
CELLS = [
    (ConsentState(state), Action(action), outcome)
    for state, *outcomes in (line.split() for line in DRAWN.strip().splitlines())
    for action, outcome in zip(ACTIONS, outcomes, strict=True)
]


def test_every_state_and_every_action_is_drawn() -> None:
    assert [(state, action) for state, action, _ in CELLS] == list(product(ConsentState, Action))
    assert {state: set(row) for state, row in TRANSITIONS.items()} == {
        state: set(Action) for state in ConsentState
    }


def turned(state: ConsentState, action: Action) -> str:
    """The state afterwards, or the code with which it is refused."""
    try:
        return after(state, action)
    except Conflict as refused:
        return refused.code


def test_a_state_turns_as_drawn() -> None:
    found = [(state, action, turned(state, action)) for state, action, _ in CELLS]
    assert found == CELLS


def test_nothing_but_giving_permits() -> None:
    for state in ConsentState:
        leading = {action for action, outcome in TRANSITIONS[state].items() if outcome in PERMITTING}
        assert leading == {Action.GIVE}, state


def test_whatever_was_given_can_be_withdrawn() -> None:
    assert {after(state, Action.WITHDRAW) for state in PERMITTING} == {ConsentState.WITHDRAWN}


def test_what_is_open_neither_permits_nor_denies() -> None:
    assert not OPEN & (PERMITTING | DENYING)
