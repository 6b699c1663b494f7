"""The account of an assignee, found by the employee or the partner client."""

from uuid import UUID

from models import Employee, PartnerClient
from procedures.errors import NotFound

KINDS: dict[str, type[Employee] | type[PartnerClient]] = {
    "Employee": Employee,
    "PartnerClient": PartnerClient,
}


async def account_of(record: str, id: UUID) -> UUID:
    """The id of the account of an employee or a partner's client.

    Raises:
        NotFound: there is no such assignee.
    """
    model = KINDS.get(record)
    assignee = await model.get_or_none(id=id) if model else None
    if assignee is None:
        raise NotFound("assignee", "assigneeId")
    return assignee.actor_id
