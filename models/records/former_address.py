"""What a customer was found by, and is not any more."""

from uuid import UUID

from tortoise import fields

from models.base import Record


class FormerAddress(Record, table="former_addresses", indexes=(("digest",),)):
    """An address or personal code that was erased, removed or changed here, as a keyed hash of 32 bytes.

    An import recognises the customer by it, so that what the customer has said keeps concerning the same person.

    Attributes:
        imports_only: it was rather another customer's, whom no wish of this one concerns.
    """

    customer_id: UUID = fields.UUIDField(db_index=True)
    digest = fields.BinaryField()
    imports_only = fields.BooleanField(default=False, db_default=False)
