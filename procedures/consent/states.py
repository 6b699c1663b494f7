"""The transitions of a consent: a plain table.

A consent that has ended stays as it is when the customer is asked again or consents anew:
that begins a new consent.
"""

from enum import StrEnum
from typing import Final

from models import ConsentState, InstructionState
from models.event import Event
from procedures.errors import (
    AlreadyGiven,
    AlreadyRefused,
    AlreadyRequested,
    AlreadyWithdrawn,
    Conflict,
    NotGiven,
    NotRequested,
)

REQUESTED, DEFERRED, REFUSED = ConsentState.REQUESTED, ConsentState.REQUEST_DEFERRED, ConsentState.REFUSED
GIVEN, RENEWED, EXPIRED = ConsentState.GIVEN, ConsentState.RENEWED_CONSENT_GIVEN, ConsentState.EXPIRED
INVALIDATED, REVOKED = ConsentState.INVALIDATED, ConsentState.REVOKED
WITHDRAWN, UNKNOWN = ConsentState.WITHDRAWN, ConsentState.UNKNOWN

#: A request that waits for its answer.
OPEN: Final = frozenset({REQUESTED, DEFERRED})
#: The states that deny: while one of them is in effect for a category and purpose, no consent to it permits.
DENYING: Final = frozenset({REFUSED, INVALIDATED, REVOKED, WITHDRAWN})


class Action(StrEnum):
    """What can be done about a consent; named as the procedures are."""

    REQUEST = "request"
    DEFER = "defer"
    GIVE = "give"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    REVOKE = "revoke"
    EXPIRE = "expire"
    INVALIDATE = "invalidate"
    CONTRADICT = "contradict"


Outcome = ConsentState | type[Conflict]

#: Consent was asked for, and is not answered.
_ASKED: Final[dict[Action, Outcome]] = {
    Action.REQUEST: REQUESTED,
    Action.DEFER: DEFERRED,
    Action.GIVE: GIVEN,
    Action.REFUSE: REFUSED,
    Action.WITHDRAW: NotGiven,
    Action.REVOKE: REVOKED,
    Action.EXPIRE: NotGiven,
    Action.INVALIDATE: NotGiven,
    Action.CONTRADICT: NotGiven,
}
#: Consent is given, for the first time or anew.
_STANDING: Final[dict[Action, Outcome]] = {
    Action.REQUEST: AlreadyGiven,
    Action.DEFER: NotRequested,
    Action.GIVE: RENEWED,
    Action.REFUSE: NotRequested,
    Action.WITHDRAW: WITHDRAWN,
    Action.REVOKE: REVOKED,
    Action.EXPIRE: EXPIRED,
    Action.INVALIDATE: INVALIDATED,
    Action.CONTRADICT: INVALIDATED,
}
#: There is neither a request nor a consent any more.
_OVER: Final[dict[Action, Outcome]] = {
    Action.REQUEST: REQUESTED,
    Action.DEFER: NotRequested,
    Action.GIVE: GIVEN,
    Action.REFUSE: NotRequested,
    Action.WITHDRAW: WITHDRAWN,
    Action.REVOKE: NotGiven,
    Action.EXPIRE: NotGiven,
    Action.INVALIDATE: NotGiven,
    Action.CONTRADICT: NotGiven,
}

#: By state and action: the state that follows, or why the action does not happen.
TRANSITIONS: Final[dict[ConsentState, dict[Action, Outcome]]] = {
    REQUESTED: {**_ASKED, Action.REQUEST: AlreadyRequested},
    DEFERRED: _ASKED,
    REFUSED: {**_OVER, Action.REFUSE: AlreadyRefused, Action.WITHDRAW: NotGiven},
    GIVEN: _STANDING,
    RENEWED: _STANDING,
    EXPIRED: {**_OVER, Action.INVALIDATE: INVALIDATED, Action.CONTRADICT: INVALIDATED},
    INVALIDATED: _OVER,
    REVOKED: _OVER,
    WITHDRAWN: {**_OVER, Action.WITHDRAW: AlreadyWithdrawn},
    UNKNOWN: {**_OVER, Action.REVOKE: REVOKED, Action.INVALIDATE: INVALIDATED},
}


def after(state: ConsentState, action: Action) -> ConsentState:
    """The state that follows an action.

    Raises:
        Conflict: the action does not happen in this state; the kind is that of the table.
    """
    outcome = TRANSITIONS[state][action]
    if isinstance(outcome, ConsentState):
        return outcome
    raise outcome


#: By the state that an instruction came to, the event.
DECIDED = {
    InstructionState.APPROVED: Event.INSTRUCTION_APPROVED,
    InstructionState.CARRIED_OUT: Event.INSTRUCTION_CARRIED_OUT,
    InstructionState.REFUSED: Event.INSTRUCTION_REFUSED,
    InstructionState.CONTRADICTED: Event.INSTRUCTION_CONTRADICTED,
}
