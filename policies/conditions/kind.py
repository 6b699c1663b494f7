"""The classes that policies name, and kinds of actor: what is known of an actor before it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from policies import moments
from policies.actor import Actor
from policies.conditions.ir import NOW, Const, Param
from policies.errors import PolicyError
from policies.moments import FACTS, Moment


class Anyone:
    """An actor of any kind, as policies call it."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)

    def ago(self, span: str) -> datetime:
        """The instant so long before the question."""
        return moments.ago(self.__dict__["now"], span)


class Staff(Anyone):
    """An employee."""


class Person(Anyone):
    """A customer, asking about themselves."""


class Subcontractor(Anyone):
    """A partner's client."""


class Stranger(Anyone):
    """Somebody not signed in."""


class Record:
    """A record of any type, as policies call it."""


class Personal(Record):
    """A row of personal data."""


ACTORS: dict[str, type[Anyone]] = {
    cls.__name__: cls for cls in (Anyone, Staff, Person, Subcontractor, Stranger)
}

#: What a policy may ask of an actor, besides `roles`: known when the question is asked.
ATTRIBUTES = ("id", "customerId", "partnerId", "purpose", "purposes", "purposeCount", "channel", "now")


#: How the kinds of actor are called in policies.
CLASSES = {
    "Employee": "Staff",
    "Customer": "Person",
    "PartnerClient": "Subcontractor",
    "Anonymous": "Stranger",
}

#: What actors of a kind never have; it is missing, as plain Oso sees it.
ABSENT: Mapping[str, frozenset[str]] = {
    "Staff": frozenset({"customerId", "partnerId"}),
    "Person": frozenset({"partnerId"}),
    "Subcontractor": frozenset({"customerId"}),
    "Stranger": frozenset({"id", "customerId", "partnerId"}),
}


@dataclass(frozen=True)
class Items:
    """A list of terms."""

    items: tuple[Any, ...]


@dataclass(frozen=True)
class Kind:
    """A kind of actor: the class of it, and the roles."""

    name: str
    roles: frozenset[str] = frozenset()

    @classmethod
    def of(cls, actor: Actor) -> Kind:
        """The kind that an actor belongs to."""
        return cls(CLASSES[actor.kind], frozenset(role.value for role in actor.roles))

    def attribute(self, name: str, zone: str = "UTC") -> Items | Const | Param:
        """What the actor has under a name; of what the clock says, where that clock hangs.

        Raises:
            PolicyError: there is no such thing.
        """
        if name == "roles":
            return Items(tuple(Const(role) for role in sorted(self.roles)))
        if name in FACTS:
            return Param(NOW.name, Moment(name, zone))
        if name not in ATTRIBUTES:
            raise PolicyError(f"an actor has no `{name}`; known: roles, {', '.join((*ATTRIBUTES, *FACTS))}")
        return Const(None) if name in ABSENT.get(self.name, ()) else Param(f"actor.{name}")

    def actor(self, values: Mapping[str, Any], zone: str = "UTC") -> Anyone:
        """An actor of this kind as rules see one.

        Args:
            values: the question's parameters by name; `actor.purpose` is one purpose, or None.
            zone: where the clock hangs by which days and times are read.
        """
        known = {name: values[f"actor.{name}"] for name in ATTRIBUTES}
        moments = {name: Moment(name, zone).of(known["now"]) for name in FACTS}
        return ACTORS[self.name](roles=sorted(self.roles), **known, **moments)

    def fits(self, tag: str) -> bool:
        """Whether it is of a class."""
        return tag in ACTORS and issubclass(ACTORS[self.name], ACTORS[tag])


#: The kinds of those who are not staff, and have no roles.
NOT_STAFF = Kind("Person"), Kind("Subcontractor"), Kind("Stranger")
