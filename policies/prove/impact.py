"""How many customers' fields open or close, and for how many people, if other policies took the place of those in force.

What a difference can be is proved first; only that is counted, by the compiled conditions in SQL. Nothing leaves the database but
the ids of customers, and nothing leaves this module but counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from models import Account, AccountKind, Purpose
from policies.actor import Actor, utc_now
from policies.conditions import (
    THIS,
    Alternative,
    Compare,
    Condition,
    Exists,
    Grant,
    Kind,
    Param,
    Path,
    absorb,
    fold,
    ir,
)
from policies.errors import Undecided
from policies.policy import Policy
from policies.prove.difference import cells, told_apart
from policies.prove.finding import Outcome
from policies.prove.proof import Verdict, decided
from policies.prove.story import who
from policies.registry import resources
from policies.statements import Holds, Statement


@dataclass(frozen=True)
class Count:
    """What opens or closes: fields of one type, for actors of one kind.

    Attributes:
        who: such an actor in words.
        people: for how many of them it does.
        customers: the ids of the customers whose fields those are, as the database has them.
        fields: how many fields of how many rows, each counted once.
        others: what is another customer's opens or closes for customers, too, which is not counted.
    """

    outcome: Outcome
    record: str
    names: tuple[str, ...]
    kind: Kind
    who: str
    people: int
    customers: frozenset[object]
    fields: int
    others: bool = False


@dataclass(frozen=True)
class _Change:
    """What may open or close, with the grant that says yes and the condition that says no."""

    outcome: Outcome
    record: str
    kind: Kind
    yes: Grant
    no: Condition
    names: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The column of the customer that a record is about."""
        return "id" if self.record == "Customer" else "customer_id"

    @property
    def condition(self) -> Condition:
        """Which records of the type open or close; what leads to the rows of a person comes first."""
        return ir.conjunction([_leading(self.yes), self.yes.condition, ir.Not(self.no)])

    @property
    def whose(self) -> Path:
        """The id of the customer that a record is about."""
        return Path(THIS, ("id" if self.record == "Customer" else "customerId",))


async def impact(
    before: Policy,
    after: Policy,
    progressed: Callable[[int, int], object] = lambda *_: None,
    clock: Callable[[], datetime] = utc_now,
) -> list[Count]:
    """What opens and what closes, in the open database.

    Args:
        before: the policies in force.
        after: those that would take their place.
        progressed: called with how many statements have been run, and how many there are.
        clock: gives the present instant in UTC.
    """
    people = await _people(clock, before, after)
    changes = list(_changes(before, after, [kind for kind, actors in people.items() if actors]))
    asked = [(change, _actors(change, people[change.kind])) for change in changes]
    total, counts = sum(len(actors) for _, actors in asked), []
    done = iter(range(total))
    for change, actors in asked:
        found = []
        for actor in actors:
            progressed(next(done), total)
            found.append(await _rows(change, actor))
        counts.append(_count(change, found, people[change.kind], who([change.kind], list(people))))
    return [count for count in counts if count.fields or count.others]


def _count(
    change: _Change, found: list[list[tuple[object, object]]], people: Sequence[Actor], described: str
) -> Count:
    """What was found for each of those who were asked for, or for one of them who stands for all."""
    rows = {id for each in found for id, _ in each}
    customers = frozenset(customer for each in found for _, customer in each)
    concerned = sum(map(bool, found))
    if change.kind.name == "Person":
        concerned = len(customers)
    elif concerned and len(found) < len(people):
        concerned = len(people)
    return Count(
        change.outcome,
        change.record,
        tuple(change.names),
        change.kind,
        described,
        concerned,
        customers,
        len(rows) * len(change.names),
        change.kind.name == "Person" and not _is_own(change),
    )


def _is_own(change: _Change) -> bool:
    """Whether customers read nothing by it that is not their own."""
    mine = Compare("=", change.whose, Param("actor.customerId"))
    return decided(mine, change.yes, change.record) is Verdict.PROVED


def _changes(before: Policy, after: Policy, kinds: Sequence[Kind]) -> Iterator[_Change]:
    """The fields of customers that may open or close, those under the same conditions together."""
    possible, groups = dict[object, bool](), dict[object, _Change]()
    asked = [
        ("read", name) for name, of in resources().items() if name == "Customer" or "customerId" in of.fields
    ]
    for cell in cells(before, after, kinds, asked):
        for outcome, yes, no in (
            (Outcome.WIDER, cell.after, cell.before.condition),
            (Outcome.NARROWER, cell.before, cell.after.condition),
        ):
            question = (cell.record, yes.condition, no)
            if question not in possible:
                possible[question] = decided(no, yes, cell.record) is not Verdict.PROVED
            if possible[question]:
                change = _Change(outcome, cell.record, cell.kind, yes, no)
                groups.setdefault((outcome, cell.kind, *question), change).names.append(cell.name)
    yield from groups.values()


def _leading(grant: Grant) -> Condition:
    """What each of a grant's ways asks of one relation by itself, as far as it is about the actor."""
    return ir.disjunction([ir.conjunction(_looks(way)) for way in absorb(fold(list(grant.ways)))])


def _looks(way: Alternative) -> list[Condition]:
    alone = {var: [atom for atom in way.atoms if ir.variables(atom) == {var}] for var, _ in way.ranges}
    return [
        Exists(var, over, ir.conjunction(alone[var]))
        for var, over in way.ranges
        if over.var == THIS and any("actor.id" in ir.params(atom) for atom in alone[var])
    ]


async def _people(clock: Callable[[], datetime], *policies: Policy) -> dict[Kind, list[Actor]]:
    """Everybody who may sign in, by kind, stating every purpose; one stands for all customers, of whom each has own rows."""
    purposes = frozenset(Purpose(name) for policy in policies for name in policy.purposes)
    kinds = told_apart(*policies)
    named, people = (
        frozenset().union(*(kind.roles for kind in kinds)),
        {kind: list[Actor]() for kind in kinds},
    )
    for actor in await _signed_up(Actor(purposes=purposes, clock=clock)):
        kind = Kind.of(actor)
        people[Kind(kind.name, kind.roles & named)].append(actor)
    for name in ("Person", "Stranger"):
        people[Kind(name)] = [Actor(purposes=purposes, clock=clock)]
    return people


async def _signed_up(nobody: Actor) -> list[Actor]:
    """Employees and partners' clients who may sign in; what they state, and their clock, are nobody's."""
    rows = await Account.filter(active=True, kind__not=AccountKind.CUSTOMER).values(
        "id", "kind",
        role="employee__roles__role",
        partner_id="partner_client__partner_id",
        partner_active="partner_client__partner__active",
    )  # fmt: skip
    names: dict[AccountKind, Any] = {
        AccountKind.EMPLOYEE: "Employee",
        AccountKind.PARTNER_CLIENT: "PartnerClient",
    }
    actors: dict[UUID, Actor] = {}
    for row in rows:
        if row["kind"] is AccountKind.PARTNER_CLIENT and not row["partner_active"]:
            continue
        known = actors.get(row["id"], nobody)
        roles = known.roles | ({row["role"]} if row["role"] else set())
        actors[row["id"]] = replace(
            known, kind=names[row["kind"]], actor_id=row["id"], partner_id=row["partner_id"], roles=roles
        )
    return list(actors.values())


def _actors(change: _Change, people: Sequence[Actor]) -> Sequence[Actor]:
    """Those for whom it has to be asked: one of them, where it is the same for all."""
    personal = {"actor.id", "actor.partnerId"} & {*ir.params(change.yes.condition), *ir.params(change.no)}
    return people if personal else people[:1]


async def _rows(change: _Change, actor: Actor) -> list[tuple[object, object]]:
    """The rows that open or close for one actor, each with its customer; for customers, their own rows."""
    condition = change.condition
    if change.kind.name == "Person":
        condition = own(condition, change.whose)
    query = resources()[change.record].model.all().annotate(opens=Holds(condition, change.record))
    try:
        rows = await Statement.of(query.filter(opens=True).values(*dict.fromkeys(("id", change.key)))).fetch(
            actor
        )
    except Undecided:
        # The actor has not what is compared, and so is refused.
        return []
    return [(row["id"], row[change.key]) for row in rows]


def own(condition: Condition, whose: Path) -> Condition:
    """A condition for whoever a record is about: their id is that of the record's customer."""
    result = condition
    match condition:
        case Compare(op, left, right):
            mine = Param("actor.customerId")
            result = Compare(op, whose if left == mine else left, whose if right == mine else right)
        case ir.And(parts) | ir.Or(parts):
            result = type(condition)(tuple(own(part, whose) for part in parts))
        case ir.Not(part):
            result = ir.Not(own(part, whose))
        case ir.Exists(var, over, where) | ir.ForAll(var, over, where):
            result = type(condition)(var, over, own(where, whose))
    return result
