"""The worlds that policies are tested on: an actor, a customer, and records that are linked as the database links them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from models import PERSONAL
from policies.actor import Channel
from policies.conditions import ABSENT, NOW, PURPOSE, PURPOSES, Anyone, Compare, Kind, check
from policies.judging.imagined import NOON, Imagined, World
from policies.registry import Relation, Resource


class Linked(Imagined):
    """A record whose relations lead to those records of its world whose keys fit."""

    _world: Scene

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        value = self.__dict__[name] = self._world.linked(self, name)
        return value


class Scene(World):
    """One actor, one customer, and what else there is. Of what nothing is said, nothing was filled in.

    Args:
        kinds: the class of each type of record.
        kind: of the actor.
        zone: where the clock hangs by which days and times are told.
        now: when it is.
    """

    def __init__(self, kinds: dict[str, type], kind: str, zone: str = "UTC", now: datetime = NOON) -> None:
        names = {"id": UUID(int=1), "customerId": UUID(int=2), "partnerId": UUID(int=3)}
        known = {f"actor.{name}": None if name in ABSENT[kind] else value for name, value in names.items()}
        super().__init__(kinds, {**known, "actor.channel": Channel.API.value, NOW.name: now})
        self.state()
        self.roles: set[str] = set()
        self._kind, self._zone = kind, zone
        self._counted = len(names)
        self._records: list[Any] = []
        self._made: dict[str, Any] = {}
        self.customer = self.record("Customer")

    @property
    def kind(self) -> Kind:
        """The kind of the actor, with its roles."""
        return Kind(self._kind, frozenset(self.roles))

    @property
    def purposes(self) -> list[str]:
        """The purposes that the actor states."""
        return list(self.actor[PURPOSES.name])

    def state(self, *purposes: str) -> None:
        """Let the actor state these purposes, and no other."""
        stated = list(dict.fromkeys(purposes))
        count = len(stated)
        self.actor |= {
            PURPOSE.name: stated[-1] if stated else None,
            PURPOSES.name: stated,
            "actor.purposeCount": count,
        }

    @property
    def values(self) -> dict[str, Any]:
        """The question's parameters as conditions take them: `actor.purpose` is any of those stated."""
        return {**self.actor, PURPOSE.name: self.purposes}

    @property
    def people(self) -> list[Anyone]:
        """The actor as rules see one: once for each stated purpose, or once with none."""
        return [
            self.kind.actor({**self.actor, PURPOSE.name: purpose}, self._zone)
            for purpose in (*self.purposes,) or (None,)
        ]

    def subject(self, name: str) -> Any:
        """The record of a type that is asked about: the last that a fixture made, or else a new one of the customer's."""
        if name == "Customer":
            return self.customer
        if name not in self._made:
            record = self._made[name] = self.record(name)
            if "customerId" in record._resource.fields:
                record.customerId = self.customer.id
            if record._resource.personal:
                record.consentId = self._consent(name).id
        return self._made[name]

    def _consent(self, name: str) -> Any:
        """The consent that a row rests on: the customer's to its category, as the database wants it, or else any."""
        (category,) = (category for category, model in PERSONAL.items() if model.__name__ == name)
        found = [each for each in self.customer.consents if each.category == category.value]
        return found[-1] if found else self.record("Consent")

    def begin(self) -> None:
        """Let what comes now change what was said before; only identities stay."""
        self._settled = {(id(record), "id") for record in self._records}

    def _wait(self, compare: Compare, holds: bool) -> None:
        """Let it be another instant only where it has to be: what was made so far was made for this one."""
        if check.holds(compare, {}, self.actor) == holds:
            self._waited.append((compare, holds))
        else:
            super()._wait(compare, holds)

    def record(self, name: str) -> Any:
        """A new record of a type."""
        record = super().record(name)
        self._records.append(record)
        self._settled.add((id(record), "id"))
        return record

    def linked(self, record: Any, name: str) -> Any:
        """What a record has under a name, when that is first looked at."""
        way: Relation | None = record._resource.relations.get(name)
        if way is None:
            return self.value(record._resource, name)
        if way.many and way.target_key != "id":
            return []
        key = getattr(record, _field(record._resource, way.key))
        if not way.many:
            return self._known(way.target, key)
        return [each for each in self._records if each._resource.name == way.target and each.id == key]

    def _known(self, name: str, id: Any) -> Any:
        """The record of a type that has an id, made if there is none."""
        for each in self._records:
            if each._resource.name == name and each.id == id:
                return each
        record = self.record(name)
        record.id = id
        return record

    def member(self, holder: Any, relation: str) -> Any:
        """A new record that a relation to several leads to; the one that a key names, where the key was said before."""
        way: Relation = holder._resource.relations[relation]
        if way.target_key == "id" and (id(holder), key := _field(holder._resource, way.key)) in self._settled:
            record = self._known(way.target, getattr(holder, key))
            setattr(holder, relation, [record])
            return record
        record = self._made[way.target] = self.record(way.target)
        if way.target_key == "id":
            setattr(holder, _field(holder._resource, way.key), record.id)
            setattr(holder, relation, [record])
        else:
            setattr(record, _field(record._resource, way.target_key), holder.id)
            getattr(holder, relation).append(record)
        return record


def _field(resource: Resource, column: str) -> str:
    return next(name for name, field in resource.fields.items() if field.column == column)
