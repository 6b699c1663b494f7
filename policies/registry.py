"""The records a policy may speak of: their names, fields and relations, read from the models.

Policy names are the GraphQL names: types as they are, fields in camelCase. A relation that may be absent
(`Task.agreement`) is a collection of none or one (`task.agreements`), so that a policy cannot stumble
over a missing record. Contents and indexes are not here: no condition can look inside a sealed value.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.fields.relational import BackwardFKRelation, BackwardOneToOneRelation, ForeignKeyFieldInstance

import models
from models import PERSONAL, BlindIndex, Content, camel

#: What policies speak of, by its name there: the records that say so of themselves, and all personal data.
RECORDS: dict[str, type[models.Record]] = {
    **{name: model for name, model in sorted(vars(models).items()) if getattr(model, "governed", False)},
    **{model.__name__: model for model in PERSONAL.values()},
}

#: The types whose values have an order that is the same everywhere.
ORDERED = (datetime, date, int)

#: Columns of accounts and sessions that no policy speaks of and no answer holds: secrets, and what people sign in by.
SECRET = {("Account", "login"), ("Account", "password_hash"), ("Session", "token_hash")}


@dataclass(frozen=True)
class Field:
    """A plain column: its name in the database, the Python type of its values, whether it may be missing."""

    column: str
    type: type
    nullable: bool
    orm: fields.Field[Any]

    @property
    def ordered(self) -> bool:
        """Whether `<` means the same everywhere: instants, days and whole numbers."""
        return self.type in ORDERED


@dataclass(frozen=True)
class Relation:
    """A way from one record to others: where its column `key` equals `target_key` in the target's table."""

    target: str
    key: str
    target_key: str
    many: bool


@dataclass(frozen=True)
class Resource:
    """One record type as policies see it."""

    name: str
    model: type[models.Record]
    table: str
    fields: dict[str, Field]
    relations: dict[str, Relation]
    personal: bool


@cache
def resources() -> dict[str, Resource]:
    """Every record type by its policy name; needs initialised models."""
    return {name: _resource(name, model) for name, model in RECORDS.items()}


@cache
def described(name: str) -> str:
    """All that policies can know of a record type and of those that its relations lead to, as one text."""
    known, led = dict[str, Resource](), [name]
    while led:
        one = resources()[led.pop()]
        known[one.name] = one
        led += {relation.target for relation in one.relations.values()} - known.keys()
    return repr([_description(known[name]) for name in sorted(known)])


def _description(resource: Resource) -> tuple[object, ...]:
    columns = [
        (name, field.column, field.type.__name__, field.nullable, _values(field.orm))
        for name, field in sorted(resource.fields.items())
    ]
    return resource.name, resource.table, resource.personal, columns, sorted(resource.relations.items())


def _values(field: fields.Field[Any]) -> list[str]:
    """The values that a column can have, where they are few and known."""
    members: Iterable[Enum] = getattr(field, "enum_type", None) or ()
    return [str(member.value) for member in members]


@cache
def searchable() -> dict[str, Resource]:
    """Every record type with its indexes and the way to its personal rows, which no policy may speak of.

    Only searches use them, and only together with the grant of the field that is searched.
    """
    return {name: _with_indexes(resource) for name, resource in resources().items()}


def _with_indexes(resource: Resource) -> Resource:
    indexes = {
        camel(key): Field(key, bytes, field.null, field)
        for key, field in resource.model._meta.fields_map.items()
        if isinstance(field, BlindIndex)
    }
    ways = {
        name: Relation(name, "id", "customer_id", True)
        for name, target in resources().items()
        if target.personal and resource.name == "Customer"
    }
    return replace(resource, fields={**resource.fields, **indexes}, relations={**resource.relations, **ways})


def _resource(name: str, model: type[models.Record]) -> Resource:
    columns = {
        camel(key): Field(field.source_field or key, _type(field), field.null, field)
        for key, field in model._meta.fields_map.items()
        if _plain(field) and (name, key) not in SECRET
    }
    relations = dict(pair for key, field in model._meta.fields_map.items() for pair in _relation(key, field))
    personal = issubclass(model, models.Personal)
    return Resource(name, model, model._meta.db_table, columns, relations, personal)


def _plain(field: fields.Field[Any]) -> bool:
    return field.has_db_field and not isinstance(field, Content | BlindIndex | fields.BinaryField)


def _type(field: fields.Field[Any]) -> type:
    enumeration = getattr(field, "enum_type", None)
    if enumeration is not None and issubclass(enumeration, Enum):
        return str
    kinds: list[tuple[type, type]] = [
        (fields.UUIDField, UUID), (fields.BooleanField, bool), (fields.DatetimeField, datetime),
        (fields.DateField, date), (fields.IntField, int),
    ]  # fmt: skip
    return next((python for orm, python in kinds if isinstance(field, orm)), str)


def _relation(key: str, field: Any) -> list[tuple[str, Relation]]:
    if isinstance(field, BackwardFKRelation):
        target = field.related_model.__name__
        many = not isinstance(field, BackwardOneToOneRelation)
        name = camel(key) if many else camel(key) + "s"
        # Whether a personal row exists is itself personal: no condition may ask.
        addressable = target in RECORDS and not issubclass(field.related_model, models.Personal)
        return [(name, Relation(target, "id", field.relation_source_field, True))] if addressable else []
    if isinstance(field, ForeignKeyFieldInstance) and field.related_model.__name__ in RECORDS:
        name = camel(key) + ("s" if field.null else "")
        relation = Relation(field.related_model.__name__, field.source_field or f"{key}_id", "id", field.null)
        return [(name, relation)]
    return []
