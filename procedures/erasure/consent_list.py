"""The list of consents that were refused or have ended, outside of the databases, so that no restored backup revives one.

What is erased with a consent has a list of its own (`procedures.erasure.erasure`). Here is also what erases nothing: a
request that is refused, a consent that ends while another one keeps the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from models import Category, Consent, ConsentState, Customer, Notice, Purpose
from procedures.erasure import erasure_list

#: The states in which a consent is none any more, or never was one.
ENDED: Final = frozenset(
    {
        ConsentState.REFUSED,
        ConsentState.WITHDRAWN,
        ConsentState.REVOKED,
        ConsentState.INVALIDATED,
        ConsentState.EXPIRED,
    }
)


@dataclass(frozen=True, slots=True)
class Line(erasure_list.Line):
    """One line: a consent, by its id, and the state that it came to at that instant."""

    LIST = "consents"

    category: Category
    purpose: Purpose
    notice_id: UUID
    expires_at: datetime
    state: ConsentState


async def append(consents: Sequence[Consent], at: datetime) -> None:
    """Write those of them to the list that have ended, at that instant."""
    ended = [_line(consent, at) for consent in consents if consent.state in ENDED]
    if ended:
        erasure_list.append(*ended)


async def finish() -> None:
    """Add to the list what a process that was killed has not."""
    listed = {(line.id, line.state) for line in erasure_list.read(Line)}
    # Nearly always none is lacking, and there may be very many: they are told apart by these two alone.
    ended = await Consent.filter(state__in=ENDED).values_list("id", "state")
    lacking = [id for id, state in ended if (id, state) not in listed]
    if lacking:
        consents = await Consent.filter(id__in=lacking).order_by("created_at", "id")
        erasure_list.append(*[_line(each, each.created_at) for each in consents])


async def missing() -> list[Line]:
    """The consents that the list has and the database does not know to have ended: a backup was restored."""
    lines = sorted(erasure_list.read(Line), key=lambda line: line.at)
    known = set(await Consent.filter(state__in=ENDED).values_list("id", flat=True))
    return [line for line in lines if line.id not in known and await is_needed(line)]


async def is_needed(line: Line) -> bool:
    """Whether there is somebody whom it concerns, and nothing that says the same."""
    if not await Customer.exists(id=line.customer_id):
        return False
    if await Consent.exists(id=line.id):
        return not await Consent.exists(id=line.id, state__in=ENDED)
    alike = Consent.filter(customer_id=line.customer_id, category=line.category, purpose=line.purpose)
    return not await alike.filter(state__in=ENDED).exists() and await Notice.exists(id=line.notice_id)


def _line(consent: Consent, at: datetime) -> Line:
    return Line(
        consent.id, consent.customer_id, at, consent.category, consent.purpose, consent.notice_id,
        consent.expires_at, consent.state,
    )  # fmt: skip
