"""Look-ups at the front desk: who made them, and by what kind of value."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Choice, OneOf, Record


class LookupWay(Choice):
    """What somebody was looked up by who does not know their customer number."""

    EMAIL = "EMAIL", "By an e-mail address."
    PHONE = "PHONE", "By a telephone number."
    PERSONAL_CODE = "PERSONAL_CODE", "By a national identification number."
    NAME_AND_BIRTH_DATE = (
        "NAME_AND_BIRTH_DATE",
        "By both names and the birth date that a personal code holds.",
    )
    NAME_AND_ADDRESS = "NAME_AND_ADDRESS", "By both names and a postal address."


class DeskLookup(Record, table="desk_lookups", governed=True, indexes=(("actor_id", "at"), ("at",))):
    """One look-up at the desk, with nothing of what was looked for.

    Attributes:
        actor_id: the account that asked; no foreign key.
        found: how many customers it was told of.
        counted: how much it counts against what the account may look up in a day.
        alarm: whether with this one the account had looked up conspicuously much.
    """

    actor_id: UUID = fields.UUIDField()
    at: datetime = fields.DatetimeField()
    way = OneOf(LookupWay)
    found = fields.IntField()
    counted = fields.IntField()
    alarm = fields.BooleanField(default=False)
    notified_at: datetime | None = fields.DatetimeField(
        null=True, description="to the privacy officers, by mail"
    )
