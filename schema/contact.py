"""How a customer can be reached."""

from datetime import datetime

import strawberry

from schema.enums import ContactKind
from schema.node import Guarded
from schema.personal import PROVENANCE, Provenance
from schema.released import Released
from schema.released import value as kept
from schema.shape import recorded


@recorded
@strawberry.type(description="One way to reach a customer.")
class ContactPoint(Released, Guarded):
    """The category `contact`."""

    kind: ContactKind | None = kept("By what means it reaches the customer.")
    value: str | None = kept("An e-mail address or a telephone number.")
    verified_at: datetime | None = kept("When the customer was last reached by it to check it.")
    provenance: Provenance | None = kept(PROVENANCE)
