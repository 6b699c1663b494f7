"""Where a customer lives or receives things."""

import strawberry

from schema.enums import AddressKind
from schema.node import Guarded
from schema.personal import PROVENANCE, Provenance
from schema.released import Released, value
from schema.shape import recorded


@recorded
@strawberry.type(description="A postal address of a customer.")
class PostalAddress(Released, Guarded):
    """The category `address`."""

    kind: AddressKind | None = value("What the address is for.")
    street: str | None = value("Street and house.")
    city: str | None = value("City.")
    region: str | None = value("State, province or region.")
    postal_code: str | None = value("Postal code.")
    country: str | None = value("Country, as the customer writes it.")
    provenance: Provenance | None = value(PROVENANCE)
