"""Who a customer is."""

from dataclasses import dataclass
from typing import ClassVar

from models.base import Category
from models.records.fields import BlindIndex, Content, folded
from models.records.personal import Personal


@dataclass(frozen=True, slots=True)
class IdentityContent:
    """Names as the customer writes them, and the company the customer speaks for, if any."""

    given_name: str | None = None
    family_name: str | None = None
    company_name: str | None = None
    company_id: str | None = None


class Identity(Personal):
    """Who a customer is: at most one row a customer."""

    category: ClassVar[Category] = Category.IDENTITY

    content = Content(IdentityContent)
    given_name_index = BlindIndex(folded, "given_name")
    family_name_index = BlindIndex(folded, "family_name")

    class Meta:
        table = "identities"
        unique_together = (("customer",),)
