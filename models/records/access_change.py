"""What administrators change of who may do what, for privacy officers to hear of."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Choice, OneOf, Record, may_refer_to, refers_to
from models.records.account import Account
from models.vocabulary import Role, word_of


class AccessChangeKind(Choice):
    """What was changed of who may do what."""

    ROLE_GIVEN = "ROLE_GIVEN", "An employee was given a role."
    ROLE_TAKEN = "ROLE_TAKEN", "A role was taken from an employee."
    DEACTIVATED = "DEACTIVATED", "An employee can no longer sign in."
    ACTIVATED = "ACTIVATED", "An employee can sign in again."
    SECRET_REPLACED = "SECRET_REPLACED", "An administrator made a new secret for a partner's client."
    CODE_MAILED = "CODE_MAILED", "The operator had a code to set a password by mailed to an employee."
    CODE_PRINTED = "CODE_PRINTED", "The operator had a code to set an employee's password by printed."
    SESSIONS_ENDED = "SESSIONS_ENDED", "All sessions of somebody were ended by somebody else."


class AccessChange(Record, table="access_changes", governed=True, indexes=(("notified_at", "at"),)):
    """One change of who may do what.

    Attributes:
        account: of whom.
        by: who changed it; nobody where the operator did at the machine itself.
        notified_at: when privacy officers were notified by mail.
    """

    kind = OneOf(AccessChangeKind)
    account = refers_to(Account, "access_changes", fields.CASCADE)
    account_id: UUID
    role = word_of(Role, null=True)
    by = may_refer_to(Account, "made_access_changes")
    by_id: UUID | None
    at: datetime = fields.DatetimeField()
    notified_at: datetime | None = fields.DatetimeField(null=True)
