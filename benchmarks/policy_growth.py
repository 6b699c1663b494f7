"""What a page costs as policies and partners grow: 50 customers with 12 fields in 4 types, through the whole GraphQL schema.

In one run, in turn:

    rules         policies of a dozen rules, of 100 and of 1,000: more purposes with what they need, more roles with what they
                  may; most of the new rules are about other records, some about those of the page
    agreements    the shipped policies with 1, 100 and 1,000 agreements of one partner, each with terms for the fields asked for

Asked by an agent, by an agent who also has one of the new roles, and by a partner's client with one task.

Run it: `.venv/bin/python -m benchmarks.policy_growth [--database postgres] [--rounds N]`.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice, product
from string import ascii_lowercase
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

import models
import schema
from benchmarks.customers import NOW, fill
from benchmarks.measuring import Database, Times, at_work, place, ratios
from models import PERSONAL
from policies.actor import Actor, utc_now
from policies.policy import Policy, in_force
from procedures.current import Addresses
from schema.reading import Context
from tests.people import Office

PAGE = 50
PURPOSE, YEAR = models.Purpose.VERIFICATION, timedelta(days=365)
CATEGORIES = (models.Category.IDENTITY, models.Category.CONTACT_POINT, models.Category.POSTAL_ADDRESS)
RULES = (12, 100, 1_000)
AGREEMENTS = (1, 100, 1_000)
QUERY = """{ customers(first: 50) { nodes {
  number status
  identity { givenName familyName companyName }
  contactPoints { kind value }
  postalAddresses { kind street city postalCode country }
} } }"""
FIELDS = {
    models.Category.IDENTITY: ["givenName", "familyName", "companyName"],
    models.Category.CONTACT_POINT: ["kind", "value"],
    models.Category.POSTAL_ADDRESS: ["kind", "street", "city", "postalCode", "country"],
}
DOZEN = """
purpose("verification", "Verifying who a customer is.");
role("agent", "Carries tasks.");
needs("verification", "identity");
needs("verification", "contact_point");
needs("verification", "postal_address");
holds(_: Identity, "identity", field) if field in ["givenName", "familyName", "companyName"];
holds(_: ContactPoint, "contact_point", field) if field in ["kind", "value"];
holds(_: PostalAddress, "postal_address", field) if field in ["kind", "street", "city", "postalCode", "country"];
carries_task(actor, customer, task) if
    task in customer.tasks and
    task.assigneeId = actor.id and
    task.status = "OPEN" and
    task.purpose = actor.purpose;
consented(actor, customer, category, purpose) if
    consent in customer.consents and
    consent.category = category and
    consent.purpose = purpose and
    consent.permits = true and
    consent.expiresAt > actor.now;
allow_field(actor: Staff, "read", customer: Customer, field) if
    field in ["number", "status", "identity", "contactPoints", "postalAddresses"] and
    carries_task(actor, customer, _);
allow_field(actor: Staff, "read", record: Personal, field) if
    holds(record, category, field) and
    carries_task(actor, record.customer, task) and
    needs(task.purpose, category) and
    consented(actor, record.customer, category, task.purpose);
"""


def grown(rules: int) -> str:
    """The dozen rules and others, so many together: for each new purpose and role what somebody would write."""
    return "\n".join(islice(_rules(), rules))


def _rules() -> Iterator[str]:
    yield from (f"{rule};" for rule in DOZEN.split(";\n") if rule.strip())
    for word in map("".join, product(ascii_lowercase, repeat=2)):
        purpose, role = f"purpose_{word}", f"role_{word}"
        yield f'purpose("{purpose}", "One more.");'
        yield from (f'needs("{purpose}", "{category.value}");' for category in PERSONAL)
        yield f'role("{role}", "One more.");'
        # Of other records.
        for record in ("Notice", "Employee", "Partner", "Agreement"):
            yield f'allow_field(actor: Staff, "read", _: {record}, "id") if "{role}" in actor.roles;'
        for action in ("sign", "end"):
            yield f'allow(actor: Staff, "{action}", _: Agreement) if "{role}" in actor.roles;'
        # Of those of the page: what a role sees of every customer, and whoever has a task for the purpose.
        yield f"""allow_field(actor: Staff, "read", customer: Customer, field) if
            field in ["number", "status"] and "{role}" in actor.roles and customer.restricted = false;"""
        yield f"""allow_field(actor: Staff, "read", customer: Customer, field) if
            field in ["number", "createdAt"] and
            task in customer.tasks and task.assigneeId = actor.id and task.purpose = "{purpose}";"""


Way = tuple[Actor, Policy, int]


async def listed(built: Any, way: Way, times: Times) -> None:
    """Ask for a page as somebody, by some policies, and make sure that so many customers are there with every cell."""
    actor, policy, customers = way
    with times.measured():
        result = await built.execute(QUERY, context_value=Context(actor, policy=policy))
    nodes = result.data["customers"]["nodes"]
    assert result.errors is None
    assert len(nodes) == customers
    assert all(node["identity"]["familyName"] and node["postalAddresses"][0]["city"] for node in nodes)


async def measured(rounds: int, ways: dict[str, Way], progress: Progress) -> dict[str, Times]:
    """Ask in turn, once before it is measured."""
    built, times = schema.build(), {name: Times() for name in ways}
    for way in ways.values():
        await listed(built, way, Times())
    for _ in progress.track(range(rounds), description="pages"):
        for name, way in ways.items():
            await listed(built, way, times[name])
    return times


def by_rules(agent: Actor) -> Iterator[tuple[str, dict[str, Way]]]:
    """For an agent, and one who has one of the new roles, the policies of so many rules."""
    policies = {rules: Policy({"grown.polar": grown(rules)}) for rules in RULES}
    yield "an agent", {f"{rules:,} rules": (agent, policy, PAGE) for rules, policy in policies.items()}
    whoever = replace(agent, roles=frozenset({models.Role("role_aa")}))
    yield (
        "an agent with a new role",
        {f"{rules:,} rules": (whoever, policy, PAGE) for rules, policy in policies.items()},
    )


async def client(office: Office, agreements: int) -> Actor:
    """A client with one task of a partner that has so many agreements, each of which names all fields of the page."""
    partner = await office.partner()
    made = [
        models.Agreement(
            partner_id=partner.id, signed=True, signed_at=NOW, from_at=NOW, until_at=NOW + 10 * YEAR, created_at=NOW
        )
        for _ in range(agreements)
    ]  # fmt: skip
    await models.Agreement.bulk_create(made)
    await models.AgreementTerm.bulk_create(
        models.AgreementTerm(agreement_id=each.id, purpose=PURPOSE, category=category, field=field)
        for each in made
        for category, fields in FIELDS.items()
        for field in fields
    )
    asking = await office.partner_client(partner, "verification")
    customer = await models.Customer.all().order_by("id").first()
    assert customer is not None
    await office.task(asking, customer, "verification", agreement=made[-1])
    return asking.actor


async def run(where: Addresses, rounds: int, console: Console) -> None:
    """Fill, measure in turn, and print the tables."""
    async with at_work(where):
        agent, office, kind = (
            await fill(PURPOSE, CATEGORIES, count=PAGE),
            Office(now=utc_now()),
            where.database.partition(":")[0],
        )
        with Progress(console=console, transient=True) as progress:
            for who, ways in by_rules(agent):
                show(console, f"{who}, {kind}", await measured(rounds, ways, progress))
            alone = (agent, in_force(), PAGE)
            before = await measured(rounds, {"1 agreement": alone}, progress)
            clients = {count: await client(office, count) for count in AGREEMENTS}
            after = await measured(rounds, {f"{sum(AGREEMENTS):,} agreements": alone}, progress)
            show(console, f"an agent, {kind}", {**before, **after})
            ways = {
                f"{count:,} agreement{'s' * (count > 1)}": (actor, in_force(), 1)
                for count, actor in clients.items()
            }
            show(console, f"a partner's client, {kind}", await measured(rounds, ways, progress))


def show(console: Console, title: str, times: dict[str, Times]) -> None:
    """One table, of which the first way is 1."""
    console.print(ratios(title, times, next(iter(times))))


def main(
    database: Database = None,
    rounds: Annotated[int, typer.Option(help="How many pages of each kind.")] = 30,
) -> None:
    """Measure what a page costs as policies and partners grow."""
    with place(database) as where:
        asyncio.run(run(where, rounds, Console()))


if __name__ == "__main__":
    typer.run(main)
