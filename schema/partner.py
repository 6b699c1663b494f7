"""Subcontractors."""

import strawberry

from schema.reading import Guarded, Released, one, recorded, value


@recorded
@strawberry.type(description="A partner: a subcontractor that processes data for the company.")
class Partner(Released, Guarded):
    """A partner."""

    name: str | None = value("The partner's name.")
    active: bool | None = value("Whether the company works with it at present.")


@recorded
@strawberry.type(description="A program by which a partner uses this API.")
class PartnerClient(Released, Guarded):
    """A partner's client."""

    name: str | None = value("The client's name.")
    partner: Partner | None = one("Partner", "The partner.", here="partner_id")
