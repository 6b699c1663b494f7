"""Who a customer is."""

import strawberry

from schema.node import Guarded
from schema.personal import PROVENANCE, Provenance
from schema.released import Released, value
from schema.shape import recorded


@recorded
@strawberry.type(description="Who a customer is.")
class Identity(Released, Guarded):
    """The category `identity`."""

    given_name: str | None = value("Given names, as the customer writes them.")
    family_name: str | None = value("Family names, as the customer writes them.")
    company_name: str | None = value("The company the customer speaks for.")
    provenance: Provenance | None = value(PROVENANCE)
