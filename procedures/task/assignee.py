"""Whoever can carry a task, found by the record that people know them by."""

from uuid import UUID

from models import Employee, PartnerClient
from procedures.errors import NotFound

KINDS: dict[str, type[Employee] | type[PartnerClient]] = {
    "Employee": Employee,
    "PartnerClient": PartnerClient,
}


async def account_of(record: str, id: UUID) -> UUID:
    """The actor behind an employee or a partner's client.

    Raises:
        NotFound: there is no such assignee.
    """
    model = KINDS.get(record)
    found = await model.get_or_none(id=id) if model else None
    if found is None:
        raise NotFound("assignee", "assigneeId")
    return found.actor_id
