"""A signed-in actor."""

from uuid import UUID

from tortoise import fields

from models.base import Choice, OneOf, Record, refers_to
from models.records.account import Account


class UserAgent(Choice):
    """What somebody signed in with, as it calls itself."""

    CHROME = "CHROME", "Chrome, or a browser made of it."
    EDGE = "EDGE", "Edge."
    FIREFOX = "FIREFOX", "Firefox."
    SAFARI = "SAFARI", "Safari."
    OTHER_BROWSER = "OTHER_BROWSER", "Another browser."
    PROGRAM = "PROGRAM", "No browser."


class Session(Record, table="sessions", governed=True):
    """A bearer token, kept only as its SHA-256: 32 bytes, so that the table opens no door.

    Attributes:
        last_seen_at: when it was last used, or some minutes before.
        place: a keyed hash of the network address from which it was begun.
        new_place: whether the actor's earlier sessions on record were begun elsewhere.
    """

    actor = refers_to(Account, "sessions", fields.CASCADE)
    actor_id: UUID
    token_hash = fields.BinaryField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    confirmed_until = fields.DatetimeField(null=True, description="by the password once more")
    last_seen_at = fields.DatetimeField(null=True)
    agent = OneOf(UserAgent, null=True)
    place = fields.BinaryField(null=True)
    new_place = fields.BooleanField(default=False, db_default=False)
