"""Withdrawing several consents at once: all to a category, or all for a purpose."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from tortoise.queryset import QuerySet

from models import PERSONAL, Category, Consent, Instruction, InstructionKind, Purpose
from models.database import transaction
from models.errors import Unfit
from policies.actor import Actor
from policies.decide import may, require
from procedures import erasure
from procedures.consent import suspension
from procedures.consent.states import Action
from procedures.consent.suspension import Wanted
from procedures.consent.transition import Ended, change, end, locked, settle, successor
from procedures.erasure import held_rows

Counts = Counter[Category]


@dataclass(frozen=True)
class ConsentFilter:
    """Selects the consents to a category for every purpose, or those for a purpose to every category.

    Raises:
        Unfit: neither is named, or both are.
    """

    category: Category | None = None
    purpose: Purpose | None = None

    def __post_init__(self) -> None:
        if (self.category is None) is (self.purpose is None):
            raise Unfit("Name a category or a purpose, and not both.", "category")

    def permitting(self, customer_id: UUID) -> QuerySet[Consent]:
        """The consents of a customer that it selects and that permit."""
        column = {"category": self.category} if self.category else {"purpose": self.purpose}
        return Consent.filter(customer_id=customer_id, permits=True, **column).order_by("id")


@dataclass(frozen=True)
class Withdrawn:
    """The consents that were withdrawn; by category, how many rows are erased, stay under other consents, are held back.

    With an `instruction` none is withdrawn yet: a second person decides about it.
    """

    consents: list[Consent]
    erased: Counts
    kept: Counts
    held: Counts = field(default_factory=Counts)
    instruction: Instruction | None = None


async def withdraw(
    customer_id: UUID, filter: ConsentFilter, *, by: Actor, evidence: str | None = None
) -> Withdrawn:
    """Withdraw all that are selected, and erase each category to which no consent is left.

    What others than the customer say is recorded with its evidence, and suspends the consents until a second person
    has decided.

    Raises:
        Refused: the actor may not withdraw consents of this customer, or not record that.
        NotFound: the customer has left.
        Unfit: somebody else than the customer says so, without evidence.
        NotGiven: somebody else says so, and none is in force.
    """
    async with transaction():
        await require(by, "withdraw_consents", "Customer", customer_id)
        await locked(customer_id)
        if not await may(by, "end_alone", "Customer", customer_id):
            wanted = Wanted(InstructionKind.WITHDRAW, customer_id, filter.category, filter.purpose)
            instruction = await suspension.record(wanted, evidence, by=by)
            return Withdrawn([], Counts(), Counts(), instruction=instruction)
        ends = await end_all(customer_id, filter, by=by)
        await settle(customer_id, by)
    erased, kept, held = Counts(), Counts(), Counts()
    for each in ends:
        erased[each.consent.category] += each.erased_rows
        kept[each.consent.category] += each.kept_rows
        held[each.consent.category] += each.held_rows
    # A plus leaves out what there is none of.
    return Withdrawn([each.consent for each in ends], +erased, +kept, +held)


async def end_all(customer_id: UUID, filter: ConsentFilter, *, by: Actor) -> list[Ended]:
    """Withdraw all that are selected, in the transaction under way, with the customer locked."""
    # A row being written under one of them is waited for.
    consents = await filter.permitting(customer_id).select_for_update(no_key=True)
    if filter.category is not None:
        return await _withdraw_category(consents, filter.category, by)
    return [await end(consent, Action.WITHDRAW, by, by.now) for consent in consents]


async def preview(customer_id: UUID, filter: ConsentFilter, *, by: Actor) -> Withdrawn:
    """The consents that `withdraw` would end, and what would become of which rows; changes nothing.

    Raises:
        Refused: the actor is not the customer.
    """
    await require(by, "preview_withdrawal", "Customer", customer_id)
    consents = await filter.permitting(customer_id)
    erased, kept, held = Counts(), Counts(), Counts()
    for consent in consents:
        rows = PERSONAL[consent.category].filter(customer_id=customer_id)
        if filter.category is None and await successor(consent, by.now):
            kept[consent.category] = await rows.filter(consent_id=consent.id).count()
        else:
            hold = await held_rows.hold_on(customer_id, consent.category, by.now)
            (held if hold else erased)[consent.category] = await rows.count()
    return Withdrawn(consents, +erased, +kept, +held)


async def _withdraw_category(consents: list[Consent], category: Category, by: Actor) -> list[Ended]:
    """Erase a category once, and end every consent to it: nothing passes from one to the next."""
    if not consents:
        return []
    removed = await erasure.begin(consents[0].customer_id, category, by=by, at=by.now)
    first, *others = [await change(consent, Action.WITHDRAW, by, by.now) for consent in consents]
    return [Ended(first, removed.erased, held_rows=removed.held), *(Ended(consent) for consent in others)]
