"""Subcontractors, and the clients by which they call us."""

from uuid import UUID

from tortoise import fields
from tortoise.fields import ForeignKeyRelation, OneToOneRelation

from models.base import Record
from models.records.account import Account


class Partner(Record):
    """A subcontractor."""

    name = fields.CharField(max_length=200, unique=True)
    active = fields.BooleanField(default=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "partners"


class PartnerClient(Record):
    """A partner's program; signs in as, and carries tasks as, its actor."""

    actor: OneToOneRelation[Account] = fields.OneToOneField(
        "models.Account", related_name="partner_client", on_delete=fields.RESTRICT
    )
    actor_id: UUID
    partner: ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "models.Partner", related_name="clients", db_index=True, on_delete=fields.RESTRICT
    )
    partner_id: UUID
    name = fields.CharField(max_length=200)

    class Meta:
        table = "partner_clients"
