"""The transitions of a request; nothing here reads or writes a record."""

from enum import StrEnum
from typing import Final

from models import RequestState
from procedures.errors import Conflict
from procedures.request.errors import AlreadyExtended, RequestOver

RECEIVED, EXTENDED = RequestState.RECEIVED, RequestState.EXTENDED
GRANTED, REFUSED, WITHDRAWN = RequestState.GRANTED, RequestState.REFUSED, RequestState.WITHDRAWN

#: The states of a request that waits for its answer.
OPEN: Final = frozenset({RECEIVED, EXTENDED})

#: Months that an answer may take (GDPR, Art. 12(3)), and further ones that it may be put off by, once.
TERM: Final = 1
FURTHER: Final = 2


class Action(StrEnum):
    """What can be done about a request; named as the procedures are."""

    EXTEND = "extend"
    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


Outcome = RequestState | type[Conflict]

_OPEN: Final[dict[Action, Outcome]] = {
    Action.EXTEND: EXTENDED,
    Action.GRANT: GRANTED,
    Action.REFUSE: REFUSED,
    Action.WITHDRAW: WITHDRAWN,
}
_OVER: Final[dict[Action, Outcome]] = dict.fromkeys(Action, RequestOver)

#: By state and action: the state that follows, or why the action does not happen.
TRANSITIONS: Final[dict[RequestState, dict[Action, Outcome]]] = {
    RECEIVED: _OPEN,
    EXTENDED: {**_OPEN, Action.EXTEND: AlreadyExtended},
    GRANTED: _OVER,
    REFUSED: _OVER,
    WITHDRAWN: _OVER,
}


def after(state: RequestState, action: Action) -> RequestState:
    """The state that follows when an action happens in a state.

    Raises:
        Conflict: the action is not possible in this state; the table has the kind of error.
    """
    outcome = TRANSITIONS[state][action]
    if isinstance(outcome, RequestState):
        return outcome
    raise outcome
