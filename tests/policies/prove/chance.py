"""Worlds of a few records whose every field is left to chance, as far as the columns of the database allow.

They are larger than what a rule would write and smaller than an office, and nothing in them fits together that nothing forces to:
a consent may permit what its state does not, and a row may rest on somebody else's consent.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from policies.conditions.facts import Facts
from policies.conditions.ir import PURPOSE, PURPOSES
from policies.judging.imagined import NOON
from policies.prove import Counterexample
from policies.prove.formulas import listed
from policies.registry import Field, Resource, resources

#: Ids of accounts and others that are no records of policies.
OUTSIDE = [UUID(int=number) for number in range(1, 4)]


class Chance:
    """One world: its records by type, and what is known of an actor in it.

    Args:
        number: what the world follows from.
        types: the types of its records.
        words: texts of which fields that are no enumeration often hold one.
    """

    def __init__(self, number: int, types: Iterable[str], words: list[str]) -> None:
        self._random = Random(number)  # noqa: S311 chance here keeps no secret
        self._words, self._few = words, dict[str, list[str]]()
        self.records = {name: self._some(resources()[name]) for name in sorted(types)}
        for found in self.records.values():
            for record in found:
                self._fill(record)
        for found in self.records.values():
            for record in found:
                self._link(record)
        chosen = self._random.sample(self._words, self._random.randrange(len(self._words) + 1))
        self.values: dict[str, Any] = {
            "actor.id": self._random.choice(OUTSIDE),
            "actor.customerId": self._id("Customer"),
            "actor.partnerId": self._id("Partner"),
            "actor.now": NOON,
            **dict.fromkeys((PURPOSE.name, PURPOSES.name), sorted(chosen)),
            "actor.purposeCount": len(chosen),
            "actor.channel": self._random.choice(("API", "CONSOLE", "PARTNER_NETWORK")),
        }

    def _some(self, resource: Resource) -> list[Facts]:
        ids = [
            UUID(int=self._random.getrandbits(120) + 100) for _ in range(self._random.choice((1, 1, 2, 3)))
        ]
        return [Facts(resource, {"id": id}) for id in ids]

    def _id(self, name: str) -> UUID:
        found: UUID = (
            vars(self._random.choice(self.records[name]))["id"] if name in self.records else OUTSIDE[0]
        )
        return found

    def _fill(self, record: Facts) -> None:
        kept = {way.key: way.target for way in record._resource.relations.values() if way.target_key == "id"}
        for name, field in record._resource.fields.items():
            if name != "id":
                missing = field.nullable and self._random.random() < 0.4
                vars(record)[name] = None if missing else self._value(field, kept.get(field.column))

    def _value(self, field: Field, target: str | None) -> Any:
        if field.type is UUID:
            return self._id(target) if target else self._random.choice([*OUTSIDE, self._id("Customer")])
        words = listed(field)
        if words is None:
            return plain(self._random, field, self._words)
        # Few of many, so that what has to be the same often is.
        few = self._few.setdefault(words[0], self._random.sample(words, min(2, len(words))))
        return self._random.choice([*few, *(word for word in words if word in self._words)])

    def _link(self, record: Facts) -> None:
        for step, way in record._resource.relations.items():
            if way.target in self.records:
                key = _at(record, way.key)
                there = [other for other in self.records[way.target] if _at(other, way.target_key) == key]
                found = [] if key is None else there
                vars(record)[step] = found if way.many else found[0]


def near(counterexample: Counterexample, tried: int, words: list[str]) -> Iterator[None]:
    """Worlds one, two or three fields away from a counterexample, one after another; after them it is as it was."""
    chance = Random(tried)  # noqa: S311 chance here keeps no secret
    places = [
        (record, name, field)
        for record in counterexample.scope.values()
        for name, field in record._resource.fields.items()
        if name in vars(record) and field.column not in _keys(record._resource)
    ]
    for _ in range(tried):
        chosen = chance.sample(places, min(chance.choice((1, 2, 3)), len(places)))
        before = [(record, name, vars(record)[name]) for record, name, _ in chosen]
        for record, name, field in chosen:
            vars(record)[name] = (
                None if field.nullable and chance.random() < 0.4 else plain(chance, field, words)
            )
        yield
        for record, name, value in before:
            vars(record)[name] = value


def plain(chance: Random, field: Field, words: list[str]) -> Any:
    """A value of a field; one that is no word of a list is one of these words."""
    minutes = chance.choice((-2, -1, 0, 1, 2))
    made = {
        UUID: lambda: chance.choice(OUTSIDE),
        bool: lambda: chance.random() < 0.5,
        datetime: lambda: NOON + timedelta(minutes=minutes),
        date: lambda: NOON.date() + timedelta(days=minutes),
        int: lambda: minutes,
    }
    return made.get(field.type, lambda: chance.choice(listed(field) or words))()


def _keys(resource: Resource) -> set[str]:
    """The columns by which records of a type belong together with others."""
    return {way.key for way in resource.relations.values()} | {
        "id",
        "customer_id",
        "agreement_id",
        "break_glass_id",
    }


@cache
def _name(record: str, column: str) -> str:
    """The field of a type that is kept in a column."""
    fields = resources()[record].fields
    return next(name for name, field in fields.items() if field.column == column)


def _at(record: Facts, column: str) -> Any:
    return getattr(record, _name(record._resource.name, column))
