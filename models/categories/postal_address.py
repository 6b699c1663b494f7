"""Where a customer receives things."""

from models.base import Choice
from models.declaration import Given, Personal, plain, sealed
from models.values import RowEmpty, as_it_stands, checks, named


class AddressKind(Choice):
    """What an address is for."""

    HOME = "HOME", "Where the customer lives."
    BILLING = "BILLING", "Where invoices go."
    DELIVERY = "DELIVERY", "Where deliveries go."


class PostalAddress(
    Personal,
    table="postal_addresses",
    written_by_customers=True,
    in_intake=True,
    term="pd:PhysicalAddress",
    words={"lt": "adresas"},
):
    """A postal address of a customer."""

    kind: AddressKind = plain("What the address is for.")
    street: str | None = sealed("Street and house.", named(200), imported=as_it_stands)
    city: str | None = sealed("City.", named(200), imported=as_it_stands)
    region: str | None = sealed("State, province or region.", named(200), imported=as_it_stands)
    postal_code: str | None = sealed("Postal code.", checks.postal_code, imported=as_it_stands)
    country: str | None = sealed(
        "Country, by its two letters; what came from other records stays as it was written there.",
        checks.country,
        imported=as_it_stands,
    )

    @classmethod
    def judge(cls, given: Given) -> None:
        """A street or a place is there; in other records, anything."""
        asked = ("street", "city", "region", *(("postal_code", "country") if given.imported else ()))
        if not any(given.row.get(name) for name in asked):
            raise RowEmpty("An address needs a street or a place.", given.at("street"))
