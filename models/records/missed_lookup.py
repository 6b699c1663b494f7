"""Look-ups that did not find all they asked for: who made them, and from when on further ones are refused."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Record


class MissedLookup(
    Record,
    table="missed_lookups",
    governed=True,
    indexes=(("actor_id", "at"), ("actor_id", "refused_until"), ("at",)),
):
    """One answer in which records that were looked up were not found, because they are not there or may not be seen.

    Attributes:
        actor_id, caller_id: the account that asked, and the customer whose account it is; no foreign keys, both may be gone.
        kind: of the actor.
        purposes: those stated, separated by blanks.
        lookups: by which queries and arguments, such as `customers.email node.id`, separated by blanks.
        asked, found: how many records were looked up by all of them, and how many of these were found.
        counted: how many of those not found the account had not missed within a day; these count against it.
        alarm: whether with this one the account had missed too many.
    """

    actor_id: UUID = fields.UUIDField()
    caller_id: UUID | None = fields.UUIDField(null=True)
    kind = fields.CharField(max_length=20)
    at: datetime = fields.DatetimeField()
    purposes = fields.CharField(max_length=200)
    lookups = fields.TextField()
    asked = fields.IntField()
    found = fields.IntField()
    counted = fields.IntField()
    refused_until: datetime | None = fields.DatetimeField(null=True)
    alarm = fields.BooleanField(default=False)
    notified_at: datetime | None = fields.DatetimeField(
        null=True, description="to the privacy officers, by mail"
    )
