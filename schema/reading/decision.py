"""What one row becomes: which of its fields are released, withheld, or do not open.

A reading prepares it once; rows with the same verdicts share a decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from policies.compiler import reason, unreadable
from policies.conditions import Grant
from policies.statements import Statement
from schema.reading import actions
from schema.reading.actions import Offered
from schema.reading.context import Context
from schema.reading.released import Released, Withheld
from schema.reading.shapes import Column, Shape
from vault.errors import SealBroken
from vault.ring import Ring
from vault.seal import Sealed


@dataclass(frozen=True)
class Reading:
    """One statement over one type: what it selects, and how its rows become views.

    Attributes:
        grants: the distinct grants whose verdict each row brings, in the order of their columns.
        places: for each open field asked for, the place of its grant among them; None when always granted.
        never: the grant of each field asked for that no record grants this kind of actor.
        offered: the mutations that are asked about, each with the place of its grant among `grants`, None when
            always granted; None where they are not asked about.
    """

    shape: Shape
    statement: Statement
    grants: tuple[Grant, ...]
    places: dict[str, int | None]
    never: dict[str, Grant]
    offered: tuple[tuple[Offered, int | None], ...] | None = None

    @cached_property
    def whose(self) -> str | None:
        """The column that names the customer a record is about, if it is about one."""
        return whose(self.shape)

    @cached_property
    def sealed_as(self) -> str | None:
        """The column that names the category a content is sealed as, where the rows of a table differ in it."""
        return sealed_as(self.shape)

    @cached_property
    def verdicts(self) -> list[str]:
        """The names of the columns that hold verdicts."""
        return verdicts(self.grants)

    @cached_property
    def content(self) -> Any:
        """The field that opens a row's content."""
        return self.shape.resource.model._meta.fields_map["content"]


def sealed_as(form: Shape) -> str | None:
    """The column that names the category a content is sealed as, where the rows of a table differ in it."""
    model: Any = form.resource.model
    columns = model._meta.fields_map
    differs = {"content", "category"} <= columns.keys() and model.own_key is None
    return "category" if differs else None


def whose(form: Shape) -> str | None:
    """The column that names the customer a record is about, if it is about one."""
    if form.resource.name == "Customer":
        return "id"
    return "customer_id" if "customer_id" in form.resource.model._meta.fields_map else None


def verdicts(grants: tuple[Grant, ...]) -> list[str]:
    """The names of the columns that hold verdicts."""
    return [f"verdict_{place}" for place in range(len(grants))]


@dataclass(frozen=True)
class Decision:
    """What one combination of verdicts means: decided once, and the same for every row that has it.

    Attributes:
        granted: the fields to release; `released` names them with their type.
        blank: the view's attributes that stay null, and its `withheld`.
        columns, contents, composed: attributes of the view with where their values come from.
        counted: what is withheld, for the response's count.
    """

    granted: frozenset[str]
    blank: dict[str, Any]
    columns: tuple[tuple[str, Column], ...]
    contents: tuple[tuple[str, str], ...]
    composed: tuple[tuple[str, tuple[Column, ...], Any], ...]
    counted: tuple[tuple[str, str], ...]
    released: tuple[str, frozenset[str]]


def decide(context: Context, reading: Reading, steps: tuple[int, ...]) -> Decision:
    """What one combination of verdicts means to an actor."""
    form, actor = reading.shape, context.actor
    failed = {name: place for name, place in reading.places.items() if place is not None and steps[place]}
    reasons = {name: reason(reading.grants[place], steps[place], actor) for name, place in failed.items()}
    reasons |= {name: reason(grant, 1, actor) for name, grant in reading.never.items()}
    granted = frozenset(reading.places.keys() - failed.keys())
    blank: dict[str, Any] = {form.attributes[name]: None for name in reasons}
    blank["withheld"] = [Withheld(field=name, reason=why) for name, why in sorted(reasons.items())]
    if reading.offered is not None:
        verdicts = ((each, 0 if place is None else steps[place]) for each, place in reading.offered)
        blank["actions"] = actions.decided(context, form.resource.name, verdicts)
    names = sorted(granted)
    composed = ((form.attributes[name], form.composed[name]) for name in names if name in form.composed)
    return Decision(
        granted,
        blank,
        tuple((form.attributes[name], form.columns[name]) for name in names if name in form.columns),
        tuple((form.attributes[name], form.contents[name]) for name in names if name in form.contents),
        tuple((key, tuple(form.column(part) for part in each.columns), each.make) for key, each in composed),
        tuple((f"{form.resource.name}.{name}", why.value) for name, why in sorted(reasons.items())),
        (form.resource.name, granted),
    )


def opened(
    reading: Reading, decision: Decision, row: Mapping[str, Any], rings: Mapping[str, Ring]
) -> dict[str, Any] | None:
    """The granted values of a row's content; it is opened only when there are any. None: it does not open."""
    if not decision.contents:
        return {}
    if row["content"] is None:
        # A message that was sent says nothing any more.
        return dict.fromkeys(name for name, _ in decision.contents)
    ring, sealed = rings.get(str(row["customer_id"])), Sealed(bytes(row["content"]))
    category = row[reading.sealed_as] if reading.sealed_as else None
    try:
        content = reading.content.open(ring, row["id"], row["revision"], sealed, category)
    except SealBroken:
        return None
    return {name: getattr(content, part) for name, part in decision.contents}


def broken(context: Context, reading: Reading, decision: Decision, row: Mapping[str, Any]) -> Decision:
    """The decision on a row whose content does not open: what was granted of it is withheld after all."""
    context.broken.add((reading.shape.resource.table, str(row["id"])))
    why, (record, granted) = unreadable(context.actor), decision.released
    contents = {attribute for attribute, _ in decision.contents}
    names = {own: name for name, own in reading.shape.attributes.items() if own in contents}
    withheld = [Withheld(field=name, reason=why) for name in sorted(names.values())]
    blank = {**decision.blank, **dict.fromkeys(names)}
    blank["withheld"] = sorted([*decision.blank["withheld"], *withheld], key=lambda each: each.field)
    counted = tuple((f"{record}.{name}", why.value) for name in sorted(names.values()))
    return replace(
        decision,
        blank=blank,
        contents=(),
        counted=(*decision.counted, *counted),
        released=(record, granted - set(names.values())),
    )


def viewed(
    reading: Reading, decision: Decision, row: Mapping[str, Any], values: Mapping[str, Any]
) -> Released:
    """One row as a view, with what was opened of its content."""
    attributes = {**decision.blank, "id": row["id"], **values}
    for name, column in decision.columns:
        attributes[name] = column.read(row[column.name])
    for name, columns, make in decision.composed:
        attributes[name] = make(*(column.read(row[column.name]) for column in columns))
    return reading.shape.view.mint(attributes)
