"""Subcontractors."""

from schema.reading import Guarded, Released, one, recorded, value


@recorded
class Partner(Released, Guarded):
    """A partner: a subcontractor that processes data for the company."""

    name: str | None = value("The partner's name.")
    active: bool | None = value("Whether the company works with it at present.")


@recorded
class PartnerClient(Released, Guarded):
    """A program by which a partner uses this API."""

    name: str | None = value("The client's name.")
    partner: Partner | None = one("The partner.")
