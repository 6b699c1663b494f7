"""What a customer wants to hear about."""

import strawberry

from schema.enums import ContactChannel
from schema.node import Guarded
from schema.personal import PROVENANCE, Provenance
from schema.released import Released, value
from schema.shape import recorded


@recorded
@strawberry.type(description="One wish of a customer; without a wish there is silence.")
class Preference(Released, Guarded):
    """The category `preference`."""

    channel: ContactChannel | None = value("By which channel.")
    topic: str | None = value("About what.")
    monthly_limit: int | None = value("How many messages a month at most.")
    hours: str | None = value("At what hours of the day, e.g. 09:00-17:00.")
    provenance: Provenance | None = value(PROVENANCE)
