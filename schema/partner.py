"""Subcontractors."""

import strawberry

from schema.reading import Guarded, Released, one, recorded, value


@recorded
@strawberry.type(description="A subcontractor.")
class Partner(Released, Guarded):
    """A partner."""

    name: str | None = value("Its name.")
    active: bool | None = value("Whether we work with it.")


@recorded
@strawberry.type(description="A program by which a subcontractor calls us.")
class PartnerClient(Released, Guarded):
    """A partner's client."""

    name: str | None = value("The client's name.")
    partner: Partner | None = one("Partner", "Whose client it is.", here="partner_id")
