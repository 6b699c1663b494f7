"""The text that a customer is shown before consenting."""

from tortoise import fields

from models.base import Record
from models.vocabulary import Purpose, word_of


class Notice(Record, table="notices", governed=True, unique_together=(("purpose", "language", "version"),)):
    """A privacy notice: one text for one purpose in one language and version, never edited.

    `digest` is the SHA-256 of the text in hexadecimal.
    """

    purpose = word_of(Purpose)
    language = fields.CharField(max_length=10)
    version = fields.CharField(max_length=20)
    text = fields.TextField()
    digest = fields.CharField(max_length=64)
    created_at = fields.DatetimeField()
