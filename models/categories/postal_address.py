"""Postal addresses."""

from models.base import Choice
from models.declaration import Given, Personal, plain, sealed
from models.values import RowEmpty, as_it_stands, checks, named


class AddressKind(Choice):
    """What an address is used for."""

    HOME = "HOME", "Where the customer lives."
    BILLING = "BILLING", "Where invoices are sent."
    DELIVERY = "DELIVERY", "Where orders are delivered."


class PostalAddress(
    Personal,
    table="postal_addresses",
    written_by_customers=True,
    in_intake=True,
    term="pd:PhysicalAddress",
    words={"lt": "adresas"},
):
    """A postal address of a customer."""

    kind: AddressKind = plain("What the address is used for.")
    street: str | None = sealed("The street and house number.", named(200), imported=as_it_stands)
    city: str | None = sealed("The city.", named(200), imported=as_it_stands)
    region: str | None = sealed("The state, province or region.", named(200), imported=as_it_stands)
    postal_code: str | None = sealed("The postal code.", checks.postal_code, imported=as_it_stands)
    country: str | None = sealed(
        "The country, as a code of two letters such as LT; an imported address keeps what was written.",
        checks.country,
        imported=as_it_stands,
    )

    @classmethod
    def judge(cls, given: Given) -> None:
        """Refuse an address without a street or a place; an imported one may have any part of it."""
        sufficient = ("street", "city", "region", *(("postal_code", "country") if given.imported else ()))
        if not any(given.row.get(name) for name in sufficient):
            raise RowEmpty("An address needs a street or a place.", given.at("street"))
