"""Whoever can sign in: an employee, a customer, or a partner's client."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.fields import OneToOneNullableRelation

from models.base import OneOf, Record
from models.records.customer import Customer


class AccountKind(StrEnum):
    """The kinds of actor; each kind has policy rules of its own."""

    EMPLOYEE = "EMPLOYEE"
    CUSTOMER = "CUSTOMER"
    PARTNER_CLIENT = "PARTNER_CLIENT"


class Account(Record, table="accounts", governed=True):
    """One who can sign in and, unless a customer, carry tasks.

    `login` is an employee's work address, a customer's number or a partner client's name: never a
    customer's own e-mail address. `password_hash` is argon2id in its encoded form.
    """

    kind = OneOf(AccountKind)
    login = fields.CharField(max_length=200, unique=True)
    password_hash = fields.CharField(max_length=200, null=True)
    active = fields.BooleanField(default=True)
    customer: OneToOneNullableRelation[Customer] = fields.OneToOneField(
        "models.Customer", "actor", fields.CASCADE, null=True
    )
    customer_id: UUID | None
    created_at = fields.DatetimeField()
