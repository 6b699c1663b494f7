"""Under which keys other systems know customers."""

from __future__ import annotations

from schema.reading import Guarded, Released, recorded, value


@recorded
class OutsideKey(Released, Guarded):
    """The key under which another system, from which data were imported, knows a customer."""

    source: str | None = value("The name of the other system, as the import was given it.")
    known_as: str | None = value("The customer's key there.", of="key", name="key")
