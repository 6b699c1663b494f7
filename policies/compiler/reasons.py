"""The reason for a withheld cell: one out of a closed list, the same for every reader."""

from collections.abc import Iterable
from enum import StrEnum

from policies.actor import Actor
from policies.compiler.refusals import meant
from policies.conditions import FORBIDDING, SUSPENDED, Grant, Reasons, ir
from policies.language import Rule


class Reason(StrEnum):
    """Why a cell is withheld.

    - `PURPOSE_REQUIRED`: the request states no purpose, and nothing personal of others is released without one.
    - `NO_TASK`: the actor carries no open task of this customer for a purpose that the request states.
    - `NOT_NEEDED_FOR_PURPOSE`: the purpose of the task does not need this category of data.
    - `NOT_IN_AGREEMENT`: no agreement in force names this field for the purpose of the task.
    - `NO_CONSENT`: the customer does not, or not any more, consent to this category for this purpose.
    - `RESTRICTED`: the customer's data are kept but not used, at the customer's request.
    - `NOT_PERMITTED`: no rule opens this to such an actor, or not for this record, or one forbids it.
    - `FIELD_CLOSED`: the field is closed to everybody until people have looked at how it is decided.
    - `UNREADABLE`: the stored value is damaged or was moved, and was not opened.
    - `NOT_AVAILABLE`: what a subcontractor is told, whatever the reason.
    """

    PURPOSE_REQUIRED = "PURPOSE_REQUIRED"
    NO_TASK = "NO_TASK"
    NOT_NEEDED_FOR_PURPOSE = "NOT_NEEDED_FOR_PURPOSE"
    NOT_IN_AGREEMENT = "NOT_IN_AGREEMENT"
    NO_CONSENT = "NO_CONSENT"
    RESTRICTED = "RESTRICTED"
    NOT_PERMITTED = "NOT_PERMITTED"
    FIELD_CLOSED = "FIELD_CLOSED"
    UNREADABLE = "UNREADABLE"
    NOT_AVAILABLE = "NOT_AVAILABLE"


def read(facts: Iterable[tuple[Rule, tuple[str, str]]], rules: Iterable[Rule]) -> Reasons:
    """The reasons for rules that do not hold, in order.

    Args:
        facts: each of a rule's name and a reason's.
        rules: those that may be named.

    Raises:
        PolicyError: one names what is not there.
    """
    known, named = {rule.name for rule in rules}.union(FORBIDDING), []
    for rule, (name, reason) in facts:
        if reason not in set(Reason):
            raise rule.refuse(f"there is no reason `{reason}`; known: {', '.join(Reason)}")
        if name not in known:
            raise rule.refuse(f"there is no rule `{name}`{meant(name, known)}")
        named.append((name, reason))
    return Reasons(tuple(named))


def reason(grant: Grant, step: int, actor: Actor) -> Reason:
    """The reason that an actor gets for a withheld cell.

    Args:
        grant: the grant of the cell's field.
        step: the cell's verdict: the number, from 1, of the first step that fails.
        actor: a subcontractor learns nothing from the reason.
    """
    return Reason.NOT_AVAILABLE if actor.kind == "PartnerClient" else reason_for_staff(grant, step, actor)


def unreadable(actor: Actor) -> Reason:
    """The reason that an actor gets for a granted cell whose value does not open."""
    return Reason.NOT_AVAILABLE if actor.kind == "PartnerClient" else Reason.UNREADABLE


def reason_for_staff(grant: Grant, step: int, actor: Actor) -> Reason:
    """The reason as staff would get it, whoever asks."""
    if grant == SUSPENDED:
        return Reason.FIELD_CLOSED
    if grant.never:
        return Reason.NOT_PERMITTED
    name, condition = grant.steps[step - 1]
    asked = {ir.PURPOSE.name, ir.PURPOSES.name} & {*ir.params(condition)}
    if name == Reason.NO_TASK and not actor.purposes and asked:
        return Reason.PURPOSE_REQUIRED
    return Reason(name)
