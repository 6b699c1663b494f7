"""What was said between a customer and us."""

from datetime import datetime

import strawberry

from schema.enums import InteractionChannel
from schema.reading import PROVENANCE, Guarded, Provenance, Released, recorded, value


@recorded
@strawberry.type(description="One note, call, e-mail or meeting about a customer.")
class Interaction(Released, Guarded):
    """The category `interaction`."""

    channel: InteractionChannel | None = value("How it took place.")
    occurred_at: datetime | None = value("When it took place.")
    subject: str | None = value("What it was about, in a line.")
    body: str | None = value("What was said.")
    provenance: Provenance | None = value(PROVENANCE)
