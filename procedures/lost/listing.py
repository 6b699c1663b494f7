"""What was lost with a restored backup and nobody could repeat, for whoever must act; people end it, or say it anew.

Nothing here is personal: what kind of word, whose number, when it was said, and by when it is to be answered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from models import Customer, CustomerStatus
from models.database import transaction
from models.event import Event
from policies.actor import Actor
from policies.policy import in_force
from procedures import officers
from procedures.access import user
from procedures.consent import suspension
from procedures.errors import NotFound
from procedures.ledger import Word, record, words
from procedures.sending import Mail
from procedures.work import months_after

#: The name of the job.
JOB: Final = "lost words"

_SUBJECT: Final = "Savas: a restored backup lost what people asked for"
_TEXT: Final = """A backup was restored, and what people asked for since it was made is lost with the database.

The operator lists it: ./savas vault lost. It says whose it is and by when it is to be answered: docs/restore.md.
"""


@dataclass(frozen=True)
class Lost:
    """A word that is lost.

    Attributes:
        subject: 16 hexadecimal digits that name it.
        event: what it was.
        number: of the customer; None where it is about none, or about one whom the backup does not know.
        at: when it was said.
        due_at: by when it is to be answered.
    """

    subject: str
    event: Event
    number: str | None
    at: datetime
    due_at: datetime


async def listed() -> list[Lost]:
    """What is lost and not settled, the first due first; nothing of customers who have left."""
    said = await words.read()
    first = {word.subject: word for word in said if word.event not in _ABOUT_LOST}
    customers = {word.customer_id for word in first.values()}
    known = {row.id: row for row in await Customer.filter(id__in=[id for id in customers if id])}
    left = {id for id, row in known.items() if row.status is not CustomerStatus.ACTIVE}
    open_ = [first[subject] for subject in _open(said) if subject in first]
    return sorted(
        (
            Lost(word.subject, word.event, _number(word, known), word.at, _due(word))
            for word in open_
            if word.customer_id not in left
        ),
        key=lambda each: (each.due_at, each.subject),
    )


async def settle(subject: str, login: str) -> None:
    """Note that somebody has seen to what was lost.

    Args:
        subject: which.
        login: whose word it is.

    Raises:
        NotFound: nothing of the kind is listed, or nobody has this login.
    """
    account_id = await user.account_id(login)
    if subject not in {each.subject for each in await listed()}:
        raise NotFound("lost word", "word")
    async with transaction():
        record(Event.WORD_SETTLED, None, subject=subject, actor=account_id)


async def tell() -> None:
    """Mail privacy officers that something is listed, once after each backup that was restored.

    Raises:
        MailError: the server does not take a mail; all are sent again then.
    """
    said = [word for word in await words.read() if word.known and word.event in _TOLD]
    if said and said[-1].event is Event.WORD_LOST:
        mail = f"lost-{said[-1].number}"
        count = await officers.mail_all(
            _is_told, lambda address: Mail(address, _SUBJECT, _TEXT, id=f"{mail}.{address}")
        )
        if count:
            async with transaction():
                record(Event.WORD_NOTIFIED, None, officers=count)


_ABOUT_LOST: Final = (Event.WORD_LOST, Event.WORD_SETTLED)
_TOLD: Final = (Event.WORD_LOST, Event.WORD_NOTIFIED)


def _open(said: list[Word]) -> Iterator[str]:
    """The subjects of which the last word that the ledger has says that one is lost."""
    last = {word.subject: word for word in said if word.known}
    yield from (subject for subject, word in last.items() if word.event is Event.WORD_LOST)


def _number(word: Word, known: dict[UUID, Customer]) -> str | None:
    return known[word.customer_id].number if word.customer_id in known else None


def _due(word: Word) -> datetime:
    """The day that the customer was told; else a month after it was said (GDPR, Art. 12(3))."""
    due = (word.row or {}).get("due_at")
    return datetime.fromisoformat(due) if due else months_after(word.at, suspension.TERM)


def _is_told(actor: Actor) -> bool:
    return not in_force().plan(actor, "AccessChange").grant("notifiedAt").never
