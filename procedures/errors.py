"""Why a procedure did not happen.

    ProcedureError               nothing was changed; `code` is stable, `message` says what to do
    ├─ Unauthenticated           UNAUTHENTICATED      the token is not, or no longer, good
    ├─ WrongCredentials          WRONG_CREDENTIALS    no such login with that password
    ├─ CodeRequired              CODE_REQUIRED        the password was right, and a code is asked for too
    ├─ RateLimited               RATE_LIMITED         too many failures from there, or look-ups that found nothing; `retry_after` seconds
    ├─ NotFound                  NOT_FOUND            it does not exist, or the actor may not see it
    ├─ Unfit                     BAD_USER_INPUT       a value that cannot be used
    │  ├─ UnfitPassword          PASSWORD_UNFIT
    │  ├─ NoticeMismatch         NOTICE_MISMATCH      the notice is for another purpose
    │  └─ SpecialCategory        SPECIAL_CATEGORY     consented to for one purpose only, by name
    └─ Conflict                                       the present state of the data does not allow it
       ├─ LoginTaken             LOGIN_TAKEN
       ├─ AlreadyExists          ALREADY_EXISTS
       ├─ AlreadyClosed          ALREADY_CLOSED
       ├─ AlreadyRequested       ALREADY_REQUESTED    the customer has not answered yet
       ├─ AlreadyGiven           ALREADY_GIVEN
       ├─ AlreadyRefused         ALREADY_REFUSED
       ├─ AlreadyWithdrawn       ALREADY_WITHDRAWN
       ├─ NotRequested           NOT_REQUESTED        there is no request to answer
       ├─ NotGiven               NOT_GIVEN            there is no consent to end
       ├─ StandingNo             STANDING_NO          only the customer takes a no back
       ├─ AlreadyConfirmed       ALREADY_CONFIRMED    nobody has to confirm this consent
       ├─ ConsentUnconfirmed     CONSENT_UNCONFIRMED  who recorded it uses it once it is confirmed
       ├─ InstructionWaits       INSTRUCTION_WAITS    somebody said that it should end, and nobody has decided
       ├─ InstructionOver        INSTRUCTION_OVER     it was decided, or contradicted by the customer
       ├─ NoticeDiffers          NOTICE_DIFFERS       another text has this name; notices are never edited
       ├─ ConsentRequired        CONSENT_REQUIRED     nothing is kept without the customer's consent to it
       ├─ AlreadyEnrolled        ALREADY_ENROLLED
       ├─ NotEnrolled            NOT_ENROLLED
       ├─ ReasonCopied           REASON_COPIED        a reason serves once
       ├─ BreakGlassOver         BREAK_GLASS_OVER     the request is decided, ended, or too old
       ├─ NotOpenedOrNotOver     NOT_TO_REVIEW        it was never approved, or is not over
       ├─ AlreadyReviewed        ALREADY_REVIEWED
       ├─ SelfAssignment         SELF_ASSIGNMENT
       ├─ TaskOverdue            TASK_OVERDUE         it opens nothing until its day is put off
       ├─ AgreementRequired      AGREEMENT_REQUIRED   the partner is not bound for that purpose
       └─ ClockDoubted           CLOCK_DOUBTED        nothing begins or ends by a clock that is doubted

No message holds a value, neither one of the caller's nor one that is stored. `ProcedureError` and `Unfit` are defined in
`models.errors`, because the checks of values raise them.
"""

from typing import TypeVar

from models.errors import ProcedureError, Unfit

T = TypeVar("T")


class Unauthenticated(ProcedureError):
    """The token is unknown, expired or ended, or its bearer may no longer sign in."""

    code = "UNAUTHENTICATED"
    message = "You are not signed in, or no longer. Sign in and send the new token."


class WrongCredentials(ProcedureError):
    """No active account has this login with this password; the message does not say which of them is wrong."""

    code = "WRONG_CREDENTIALS"
    message = "Login or password is wrong. Check both and try again."


class CodeRequired(ProcedureError):
    """The password is right, and its owner has enrolled a second factor, so that a code is needed too."""

    code = "CODE_REQUIRED"
    message = "A code is needed besides. Send the one your telephone shows, or a recovery code."
    field = "code"


class RateLimited(ProcedureError):
    """Too many attempts failed with this login, from this network address or, at looking records up, of this account.

    Args:
        retry_after: whole seconds until the next attempt is accepted.
        why: what there was too much of.
    """

    def __init__(self, retry_after: int, why: str = "Too many attempts were made from here.") -> None:
        self.retry_after = retry_after
        super().__init__("RATE_LIMITED", f"{why} Try again in {retry_after} seconds.")


class NotFound(ProcedureError):
    """There is none, or none that the actor may see; the two are not told apart.

    Args:
        noun: what was looked for, as the message names it.
    """

    def __init__(self, noun: str, field: str | None = None) -> None:
        super().__init__(
            "NOT_FOUND", f"There is no such {noun}, or none that you may see. Check its id.", field
        )


def found(row: T | None, noun: str, field: str | None = None) -> T:
    """What was looked for; raises NotFound where there is none."""
    if row is None:
        raise NotFound(noun, field)
    return row


class UnfitPassword(Unfit):
    """A password that is too short, too long, or the login itself."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "password", code="PASSWORD_UNFIT")


class NoticeMismatch(Unfit):
    """The notice that was shown is for another purpose than the one consented to."""

    code = "NOTICE_MISMATCH"
    message = "The notice is for another purpose. Name the notice that was shown for this purpose."
    field = "noticeId"


class SpecialCategory(Unfit):
    """A consent to a special category names another purpose than the only one that the policies allow for it."""

    code = "SPECIAL_CATEGORY"
    message = (
        "This category is a special one, consented to for the one purpose that the policies name, and for nothing else. "
        "Name that purpose, and its notice."
    )
    field = "purpose"


class Conflict(ProcedureError):
    """The present state of the data does not allow what was to be done."""


class LoginTaken(Conflict):
    """Another account has this login."""

    code = "LOGIN_TAKEN"
    message = "This login is in use. Choose another."
    field = "login"


class AlreadyExists(Conflict):
    """There is one already, and there can be one only.

    Args:
        noun: what exists already, as the message names it.
    """

    def __init__(self, noun: str, field: str | None = None) -> None:
        super().__init__(
            "ALREADY_EXISTS", f"There is such a {noun} already. Use it, or choose another name.", field
        )


class AlreadyClosed(Conflict):
    """The task was closed before."""

    code = "ALREADY_CLOSED"
    message = "This task is closed. Open a new one if there is more to do."


class AlreadyWithdrawn(Conflict):
    """The consent was withdrawn before."""

    code = "ALREADY_WITHDRAWN"
    message = "This consent was withdrawn before; what rested on it is gone."


class AlreadyRequested(Conflict):
    """The customer was asked for this consent, and has not answered."""

    code = "ALREADY_REQUESTED"
    message = "The customer was asked for this and has not answered yet. Wait."


class AlreadyGiven(Conflict):
    """The customer consents already, so there is nothing to ask for."""

    code = "ALREADY_GIVEN"
    message = (
        "This consent stands. The customer prolongs it by giving it again, signed in. One that was recorded for the "
        "customer is confirmed signed in, by a code, or by a second person: consentConfirm."
    )


class AlreadyRefused(Conflict):
    """The customer refused this request for consent before."""

    code = "ALREADY_REFUSED"
    message = (
        "This request was refused before. To change that, the customer consents, signed in or by a code."
    )


class NotRequested(Conflict):
    """There is no open request for this consent that could be answered."""

    code = "NOT_REQUESTED"
    message = "There is no open request here. To end a consent that was given, withdraw it."


class NotGiven(Conflict):
    """The customer does not consent to this, so there is nothing to end."""

    code = "NOT_GIVEN"
    message = "No consent stands here that could be ended. To answer a request with no, refuse it."


class StandingNo(Conflict):
    """The newest word on this category and purpose is a no, or has run out: only the customer takes it back."""

    code = "STANDING_NO"
    message = (
        "The customer said no to this, or the consent has ended. Only the customer can take that back: by consenting "
        "signed in, or by a code (doubleOptInBegin)."
    )


class AlreadyConfirmed(Conflict):
    """The customer gave this consent, or it was confirmed before."""

    code = "ALREADY_CONFIRMED"
    message = (
        "This consent needs no confirmation: the customer gave it, or it was confirmed; nothing changes."
    )


class ConsentUnconfirmed(Conflict):
    """The actor recorded the consent on the customer's word, and neither the customer nor a second person confirmed it."""

    code = "CONSENT_UNCONFIRMED"
    message = (
        "You recorded this consent, and nobody has confirmed it. Let the customer confirm it, signed in or by a code, or "
        "a colleague who looks at the evidence: consentConfirm."
    )


class InstructionWaits(Conflict):
    """An instruction to end such a consent waits to be decided."""

    code = "INSTRUCTION_WAITS"
    message = (
        "An instruction to end this consent waits. Wait until a second person decides; "
        "the customer can contradict it: instructionContradict."
    )


class InstructionOver(Conflict):
    """The instruction was decided, or contradicted by the customer."""

    code = "INSTRUCTION_OVER"
    message = "This instruction is over; nothing changes. What is wanted still has to be recorded anew."


class NoticeDiffers(Conflict):
    """Another text is registered under this purpose, language and version."""

    code = "NOTICE_DIFFERS"
    message = (
        "Another text has this purpose, language and version, and notices are never edited. "
        "Give this one another version."
    )
    field = "version"


class ConsentRequired(Conflict):
    """The customer does not, or not any more, consent to this category for this purpose."""

    code = "CONSENT_REQUIRED"
    message = "The customer has not consented to this. Ask for consent to this category and purpose, and record it first."


class AlreadyEnrolled(Conflict):
    """The actor has enrolled a second factor before."""

    code = "ALREADY_ENROLLED"
    message = "You have enrolled before. Remove that first: totpRemove."


class NotEnrolled(Conflict):
    """The actor has no second factor, or none that waits for its first code."""

    code = "NOT_ENROLLED"
    message = "There is nothing enrolled here. Begin with totpEnrol."


class ReasonCopied(Conflict):
    """The reason for break-glass access is one that the same actor gave before."""

    code = "REASON_COPIED"
    message = "You gave this reason before. Say what is different this time."
    field = "reason"


class BreakGlassOver(Conflict):
    """The request for break-glass access was decided, ended, or is too old."""

    code = "BREAK_GLASS_OVER"
    message = "This request is decided or its time is over. Ask again if it must be."


class NotOpenedOrNotOver(Conflict):
    """The break-glass access cannot be reviewed: it was never approved, or is not over."""

    code = "NOT_TO_REVIEW"
    message = "Only what was opened is reviewed, and only once it is over. End it, or wait."


class AlreadyReviewed(Conflict):
    """The break-glass access, or the giving of a task, was reviewed before."""

    code = "ALREADY_REVIEWED"
    message = "This was reviewed before; the first verdict stands."


class SelfAssignment(Conflict):
    """The assignee is the actor: a need to know is established by somebody else."""

    code = "SELF_ASSIGNMENT"
    message = "You cannot give a task to yourself. Ask somebody else to."
    field = "assigneeId"


class TaskOverdue(Conflict):
    """The task's day is over, so that it would open nothing to whoever it is given to."""

    code = "TASK_OVERDUE"
    message = "This task's day is over. Put it off first: taskExtend."


class AgreementRequired(Conflict):
    """The partner has no signed agreement in force that has a term for the task's purpose."""

    code = "AGREEMENT_REQUIRED"
    message = "The partner is not bound for this purpose. Sign an agreement that covers it, or choose somebody else."
    field = "assigneeId"


class ClockDoubted(Conflict):
    """The clock is doubted, and so nothing is begun or ended by it until somebody has looked."""

    code = "CLOCK_DOUBTED"
    message = "The time cannot be relied on at present, and so this waits. The operator looks with: ./savas clock status"
