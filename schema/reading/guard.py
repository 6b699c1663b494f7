"""The guard: the only way from records to an answer.

A reading is one SQL statement for each type and level. It selects the columns that were asked for and
that the plan may grant, with the verdicts of the policy beside them; a row that is not there for the actor
is not fetched, and a value that is not granted never becomes part of a view.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from models import camel
from models.database import dialect
from models.keys import keyring
from policies.compiler import Reason, reason
from policies.conditions import Condition, Kind, Plan, ir
from policies.decide import confirmed
from policies.errors import PolicyError, Refused, Undecided
from policies.policy import Policy
from policies.statements import Holds, Page, Statement, search
from schema.reading import actions
from schema.reading.context import Context
from schema.reading.decision import (
    Decision,
    Reading,
    broken,
    decide,
    opened,
    sealed_as,
    verdicts,
    viewed,
    whose,
)
from schema.reading.released import Edge
from schema.reading.selection import Selection
from schema.reading.shapes import Shape, shape

#: The records that open data to whoever carries them; which of them did is recorded.
OPENING = ("Task", "BreakGlass")
#: The column of a task that says whose it is: its assignee may read it by itself, though it opens nothing else.
CARRIED: Final = {"Task": "assignee_id"}


@dataclass(frozen=True)
class Question:
    """Which records, in which order, and how many: everything but who asks and for what.

    `values` fill the parameters that the condition names; questions that differ in them alone share a
    statement. `key` is a column that each row brings besides what was asked.
    """

    where: Condition = ir.TRUE
    values: Mapping[str, Any] = field(default_factory=dict, compare=False)
    order: search.Order | None = None
    limited: bool = False
    key: str | None = None

    def among(self, name: str, keys: Iterable[Any]) -> Question:
        """Only records whose field is one of some keys."""
        return self.also(search.among(name), {search.KEYS: list(keys)})

    def also(self, condition: Condition, values: Mapping[str, Any]) -> Question:
        """Only records of which a further condition holds."""
        where = ir.conjunction([self.where, condition])
        return replace(self, where=where, values={**self.values, **values})

    def first(self, count: int) -> Question:
        """Only the first records, at most `count`."""
        return replace(self, limited=True, values={**self.values, "limit": count})


async def read(context: Context, selection: Selection, question: Question) -> list[Any]:
    """The records of a type that an actor may see, with what was asked of them.

    Raises:
        Refused: the decision could not be made, which is a no.
    """
    try:
        return [view for view, _ in (await _read(context, selection, question)).rows]
    except (PolicyError, Undecided) as error:
        raise Refused("read") from error


async def page(
    context: Context, selection: Selection, question: Question, count: int
) -> tuple[list[Any], bool]:
    """At most so many records in question, and whether more follow; what follows is neither shown nor counted.

    Raises:
        Refused: the decision could not be made, which is a no.
    """
    try:
        rows = await _read(context, selection, question.first(count + 1), keep=count)
    except (PolicyError, Undecided) as error:
        raise Refused("read") from error
    return [view for view, _ in rows.rows], rows.more


async def one(context: Context, selection: Selection, question: Question) -> Any | None:
    """The one record in question, or None where there is none for the actor."""
    views = await read(context, selection, question.first(1))
    return views[0] if views else None


async def granted(
    context: Context, type_name: str, fields: Iterable[str], ids: Iterable[UUID]
) -> dict[UUID, frozenset[str]]:
    """By record that is there for the actor, those of some fields that a reading would release now; nothing is released.

    Raises:
        PolicyError, Undecided: the decision could not be made, which is a no.
    """
    question = Question().among("id", ids)
    kind = context.policy.kind(context.actor)
    reading = _reading(context.policy, kind, type_name, frozenset(fields), question, dialect())
    if reading is None:
        return {}
    rows = await context.fetch(reading.statement, question.values)
    return {UUID(str(row["id"])): decision.granted for decision, row in _decided(context, reading, rows)}


async def refusal(context: Context, selection: Selection, id: UUID) -> Reason:
    """Why a record that there is, and that the actor knows of, is not shown: the first reason that says what is missing."""
    form = shape(selection.type_name)
    plan = context.policy.plan(context.actor, selection.type_name)
    asked = sorted(frozenset(selection.names()) & form.fields or form.fields)
    grants = dict.fromkeys(plan.grant(name) for name in asked)
    never = [reason(grant, 1, context.actor) for grant in grants if grant.never]
    failing = tuple(grant for grant in grants if not grant.never)
    if not failing:
        return never[0]
    query = _of(form.resource.model, search.among("id"), form.resource.name)
    page = Page(query, form.resource, verdicts=dict(zip(verdicts(failing), failing, strict=True)))
    try:
        rows = await Statement.page(page).fetch(context.actor, {search.KEYS: [id]})
    except (PolicyError, Undecided) as error:
        raise Refused("read") from error
    steps = [(grant, row[name]) for row in rows for name, grant in page.verdicts.items() if row[name]]
    reasons = [reason(grant, step, context.actor) for grant, step in steps] + never
    return min(reasons, key=lambda each: each is Reason.NOT_PERMITTED, default=Reason.NOT_AVAILABLE)


#: A view with the row it came from.
Holder = tuple[Any, Mapping[str, Any]]


@dataclass(frozen=True)
class Rows:
    """Views with the rows they came from, and whether there were more rows than were kept."""

    rows: list[Holder]
    more: bool = False


async def _read(context: Context, selection: Selection, question: Question, keep: int | None = None) -> Rows:
    """The views in question; at most `keep` of them."""
    if not context.narrowed:
        raise Refused("read")
    asked = frozenset(selection.names())
    reading = _reading(
        context.policy, context.policy.kind(context.actor), selection.type_name, asked, question, dialect()
    )
    if reading is None:
        return Rows([])
    if reading.offered and context.confirmed is None:
        context.confirmed = await confirmed(context.actor)
    rows = await context.fetch(reading.statement, question.values)
    decided = _decided(context, reading, rows[:keep])
    rings = await keyring.rings({row["customer_id"] for decision, row in decided if decision.contents})
    found = []
    for granted, row in decided:
        values = opened(reading, granted, row, rings)
        decision = broken(context, reading, granted, row) if values is None else granted
        _count(context, reading, row, decision)
        if context.sample is not None:
            context.sample.add(selection.type_name, asked & reading.shape.fields, row["id"], decision.granted)
        found.append((decision, viewed(reading, decision, row, values or {}), row))
    form = reading.shape
    for name in sorted((form.edges.keys() | form.gathered.keys()) & reading.places.keys()):
        holders: list[Holder] = [(view, row) for decision, view, row in found if name in decision.granted]
        if name in form.edges:
            await _follow(context, selection, form, name, holders)
        else:
            await _gather(context, form, name, holders)
    return Rows([(view, row) for _, view, row in found], keep is not None and len(rows) > keep)


def _count(context: Context, reading: Reading, row: Mapping[str, Any], decision: Decision) -> None:
    """Remember for the record what is withheld, what is released of whom, and what opened it."""
    context.withheld.update(decision.counted)
    if reading.whose is None:
        context.reads.setdefault(None, set()).add(decision.released)
        return
    context.reads.setdefault(row[reading.whose], set()).add(decision.released)
    for name in OPENING:
        context.opened_by.setdefault(row[reading.whose], {}).setdefault(name, set()).update(row[name].split())
    carried = CARRIED.get(reading.shape.resource.name)
    if carried and str(row[carried]) == str(context.actor.actor_id):
        context.opened_by[row[reading.whose]].setdefault("itself", set()).add(str(row["id"]))


def _decided(
    context: Context, reading: Reading, rows: Iterable[Mapping[str, Any]]
) -> list[tuple[Decision, Mapping[str, Any]]]:
    """Each row with what its verdicts mean."""
    decisions: dict[tuple[int, ...], Decision] = {}
    decided = []
    for row in rows:
        steps = tuple(row[name] for name in reading.verdicts)
        decision = decisions.get(steps) or decisions.setdefault(steps, decide(context, reading, steps))
        decided.append((decision, row))
    return decided


@lru_cache(maxsize=512)
def _reading(
    policy: Policy, kind: Kind, type_name: str, asked: frozenset[str], question: Question, dialect: str
) -> Reading | None:
    """The reading, prepared once for everybody it is the same for; kept apart for each dialect."""
    del dialect
    plan, form = policy.plan(kind, type_name), shape(type_name)
    if not plan.grants:
        return None
    fields = sorted(asked & form.fields)
    wanted = [name for name in fields if not plan.grant(name).never]
    # What holds for every row that is there need not be asked of each.
    open_ = {name for name in wanted if search.visible(plan, name) == ir.TRUE}
    offers = actions.offered(policy, kind, type_name) if "actions" in asked else ()
    asking = [each.grant for each in offers if not each.grant.always]
    grants = tuple(dict.fromkeys([*(plan.grant(name) for name in wanted if name not in open_), *asking]))
    places = {name: None if name in open_ else grants.index(plan.grant(name)) for name in wanted}
    beside = [name for name in (whose(form), CARRIED.get(type_name), question.key) if name]
    columns = list(dict.fromkeys(["id", *beside, *_columns(form, wanted)]))
    page = replace(
        _page(plan, form, question),
        columns=columns,
        opening=dict.fromkeys(OPENING if whose(form) else (), plan.row),
        verdicts=dict(zip(verdicts(grants), grants, strict=True)),
    )
    return Reading(
        form,
        Statement.page(page),
        grants,
        places,
        {name: plan.grant(name) for name in fields if name not in places},
        tuple((each, None if each.grant.always else grants.index(each.grant)) for each in offers)
        if "actions" in asked
        else None,
    )


def _page(plan: Plan, form: Shape, question: Question) -> Page:
    """The records in question that are there for the actor."""
    resource, keys = form.resource, ir.params(question.where)
    if search.KEYS in keys and not question.limited:
        # Few rows belong to the keys: whether they are there is found beside what else is asked of them.
        query = _of(resource.model, question.where, resource.name)
        return Page(query, resource, shown=plan.row, bounded=True)
    # What is searched for comes first: SQLite begins with the first list of keys, and an actor may carry many tasks.
    query = _of(resource.model, ir.conjunction([question.where, plan.row]), resource.name)
    query, order = _sorted(query, plan, form, question.order)
    if question.limited:
        return Page(query.limit(1), resource, order=order, limited=True)
    return Page(query, resource, order=order, bounded=True)


def _of(model: Any, condition: Condition, record: str) -> Any:
    """The records that meet a condition."""
    return model.annotate(there=Holds(condition, record)).filter(there=True)


def _sorted(query: Any, plan: Plan, form: Shape, order: search.Order | None) -> tuple[Any, list[str]]:
    """The query in an order that is the same every time, and the columns that make it."""
    if order is None:
        return query.order_by("id"), ["id"]
    sign = "-" if order.descending else ""
    columns = [f"{sign}{form.columns[order.field].name}", "id"]
    if not order.plain(plan):
        cell, missing = search.Cell(plan, order.field), search.Cell(plan, order.field, missing=True)
        query, columns = (
            query.annotate(sorted_by=cell, missing=missing),
            ["missing", f"{sign}sorted_by", "id"],
        )
    return query.order_by(*columns), columns


def _columns(form: Shape, fields: Iterable[str]) -> list[str]:
    columns: list[str] = []
    for name in fields:
        if name in form.columns:
            columns.append(form.columns[name].name)
        elif name in form.contents:
            columns.extend(filter(None, ("content", "revision", sealed_as(form))))
        elif name in form.composed:
            columns.extend(form.composed[name].columns)
        elif name in form.gathered:
            columns.append(form.gathered[name].here)
        else:
            columns.append(form.edges[name].here)
    return columns


async def _follow(
    context: Context,
    selection: Selection,
    form: Shape,
    name: str,
    holders: list[Holder],
) -> None:
    """Read what an edge leads to, for all its holders at once, and hand it to each."""
    edge, attribute = form.edges[name], form.attributes[name]
    keys = {row[edge.here] for _, row in holders} - {None}
    below = (
        selection.written(edge.target, f"{{ {edge.pluck} }}")
        if edge.pluck
        else selection.below(name, edge.target)
    )
    groups = await _groups(context, below, edge, keys) if keys else {}
    for view, row in holders:
        group = groups.get(row[edge.here], [])
        view.__dict__[attribute] = group if edge.many else (group[0] if group else None)


async def _gather(context: Context, form: Shape, name: str, holders: list[Holder]) -> None:
    """Find the values of a field for all records of which it is granted, and hand each its own."""
    gathered, attribute = form.gathered[name], form.attributes[name]
    keys = [UUID(str(row[gathered.here])) for _, row in holders]
    values = await gathered.find(keys, context.actor.now) if keys else {}
    for (view, _), key in zip(holders, keys, strict=True):
        view.__dict__[attribute] = values.get(key, gathered.missing)


async def _groups(context: Context, selection: Selection, edge: Edge, keys: set[Any]) -> dict[Any, list[Any]]:
    question = replace(Question().among(camel(edge.there), sorted(keys, key=str)), key=edge.there)
    groups: dict[Any, list[Any]] = {}
    for view, row in (await _read(context, selection, question)).rows:
        item = view.__dict__[edge.pluck] if edge.pluck else view
        groups.setdefault(row[edge.there], []).append(item)
    return groups
