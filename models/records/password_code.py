"""A code to set a password by, as it was sent to whoever is to sign in."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.fields import ForeignKeyNullableRelation

from models.base import Record, may_refer_to
from models.records.account import Account
from models.records.customer import Customer


class PasswordCode(Record, table="password_codes", governed=True):
    """One code: good once, until it expires, or another one for the same person was used.

    Attributes:
        customer_id: who is to sign in; none for an employee.
        account_id: the employee's account; none for a customer, who may have none yet.
        contact_point_id: where it was sent; no foreign key, the contact point may be erased.
        point_revision: of the contact point when it was sent; a code proves nothing of a later value.
        digest: a keyed hash of the code and of whom it is for, 32 bytes.
        begun_by_id: the account of the employee who had it sent; none where the person asked for it.
    """

    customer: ForeignKeyNullableRelation[Customer] = may_refer_to(Customer, "password_codes", fields.CASCADE)
    customer_id: UUID | None
    account: ForeignKeyNullableRelation[Account] = may_refer_to(Account, "password_codes", fields.CASCADE)
    account_id: UUID | None
    contact_point_id: UUID | None = fields.UUIDField(null=True)
    point_revision: int | None = fields.IntField(null=True)
    digest = fields.BinaryField()
    begun_by_id: UUID | None = fields.UUIDField(null=True)
    sent_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)
