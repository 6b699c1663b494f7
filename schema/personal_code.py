"""The number by which a state knows a person."""

import strawberry

from schema.reading import PROVENANCE, Guarded, Provenance, Released, recorded, value


@recorded
@strawberry.type(description="The number by which a state knows a customer.")
class PersonalCode(Released, Guarded):
    """The category `personal_code`."""

    code: str | None = value("The code, as the customer writes it.")
    country: str | None = value("The country that gave it, by its code of two letters.")
    provenance: Provenance | None = value(PROVENANCE)
