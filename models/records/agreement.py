"""What a partner has bound itself to, and so what it may see."""

from uuid import UUID

from tortoise import fields
from tortoise.fields import ReverseRelation

from models.base import Category, OneOf, Record, refers_to
from models.records.partner import Partner
from models.vocabulary import Purpose, word_of


class Agreement(Record, table="agreements", governed=True):
    """An agreement with a partner: in force once signed, from `from_at` until `until_at`."""

    partner = refers_to(Partner, "agreements")
    partner_id: UUID
    signed = fields.BooleanField(default=False)
    signed_at = fields.DatetimeField(null=True)
    from_at = fields.DatetimeField()
    until_at = fields.DatetimeField()
    created_at = fields.DatetimeField()

    terms: ReverseRelation["AgreementTerm"]


class AgreementTerm(
    Record,
    table="agreement_terms",
    governed=True,
    unique_together=(("agreement", "purpose", "category", "field"),),
):
    """One permission of an agreement: a purpose, a category and one field of it."""

    agreement = refers_to(Agreement, "terms", fields.CASCADE)
    agreement_id: UUID
    purpose = word_of(Purpose)
    category = OneOf(Category)
    field = fields.CharField(max_length=60, description="the GraphQL name of the field")
