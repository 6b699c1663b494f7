"""A code that was sent to a contact point, for its owner to enter."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Record


class ContactCode(Record, table="contact_codes"):
    """One code: the latest of a contact point is the only one that is good, and that only once.

    Attributes:
        contact_point_id: no foreign key; the contact point may be erased.
        point_revision: of the contact point when the code was sent; a code proves nothing of a later value.
        digest: a keyed hash of the code, 32 bytes.
        tries: how often something was offered as the code.
    """

    customer_id: UUID = fields.UUIDField(db_index=True)
    contact_point_id: UUID = fields.UUIDField(db_index=True)
    point_revision = fields.IntField()
    digest = fields.BinaryField()
    tries = fields.IntField(default=0)
    sent_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)
