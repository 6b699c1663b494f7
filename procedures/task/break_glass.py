"""Break-glass: reading without a task for minutes, after a second person approved it; reviewed afterwards.

It takes the place of the task alone: whether the purpose needs the category, whether the customer consents and
whether processing is restricted is decided as ever. Nothing here depends on the data of the customer, so that the
answer to a request reveals nothing of them.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from tortoise.exceptions import IntegrityError

from models import (
    BreakGlass,
    BreakGlassCategory,
    BreakGlassContent,
    BreakGlassState,
    Category,
    Customer,
    Purpose,
    Template,
    Verdict,
    folded,
    opened,
)
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from models.values import line
from policies.actor import Actor
from policies.decide import require
from policies.policy import in_force
from procedures import clock as clocks
from procedures.errors import AlreadyReviewed, BreakGlassOver, NotOpenedOrNotOver, ReasonCopied
from procedures.ledger import Changed, record
from procedures.message import outbox
from vault import vault

#: How long a request waits for somebody to approve it.
WAITS: Final = timedelta(minutes=30)
#: How many minutes it lasts at most, from its approval.
LONGEST: Final = 15
#: How many characters a reason has at least.
SHORTEST: Final = 20


async def request(
    customer_number: str, categories: Iterable[Category], purpose: Purpose, reason: str, *, by: Actor
) -> BreakGlass:
    """Ask to read named categories of a customer for a purpose, without a task.

    Raises:
        Refused: the actor may not, or no customer has this number.
        StepUpRequired: the session has to be confirmed first.
        Unfit: the reason is too short, or a category is named that the purpose does not need.
        ReasonCopied: the actor gave the same reason before.
    """
    try:
        async with transaction():
            customer = await _customer(customer_number)
            await require(by, "request_break_glass", "Customer", customer)
            named, reason = _checked_categories(purpose, categories), _checked_reason(reason)
            break_glass = await _create(customer, named, purpose, reason, by)
            details = {**_details(break_glass), "purpose": purpose, "categories": named}
            record(Event.BREAK_GLASS_REQUESTED, by, changed=await _changed_rows(break_glass), **details)
            return break_glass
    except IntegrityError:
        # Somebody sent the same twice at once, and the database let one in.
        raise ReasonCopied from None


async def approve(break_glass_id: UUID, *, by: Actor, minutes: int = LONGEST) -> BreakGlass:
    """Approve a request, within 30 minutes of it: reading is permitted from now on, for `minutes`; the customer is notified.

    Raises:
        Refused: the actor may not decide about this request.
        StepUpRequired: the session has to be confirmed first.
        Unfit: it would last less than a minute, or more than 15.
        BreakGlassOver: it waits no longer.
        ClockDoubted: how long it would last cannot be said at present.
    """
    await clocks.certain(clock=by.clock)
    async with transaction():
        await require(by, "approve", "BreakGlass", break_glass_id)
        if not 1 <= minutes <= LONGEST:
            raise Unfit(f"It opens for 1 to {LONGEST} minutes. Name a number among them.", "minutes")
        now = by.now
        break_glass = await _transition(
            break_glass_id,
            (BreakGlassState.REQUESTED,),
            Event.BREAK_GLASS_APPROVED,
            by,
            state=BreakGlassState.APPROVED,
            decided_by_id=by.actor_id,
            opened_at=now,
            ends_at=now + timedelta(minutes=minutes),
        )
        await outbox.queue(break_glass.customer_id, Template.BREAK_GLASS_OPENED, by=by)
        return break_glass


async def refuse(break_glass_id: UUID, *, by: Actor) -> BreakGlass:
    """Refuse a request.

    Raises:
        Refused: the actor may not decide about this request.
        BreakGlassOver: it waits no longer.
    """
    async with transaction():
        await require(by, "refuse", "BreakGlass", break_glass_id)
        return await _transition(
            break_glass_id,
            (BreakGlassState.REQUESTED,),
            Event.BREAK_GLASS_REFUSED,
            by,
            state=BreakGlassState.REFUSED,
            decided_by_id=by.actor_id,
        )


async def end(break_glass_id: UUID, *, by: Actor) -> BreakGlass:
    """End early what was approved or still waits: from the next statement on nothing can be read by it.

    Raises:
        Refused: the actor is not a party to it.
        BreakGlassOver: it is over.
    """
    async with transaction():
        await require(by, "end", "BreakGlass", break_glass_id)
        return await _transition(
            break_glass_id,
            (BreakGlassState.REQUESTED, BreakGlassState.APPROVED),
            Event.BREAK_GLASS_ENDED,
            by,
            state=BreakGlassState.ENDED,
            ends_at=by.now,
        )


async def end_impossible(*, by: Actor) -> int:
    """End those that would last longer than any can, for a clock that was ahead opened them; returns how many.

    In the transaction under way.
    """
    open_ = BreakGlass.filter(state__in=(BreakGlassState.REQUESTED, BreakGlassState.APPROVED))
    impossible = await open_.filter(ends_at__gt=by.now + WAITS)
    for each in impossible:
        await _transition(
            each.id, (each.state,), Event.BREAK_GLASS_ENDED, by, state=BreakGlassState.ENDED, ends_at=by.now
        )
    return len(impossible)


async def end_of(requester_id: UUID, *, by: Actor | None, at: datetime) -> None:
    """End what somebody asked for who lost a role, in the transaction under way."""
    states = (BreakGlassState.REQUESTED, BreakGlassState.APPROVED)
    for each in await BreakGlass.filter(requested_by_id=requester_id, state__in=states, ends_at__gt=at):
        await BreakGlass.filter(id=each.id).update(state=BreakGlassState.ENDED, ends_at=at)
        record(Event.BREAK_GLASS_ENDED, by, changed={BreakGlass: [each.id]}, **_details(each))


async def review(break_glass_id: UUID, verdict: Verdict, note: str, *, by: Actor) -> BreakGlass:
    """Review it once it is over: whether it was justified, and why.

    Raises:
        Refused: the actor is a party to it, or may not review.
        NotOpenedOrNotOver: it was never approved, or is not over.
        AlreadyReviewed: somebody has reviewed it before; nothing changes.
        Unfit: the note is no line of text.
    """
    async with transaction():
        await require(by, "review", "BreakGlass", break_glass_id)
        text, now = line(note, "note", longest=1000), by.now
        break_glass = await BreakGlass.filter(id=break_glass_id).select_for_update(no_key=True).get()
        if break_glass.opened_at is None or break_glass.ends_at > now:
            raise NotOpenedOrNotOver
        if break_glass.reviewed_by_id is not None:
            raise AlreadyReviewed
        break_glass.content = replace(await opened(break_glass), note=text)
        break_glass.verdict, break_glass.reviewed_by_id, break_glass.reviewed_at = verdict, by.actor_id, now
        await break_glass.save(update_fields=["content", "verdict", "reviewed_by_id", "reviewed_at"])
        record(Event.BREAK_GLASS_REVIEWED, by, **_details(break_glass), verdict=verdict)
        return break_glass


async def listed(*, everything: bool = False) -> list[BreakGlass]:
    """Those that were approved and wait for a review, or all, the latest first; for the command line."""
    rows = BreakGlass.all() if everything else BreakGlass.filter(opened_at__isnull=False, verdict=None)
    return await rows.order_by("-requested_at", "id").prefetch_related(
        "categories", "customer", "requested_by"
    )


async def _customer(number: str) -> UUID:
    """The id of the customer of a number; a random id, for which nothing is granted, where there is none."""
    customer = await Customer.get_or_none(number=line(number, "customerNumber").upper())
    return customer.id if customer else uuid4()


def _checked_categories(purpose: Purpose, categories: Iterable[Category]) -> list[Category]:
    named = sorted(set(categories))
    if not named:
        raise Unfit("No category is named. Name what you have to read, and no more.", "categories")
    if any((purpose.value, category.value) not in in_force().needs for category in named):
        raise Unfit(
            "The purpose does not need every category that is named, and glass does not change that. "
            "Leave out what it does not need.",
            "categories",
            code="NOT_NEEDED_FOR_PURPOSE",
        )
    return named


def _checked_reason(text: str) -> str:
    reason = " ".join(line(text, "reason", longest=1000).split())
    if sum(character.isprintable() for character in reason) < SHORTEST:
        raise Unfit(
            f"The reason is too short. Say in at least {SHORTEST} characters why it has to be, and has to be now.",
            "reason",
        )
    return reason


async def _create(
    customer_id: UUID, named: list[Category], purpose: Purpose, reason: str, by: Actor
) -> BreakGlass:
    digest = bytes.fromhex(vault.current().keyed_hash(f"break glass|{by.actor_id}|{folded(reason)}"))
    if await BreakGlass.filter(reason_digest=digest).exists():
        raise ReasonCopied
    now = by.now
    break_glass = await BreakGlass.create(
        customer_id=customer_id,
        requested_by_id=by.actor_id,
        purpose=purpose,
        special=not {category.value for category in named} <= in_force().left_to_managers,
        content=BreakGlassContent(reason),
        reason_digest=digest,
        requested_at=now,
        ends_at=now + WAITS,
    )
    for category in named:
        await BreakGlassCategory.create(break_glass_id=break_glass.id, category=category)
    return break_glass


async def _transition(
    id: UUID, states: tuple[BreakGlassState, ...], event: Event, by: Actor, **values: object
) -> BreakGlass:
    # The condition and the change are one statement, so that of two at once the later sees the earlier.
    if not await BreakGlass.filter(id=id, state__in=states, ends_at__gt=by.now).update(**values):
        raise BreakGlassOver
    break_glass = await BreakGlass.get(id=id)
    record(event, by, changed={BreakGlass: [break_glass.id]}, **_details(break_glass))
    return break_glass


async def _changed_rows(break_glass: BreakGlass) -> Changed:
    named = await BreakGlassCategory.filter(break_glass_id=break_glass.id)
    return {BreakGlass: [break_glass.id], BreakGlassCategory: [each.id for each in named]}


def _details(break_glass: BreakGlass) -> dict[str, Any]:
    return {"breakGlass": break_glass.id, "customer": break_glass.customer_id}
