"""How `savas policy impact` counts, and how it says what it counted: numbers, and nothing of anybody."""

from collections.abc import Iterator
from dataclasses import dataclass

from commands.explaining import signed_in
from commands.terminal import Progressed, with_progress
from models import Customer
from policies.actor import Actor, Channel
from policies.errors import Refused
from policies.policy import Policy
from policies.prove import Count, Outcome, impact

#: What is counted by: whoever may read these of everybody learns nothing from counts.
COUNTED_BY = (("Customer", "number"), ("Task", "status"), ("Consent", "state"))
WORDS = {Outcome.WIDER: "opens", Outcome.NARROWER: "closes"}


@dataclass(frozen=True)
class Weighed:
    """What would open and close, and how many customers there are."""

    counts: list[Count]
    customers: int

    def concerned(self, outcome: Outcome) -> int:
        """How many customers have a field that opens, or one that closes."""
        return len(set[object]().union(*(each.customers for each in self.counts if each.outcome is outcome)))


async def weighed(login: str, before: Policy, after: Policy) -> Weighed:
    """Count what would open and close; meanwhile a progress bar is shown.

    Raises:
        Refused: whoever asks may not see the records that are counted.
    """
    check(await signed_in(login, channel=Channel.CONSOLE), before)

    async def work(progressed: Progressed) -> list[Count]:
        return await impact(before, after, progressed)

    counts = await with_progress("counting", work)
    return Weighed(counts, await Customer.all().count())


def check(actor: Actor, policy: Policy) -> None:
    """Refuse whoever may not see all that is counted.

    Raises:
        Refused: the policies in force do not let the actor see everybody's tasks and consents.
    """
    if not all(policy.plan(actor, record).grant(name).always for record, name in COUNTED_BY):
        raise Refused("impact")


def lines(found: Weighed) -> Iterator[str]:
    """Each count, and how many customers there are in all."""
    for each in found.counts:
        yield f"{WORDS[each.outcome]:<7} {each.record}: {', '.join(each.names)}"
        if each.fields:
            yield (
                f"        {each.fields:,} fields of {len(each.customers):,} customers, "
                f"for {each.people:,} who are each {each.who}"
            )
        if each.others:
            yield "        for customers also what is not their own; that is not counted"
    opening, closing = (found.concerned(outcome) for outcome in WORDS)
    yield (
        f"in all  of {found.customers:,} customers {opening:,} have a field that opens for somebody, "
        f"{closing:,} one that closes"
    )


def plain(found: Weighed) -> dict[str, object]:
    """The same for programs."""
    return {
        "customers": found.customers,
        "opening": found.concerned(Outcome.WIDER),
        "closing": found.concerned(Outcome.NARROWER),
        "counts": [
            {
                "outcome": WORDS[each.outcome],
                "type": each.record,
                "fields": each.names,
                "actor": {"kind": each.kind.name, "roles": sorted(each.kind.roles)},
                "people": each.people,
                "customers": len(each.customers),
                "fieldsOfRows": each.fields,
                "othersNotCounted": each.others,
            }
            for each in found.counts
        ],
    }
