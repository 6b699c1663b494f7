"""What else is erased with a category of a customer's data, or with everything of a customer.

Withdrawing a consent, its expiry, leaving and repeating either on a restored backup all call `erase`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from models import PERSONAL, Category, Dictation, ObligationKind
from policies.actor import Actor
from procedures import export
from procedures.erasure import held_rows, obligation
from procedures.erasure.held_rows import Removed
from procedures.message import outbox
from procedures.suppression import found_by
from procedures.task import request_task


@dataclass(frozen=True)
class Scope:
    """What is erased, when and by whom.

    Attributes:
        customer_id: whose data.
        category: which of them; None means everything, because the customer leaves.
        at: the instant, by which legal holds are judged.
        by: who calls for it; None for the system itself.
    """

    customer_id: UUID
    category: Category | None
    at: datetime
    by: Actor | None

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories that are erased."""
        return tuple(PERSONAL) if self.category is None else (self.category,)


async def _found_by(scope: Scope) -> None:
    """Keep hashes of what the customer was found by; of who leaves, others are kept (`procedures.suppression.departed`)."""
    if scope.category is not None:
        await found_by.remember_category(scope.customer_id, scope.category)


async def _archive(scope: Scope) -> None:
    """Discard the export archive, which is a copy of what is erased."""
    await export.discard(scope.customer_id, by=scope.by)


async def _requests(scope: Scope) -> None:
    for category in scope.categories:
        await request_task.forget(scope.customer_id, category, by=scope.by)


async def _dictations(scope: Scope) -> None:
    """Erase what others wrote on the customer's word, and what was there before."""
    await Dictation.filter(customer_id=scope.customer_id, category__in=scope.categories).delete()


async def _messages(scope: Scope) -> None:
    """Erase what messages say, which includes the address that they go to."""
    if Category.CONTACT_POINT in scope.categories:
        await outbox.forget(scope.customer_id, by=scope.by)


async def _partners(scope: Scope) -> None:
    if scope.category is None:
        await obligation.impose(scope.customer_id, scope.at)
    else:
        await obligation.oblige(scope.customer_id, scope.category, ObligationKind.ERASE, scope.at)


#: Each works within the transaction under way, while the rows are still there; what keeps anything made of personal data has a line here.
SUBSCRIBERS: Final[tuple[Callable[[Scope], Awaitable[None]], ...]] = (
    _found_by,
    _archive,
    _requests,
    _dictations,
    _messages,
    _partners,
)


async def erase(scope: Scope) -> dict[Category, Removed]:
    """Erase what is in scope with everything made of it, in the transaction under way; row counts by category."""
    for subscriber in SUBSCRIBERS:
        await subscriber(scope)
    return {
        category: await held_rows.erase(scope.customer_id, category, scope.at, by=scope.by)
        for category in scope.categories
    }
