"""The readings of one question, side by side: plain concrete Oso, the database, and Python.

Oso is asked about records in hand with everything known, so nothing of ours decides there: no
conditions, no SQL. The other two read the compiled conditions.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from typing import Any
from uuid import UUID

from policies import registry
from policies.actor import Actor
from policies.conditions import check, facts, ir
from policies.conditions.facts import Facts
from policies.conditions.kind import ACTORS, CLASSES
from policies.conditions.plan import Grant, Plan
from policies.judging import engine
from policies.judging.engine import Engine
from policies.policy import Policy
from policies.statements.sql import Holds, values_of
from policies.statements.statement import Page, Statement


class Anything(Facts):
    """What policies call a Record."""


class AnythingPersonal(Anything):
    """What policies call Personal."""


def classes() -> dict[str, type]:
    """A Python class for each record type, as plain Oso needs them."""
    bases = {"Record": Anything, "Personal": AnythingPersonal}
    kinds = {
        name: type(name, (AnythingPersonal if resource.personal else Anything,), {})
        for name, resource in registry.resources().items()
    }
    return {**bases, **kinds}


async def graph(kinds: dict[str, type]) -> dict[str, list[Facts]]:
    """Every record of the open database, each with all its relations."""
    found = {
        name: await facts.load(name, [row.id for row in await resource.model.all()], {}, kinds)
        for name, resource in registry.resources().items()
    }
    for name, resource in registry.resources().items():
        for step, way in resource.relations.items():
            _link(found[name], step, way, found[way.target])
    return found


def _link(holders: list[Facts], step: str, way: registry.Relation, targets: list[Facts]) -> None:
    groups: dict[Any, list[Facts]] = {}
    for target in targets:
        groups.setdefault(_at(target, way.target_key), []).append(target)
    for holder in holders:
        group = groups.get(_at(holder, way.key), [])
        vars(holder)[step] = group if way.many else group[0]


def _at(record: Facts, column: str) -> Any:
    name = next(name for name, known in record._resource.fields.items() if known.column == column)
    value = getattr(record, name)
    return object() if value is None else value


@dataclass
class Plain:
    """Plain concrete Oso over the records of one world."""

    engine: Engine
    records: dict[str, list[Facts]]
    kinds: dict[str, type]
    zone: tzinfo = UTC

    @classmethod
    async def of(cls, sources: dict[str, str]) -> "Plain":
        """Plain Oso with policies, over everything in the open database."""
        kinds = classes()
        return cls(Engine(sources, kinds), await graph(kinds), kinds)

    def under(self, sources: dict[str, str]) -> "Plain":
        """Plain Oso with other policies, over the same records."""
        return replace(self, engine=Engine(sources, self.kinds))

    def reads(self, actor: Actor, record: Facts) -> set[str]:
        """The fields that an actor may read of a record, for any of the purposes stated."""
        actors = actors_of(actor, self.zone)
        return set().union(*(self.engine.fields(actor, "read", record) for actor in actors))

    def reads_field(self, actor: Actor, record: Facts, name: str) -> bool:
        """Whether an actor may read one field of a record: the same question, asked with the field."""
        return any(self.engine.reads(actor, "read", record, name) for actor in actors_of(actor, self.zone))

    def may(self, actor: Actor, action: str, record: Facts) -> bool:
        """Whether an actor may do something to a record."""
        return any(self.engine.may(actor, action, record) for actor in actors_of(actor, self.zone))


def actors_of(actor: Actor, zone: tzinfo = UTC) -> list[engine.Anyone]:
    """An actor as policies see it by a clock, once for each purpose stated; once with none when none is."""
    return [
        ACTORS[CLASSES[actor.kind]](
            id=actor.actor_id,
            roles=sorted(role.value for role in actor.roles),
            customerId=actor.customer_id,
            partnerId=actor.partner_id,
            purpose=purpose and purpose.value,
            purposes=[each.value for each in sorted(actor.purposes)],
            purposeCount=len(actor.purposes),
            channel=actor.channel.value,
            now=actor.now,
            weekday=f"{actor.now.astimezone(zone):%A}".upper(),
            timeOfDay=f"{actor.now.astimezone(zone):%H:%M}",
            today=actor.now.astimezone(zone).date(),
        )
        for purpose in (sorted(actor.purposes) or (None,))
    ]


@dataclass
class Tally:
    """What was compared, and every difference found."""

    cells: int = 0
    granted: int = 0
    actions: int = 0
    kinds: frozenset[str] = frozenset()
    differences: list[str] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.cells + other.cells,
            self.granted + other.granted,
            self.actions + other.actions,
            self.kinds | other.kinds,
            self.differences + other.differences,
        )

    def differ(self, reading: str, actor: Actor, record: str, id: UUID, what: object) -> None:
        """Note that a reading is not plain Oso's."""
        purposes = ",".join(sorted(actor.purposes))
        roles = ",".join(sorted(actor.roles))
        self.differences.append(f"{reading}: {actor.kind}({roles}; {purposes}) {record} {id}: {what}")


Masks = dict[UUID, dict[str, int]]


async def masks(plan: Plan, actor: Actor) -> Masks:
    """The number of the failing step of every field, 0 where granted, as the database says; "" for the row."""
    names = list(plan.grants)
    model = registry.resources()[plan.record].model
    shown = Grant((), plan.row, ())
    columns = {"shown": shown, **{f"c{index}": plan.grants[name] for index, name in enumerate(names)}}
    page = Page(model.all(), registry.resources()[plan.record], verdicts=columns)
    rows = await Statement.page(page).fetch(actor)
    return {
        _id(row["id"]): {"": row["shown"], **{name: row[f"c{index}"] for index, name in enumerate(names)}}
        for row in rows
    }


async def visible(plan: Plan, actor: Actor) -> set[UUID]:
    """The records that the plan's row condition lets through, as a filter."""
    model = registry.resources()[plan.record].model
    query = model.all().annotate(shown=Holds(plan.row, plan.record)).filter(shown=True).values("id")
    return {_id(row["id"]) for row in await Statement.of(query).fetch(actor)}


def _key(record: Facts) -> UUID:
    return _id(vars(record)["id"])


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def step(grant: Grant, record: Facts, values: dict[str, Any]) -> int:
    """The number of the failing step of a grant, 0 when it holds, as Python says."""
    if check.passes(grant.condition, record, values):
        return 0
    failing = (
        number
        for number, (_, condition) in enumerate(grant.steps[:-1], 1)
        if not check.passes(condition, record, values)
    )
    return next(failing, max(len(grant.steps), 1))


def followed(plan: Plan) -> facts.Shape:
    """The relations that a plan's conditions follow."""
    steps = [condition for grant in plan.grants.values() for _, condition in grant.steps]
    return facts.shape([plan.row, *(grant.condition for grant in plan.grants.values()), *steps])


async def compare(policy: Policy, plain: Plain, actor: Actor, record: str, tally: Tally) -> None:
    """Compare every cell of every record of one type for one actor."""
    plan = policy.plan(actor, record)
    known = policy.classified(record)
    if not known:
        return
    by_sql = await masks(plan, actor)
    listed = await visible(plan, actor)
    in_hand = {_key(fact): fact for fact in await facts.load(record, by_sql, followed(plan))}
    values = values_of(actor)
    for fact in plain.records[record]:
        tally.cells += len(known)
        by_oso = plain.reads(actor, fact)
        tally.granted += len(by_oso)
        mask = by_sql[_key(fact)]
        for reading, what in _disagreements(plan, by_oso, mask, _key(fact) in listed):
            tally.differ(reading, actor, record, _key(fact), what)
        for name, grant in plan.grants.items():
            if step(grant, in_hand[_key(fact)], values) != mask[name]:
                tally.differ("Python", actor, record, _key(fact), name)


def _disagreements(
    plan: Plan, by_oso: set[str], mask: dict[str, int], listed: bool
) -> Iterator[tuple[str, object]]:
    by_sql = {name for name in plan.grants if mask[name] == 0}
    if by_sql != by_oso:
        yield "SQL", f"over {sorted(by_sql - by_oso)} under {sorted(by_oso - by_sql)}"
    if (mask[""] == 0) != bool(by_oso):
        yield "row", mask[""]
    if listed != bool(by_oso):
        yield "list", listed


async def compare_actions(policy: Policy, plain: Plain, actor: Actor, tally: Tally) -> None:
    """Compare every action on every record of its type for one actor."""
    values = values_of(actor)
    for action, record in policy.actions:
        grant = policy.action(actor, action, record)
        model = registry.resources()[record].model
        query = model.all().annotate(may=Holds(grant.condition, record)).values("id", "may")
        refused = any(values[name] is None for name in ir.params(grant.condition))
        rows = [] if refused else await Statement.of(query).fetch(actor)
        by_sql = {_id(row["id"]) for row in rows if row["may"]}
        in_hand = await facts.load(record, [_id(row["id"]) for row in rows], facts.shape([grant.condition]))
        by_python = {_key(fact) for fact in in_hand if check.passes(grant.condition, fact, values)}
        by_oso = {_key(fact) for fact in plain.records[record] if plain.may(actor, action, fact)}
        tally.actions += len(plain.records[record])
        for id in by_sql ^ by_oso:
            tally.differ("SQL", actor, record, id, action)
        for id in by_python ^ by_oso:
            tally.differ("Python", actor, record, id, action)


async def compare_all(policy: Policy, plain: Plain, actors: Iterable[Actor]) -> Tally:
    """Compare everything for some actors."""
    tally = Tally()
    for actor in actors:
        for record in registry.RECORDS:
            await compare(policy, plain, actor, record, tally)
        await compare_actions(policy, plain, actor, tally)
        tally.kinds |= {actor.kind}
    return tally
