"""What is counted is what each person's masks differ by, one by one."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest

from models import Account, AccountKind, EmployeeRole, PartnerClient, Purpose
from policies import registry
from policies.actor import Actor
from policies.conditions.kind import Kind
from policies.policy import Policy
from policies.prove import Count, Outcome, impact
from policies.prove.difference import told_apart
from tests.installation import at_work
from tests.policies.compiled import changed, whole
from tests.policies.contents import NOW
from tests.policies.readings import masks
from tests.policies.world import World

#: Policies that would take the place of the shipped ones: a file, what is written there, and what instead.
OTHERS = {
    "consent may have run out": (
        "consent.polar", "consent.expiresAt > actor.now", "consent.expiresAt != actor.now",
    ),
    "one purpose needs more, another less": (
        "purposes.polar", 'needs("support", "order");', 'needs("delivery", "order");',
    ),
    "customers see less of their own": (
        "own.polar", "access: Access, field) if", 'access: Access, field) if\n    access.kind = "Staff" and',
    ),
    "all staff oversee": (
        "need_to_know.polar", 'oversees(actor: Staff) if "manager" in actor.roles;', "oversees(_: Staff);",
    ),
}  # fmt: skip


@dataclass
class Tally:
    """What opens, or closes, for people of one kind."""

    people: set[UUID] = field(default_factory=set)
    cells: set[tuple[UUID, str]] = field(default_factory=set)


Key = tuple[Outcome, Kind, str]


async def everybody() -> list[Actor]:
    """Everybody who may sign in, with every purpose."""
    return [actor for account in await Account.filter(active=True) for actor in await actors_of(account)]


async def actors_of(account: Account) -> list[Actor]:
    """Whom an account lets in: nobody, where its partner is not active."""
    roles = [each.role for each in await EmployeeRole.filter(employee__actor_id=account.id)]
    client = await PartnerClient.get_or_none(actor_id=account.id).prefetch_related("partner")
    if client is not None and not client.partner.active:
        return []
    actor = Actor(
        "PartnerClient",
        account.id,
        frozenset(roles),
        account.customer_id,
        client.partner_id if client else None,
    )
    kinds: dict[AccountKind, Any] = {AccountKind.EMPLOYEE: "Employee", AccountKind.CUSTOMER: "Customer"}
    kind = kinds.get(account.kind, "PartnerClient")
    return [replace(actor, kind=kind, purposes=frozenset(Purpose), clock=lambda: NOW)]


async def cells(policy: Policy, actor: Actor, record: str) -> set[tuple[UUID, str]]:
    """The fields of records of a type that somebody reads."""
    found = await masks(policy.plan(actor, record), actor)
    return {(id, name) for id, row in found.items() for name, step in row.items() if name and step == 0}


async def one_by_one(before: Policy, after: Policy) -> dict[Key, Tally]:
    """What each person's masks differ by."""
    tallies: dict[Key, Tally] = defaultdict(Tally)
    named = frozenset[str]().union(*(kind.roles for kind in told_apart(before, after)))
    for actor in await everybody():
        kind = Kind(Kind.of(actor).name, Kind.of(actor).roles & named)
        for record, of in registry.resources().items():
            if record == "Customer" or "customerId" in of.fields:
                old, new = await cells(before, actor, record), await cells(after, actor, record)
                for outcome, more in ((Outcome.WIDER, new - old), (Outcome.NARROWER, old - new)):
                    if more:
                        tallies[outcome, kind, record].people.add(actor.actor_id or UUID(int=0))
                        tallies[outcome, kind, record].cells |= more
    return tallies


def summed(counts: list[Count]) -> dict[Key, int]:
    """How many fields were counted, by what happens to them, for whom and of which type."""
    found: dict[Key, int] = defaultdict(int)
    for count in counts:
        found[count.outcome, count.kind, count.record] += count.fields
    return found


@pytest.mark.parametrize(
    "other",
    [pytest.param(name, marks=pytest.mark.long if name.startswith("consent") else ()) for name in OTHERS],
)
async def test_what_is_counted_is_what_each_person_would_read_more_or_less(
    database_url: str, other: str
) -> None:
    async with at_work(database_url):
        # A world in which somebody carries a task for support of whom orders are kept with consent.
        await World(10, size=12).write()
        # Customers are counted for what is their own, whether they can still sign in or not.
        await Account.filter(kind=AccountKind.CUSTOMER).update(active=True)
        before, after = whole(), changed(*OTHERS[other])

        counts = await impact(before, after, clock=lambda: NOW)
        expected = await one_by_one(before, after)

        assert summed(counts) == {key: len(tally.cells) for key, tally in expected.items()}
        assert counts
        for count in counts:
            assert count.people <= len(expected[count.outcome, count.kind, count.record].people)
            assert not count.others
        widest = max(counts, key=lambda count: count.people)
        assert widest.people > 0


async def test_what_changes_nothing_counts_nothing(database_url: str) -> None:
    async with at_work(database_url):
        await World(4, size=3).write()
        same = changed(
            "own.polar",
            'message.channel = "ACCOUNT"',
            'message.channel != "EMAIL" and message.channel != "SMS"',
        )

        assert await impact(whole(), same, clock=lambda: NOW) == []


async def test_what_opens_to_other_customers_is_said_and_not_counted(sqlite_url: str) -> None:
    async with at_work(sqlite_url):
        await World(4, size=3).write()
        after = changed("own.polar", "    customer.id = actor.customerId;\n\n# I see under",
                        "    customer.id != actor.id;\n\n# I see under")  # fmt: skip

        counts = await impact(whole(), after, clock=lambda: NOW)

    assert {count.others for count in counts if count.kind == Kind("Person")} == {True}


async def test_an_account_that_is_not_active_is_not_counted(sqlite_url: str) -> None:
    async with at_work(sqlite_url):
        await World(4, size=6).write()
        after = changed(*OTHERS["all staff oversee"])
        await Account.filter(kind=AccountKind.EMPLOYEE).update(active=False)

        counts = await impact(whole(), after, clock=lambda: NOW)

    assert [count for count in counts if count.kind.name == "Staff"] == []
