"""Subcontractors, and the clients by which they call us."""

from uuid import UUID

from tortoise import fields
from tortoise.fields import OneToOneRelation

from models.base import Record, refers_to
from models.records.account import Account


class Partner(Record, table="partners", governed=True):
    """A subcontractor."""

    name = fields.CharField(max_length=200, unique=True)
    active = fields.BooleanField(default=True)
    #: From where its clients come, in CIDR notation, separated by blanks; empty where it has told no networks.
    networks = fields.CharField(max_length=1000, default="", db_default="")
    created_at = fields.DatetimeField()


class PartnerClient(Record, table="partner_clients", governed=True):
    """A partner's program; signs in as, and carries tasks as, its actor."""

    actor: OneToOneRelation[Account] = fields.OneToOneField(
        "models.Account", "partner_client", fields.RESTRICT
    )
    actor_id: UUID
    partner = refers_to(Partner, "clients")
    partner_id: UUID
    name = fields.CharField(max_length=200)
