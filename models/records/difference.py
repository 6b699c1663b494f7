"""Where plain Oso decides otherwise than what was compiled of the policies: found while serving, and looked at by people."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Choice, OneOf, Record, may_refer_to
from models.records.account import Account


class Settlement(Choice):
    """What came of looking at a difference."""

    CORRECTED = "CORRECTED", "The program was corrected since."
    POLICIES_CHANGED = "POLICIES_CHANGED", "The policies were changed since, so that it cannot come up."
    HARMLESS = "HARMLESS", "It was understood, and nothing is released that should not be."


class Difference(Record, table="differences", governed=True):
    """A field that the server decided in one way, and plain Oso in the other, of the same record at the same instant.

    A field that was granted and should not have been is closed to everybody until the difference is settled.

    Attributes:
        field: with its type, such as `ContactPoint.value`.
        granted: whether the server granted it; else it withheld what the policies grant.
        policy: the version of the policies.
        row_id, actor_id: the record in which it was seen, and who had asked; no foreign keys, both may be gone.
    """

    field = fields.CharField(max_length=90)
    granted = fields.BooleanField()
    policy = fields.CharField(max_length=16)
    row_id: UUID = fields.UUIDField()
    actor_id: UUID | None = fields.UUIDField(null=True)
    found_at: datetime = fields.DatetimeField()
    notified_at: datetime | None = fields.DatetimeField(
        null=True, description="to the privacy officers, by mail"
    )
    settled_at: datetime | None = fields.DatetimeField(null=True)
    settled_by = may_refer_to(Account, "settled_differences")
    settled_by_id: UUID | None
    settlement = OneOf(Settlement, null=True)

    @property
    def closes(self) -> bool:
        """Whether its field is closed because of it."""
        return self.granted and self.settled_at is None
