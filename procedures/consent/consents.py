"""Several consents at once: all to a category, or all for a purpose, withdrawn by one word.

What becomes of each is what `procedures.consent.transition` makes of it.
"""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from tortoise.queryset import QuerySet

from models import PERSONAL, Category, Consent, Purpose
from models.database import transaction
from models.errors import Unfit
from policies.actor import Actor
from policies.decide import require
from procedures import erasure
from procedures.consent.states import Action
from procedures.consent.transition import Ended, change, end, locked, longest
from procedures.erasure import held_rows

Counts = Counter[Category]


@dataclass(frozen=True)
class Which:
    """The consents to a category for whatever purpose, or those for a purpose to whatever category.

    Raises:
        Unfit: neither is named, or both are.
    """

    category: Category | None = None
    purpose: Purpose | None = None

    def __post_init__(self) -> None:
        if (self.category is None) is (self.purpose is None):
            raise Unfit("Name a category or a purpose, and not both.", "category")

    def standing(self, customer_id: UUID) -> QuerySet[Consent]:
        """Those of a customer's that permit."""
        named = {"category": self.category} if self.category else {"purpose": self.purpose}
        return Consent.filter(customer_id=customer_id, permits=True, **named).order_by("id")


@dataclass(frozen=True)
class Withdrawn:
    """The consents that were withdrawn; how many rows of which category went, stay under others, are held back by law."""

    consents: list[Consent]
    erased: Counts
    kept: Counts
    held: Counts = field(default_factory=Counts)


async def withdraw(customer_id: UUID, which: Which, *, by: Actor) -> Withdrawn:
    """Withdraw all of them, and erase each category to which none is left; where none stands, nothing happens.

    Raises:
        Refused: the actor may not withdraw consents of this customer.
        NotFound: the customer has left.
    """
    async with transaction():
        await require(by, "withdraw_consents", "Customer", customer_id)
        await locked(customer_id)
        # A row being written under one of them is waited for.
        words = await which.standing(customer_id).select_for_update(no_key=True)
        if which.category is not None:
            ends = await _closed(words, which.category, by)
        else:
            ends = [await end(word, Action.WITHDRAW, by, by.now) for word in words]
    erased, kept, back = Counts(), Counts(), Counts()
    for each in ends:
        erased[each.consent.category] += each.erased_rows
        kept[each.consent.category] += each.kept_rows
        back[each.consent.category] += each.held_rows
    # A plus leaves out what there is none of.
    return Withdrawn([each.consent for each in ends], +erased, +kept, +back)


async def preview(customer_id: UUID, which: Which, *, by: Actor) -> Withdrawn:
    """The consents that `withdraw` would end, and what would become of which rows; changes nothing.

    Raises:
        Refused: the actor is not the customer.
    """
    await require(by, "preview_withdrawal", "Customer", customer_id)
    words = await which.standing(customer_id)
    erased, kept, back = Counts(), Counts(), Counts()
    for word in words:
        rows = PERSONAL[word.category].filter(customer_id=customer_id)
        if which.category is None and await longest(customer_id, word.category, by.now, but=word.id):
            kept[word.category] = await rows.filter(consent_id=word.id).count()
        else:
            hold = await held_rows.over(customer_id, word.category, by.now)
            (back if hold else erased)[word.category] = await rows.count()
    return Withdrawn(words, +erased, +kept, +back)


async def _closed(words: list[Consent], category: Category, by: Actor) -> list[Ended]:
    """Erase a category once, and end every consent to it: nothing passes from one to the next."""
    if not words:
        return []
    taken = await erasure.begin(words[0].customer_id, category, by=by, at=by.now)
    first, *others = [await change(word, Action.WITHDRAW, by, by.now) for word in words]
    return [Ended(first, taken.erased, held_rows=taken.held), *(Ended(word) for word in others)]
