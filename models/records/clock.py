"""What is known of the time, and where the clock was doubted."""

from datetime import datetime
from uuid import UUID

from tortoise import Model, fields

from models.base import Choice, Number, OneOf, Record, Table, may_refer_to
from models.records.account import Account


class DoubtKind(Choice):
    """In which way the clock is doubted."""

    AHEAD = "AHEAD", "The clock is more than 30 days ahead of the time that can be accounted for."
    BEHIND = "BEHIND", "The clock is more than an hour behind the last known time."
    MANY = "MANY", "An unusual share of all things of one kind would end at once."


class ClockReading(Model, metaclass=Table, table="clock_readings"):
    """What is known of the time; one row, of id 1.

    Attributes:
        latest_at: the latest time that a clock showed and that was believed; no decision takes an earlier one.
        proven_at: the time that can be accounted for; things are destroyed by it.
        confirmed_at: what the clock showed when somebody last confirmed it; what had fallen due by then was seen.
        count: how often `proven_at` was moved on: a process that finds the same count as before was the only one.
    """

    id = Number()
    latest_at: datetime = fields.DatetimeField()
    proven_at: datetime = fields.DatetimeField()
    confirmed_at: datetime | None = fields.DatetimeField(null=True)
    count = fields.BigIntField(default=0)

    @classmethod
    async def accounted(cls, at: datetime) -> datetime:
        """An instant, or the time that can be accounted for where that is earlier: what is over by then is surely over."""
        reading = await cls.get_or_none(id=1)
        return at if reading is None else min(at, reading.proven_at)


class ClockDoubt(Record, table="clock_doubts"):
    """A doubt of the clock. While it stands, nothing is ended by time; only somebody who has looked ends it.

    Attributes:
        ending: the kind of thing of which too many would end, such as `consents`; empty where the time is doubted.
        latest_at: the last known time; of a clock that is ahead, the last that can be accounted for.
        clock_at: what the clock showed.
        due, standing: how many things would have ended, of how many; 0 where the time is doubted.
    """

    kind = OneOf(DoubtKind)
    ending = fields.CharField(max_length=40, default="")
    latest_at: datetime = fields.DatetimeField()
    clock_at: datetime = fields.DatetimeField()
    due = fields.IntField(default=0)
    standing = fields.IntField(default=0)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    ended_by = may_refer_to(Account, "ended_doubts")
    ended_by_id: UUID | None
