"""Privacy officers are told by mail who was given what, where there is a mail server."""

from datetime import datetime
from uuid import UUID

from models import AccessChange, AccessChangeKind, Role
from models.database import after_commit, transaction
from models.event import Event
from policies.actor import Actor, utc_now
from policies.policy import in_force
from procedures import officers
from procedures.ledger import record
from procedures.sending import Mail
from procedures.worker import ring

#: The name of the job.
JOB = "access changes"

_SUBJECT = "Savas: {kind}"
_TEXT = """{description}{role}

Ask for `accessChanges` to see who changed it, and of whom: docs/privacy-officer.md.
"""


async def changed(
    kind: AccessChangeKind, account_id: UUID, by: Actor | None, at: datetime, role: Role | None = None
) -> None:
    """Keep that something was changed of who may do what, in the transaction under way, and wake the job that tells of it."""
    by_id = by.actor_id if by else None
    await AccessChange.create(kind=kind, account_id=account_id, role=role, by_id=by_id, at=at)
    after_commit(_ring)


async def _ring() -> None:
    await ring(JOB)


async def tell() -> None:
    """Mail each change that nobody was told of yet to whoever may see it.

    Raises:
        MailError: the server does not take a mail; all of them about that change are sent again then.
    """
    waiting = AccessChange.filter(notified_at=None).order_by("at", "id")
    await officers.mail_each(waiting, _is_told, _mail, _mark)


async def _mark(change: AccessChange, count: int) -> None:
    async with transaction():
        await AccessChange.filter(id=change.id).update(notified_at=utc_now())
        record(Event.ACCESS_CHANGE_NOTIFIED, None, change=change.id, officers=count)


def _is_told(actor: Actor) -> bool:
    return not in_force().plan(actor, "AccessChange").grant("notifiedAt").never


def _mail(change: AccessChange, address: str) -> Mail:
    role = f" The role: {change.role.value}." if change.role else ""
    words = change.kind.value.lower().replace("_", " ")
    text = _TEXT.format(description=change.kind.description, role=role)
    return Mail(address, _SUBJECT.format(kind=words), text, id=f"{change.id}.{address}")
