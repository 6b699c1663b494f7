"""What came of a mutation, as the actor may see it: the fields of its payload, and the reason for each that is not shown."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import strawberry

from models import camel
from policies.compiler import Reason
from procedures.client_key import Made
from schema.reading import guard
from schema.reading.guard import Question
from schema.reading.node import encode
from schema.reading.payload import NotShown
from schema.reading.released import Released
from schema.reading.selection import Selection, selected

#: The fields of a payload: by name, the type and the description.
Fields = Mapping[str, tuple[Any, str]]


@dataclass(frozen=True)
class Before:
    """What was made by an earlier request with the same key."""

    made: Made


@dataclass(frozen=True)
class Field:
    """A field of a payload: its name, the type of the record that it shows, if it does, and whether it shows several."""

    name: str
    record: type[Released] | None
    many: bool

    @classmethod
    def of(cls, name: str, kind: Any) -> Field:
        """The field of this name and type."""
        several = typing.get_args(kind)
        type_ = several[0] if several else kind
        shows = isinstance(type_, type) and issubclass(type_, Released)
        return cls(name, type_ if shows else None, bool(several))


@dataclass(frozen=True)
class Outcome:
    """What came of a mutation that was asked for by a request; the fields are its payload's."""

    info: Any
    fields: Fields

    def made(self, result: Any) -> Made:
        """The records that the payload shows, by field; nothing of fields that hold values."""
        values = _by_name(list(self.fields), result)
        return {each.name: _ids(values[each.name]) for each in self._fields() if each.record}

    def repeated(self, made: Made) -> Before:
        """What the work of an earlier request returned, in the place of what it would return now."""
        return Before(made)

    async def shown(self, result: Any) -> dict[str, Any]:
        """The members of the payload, of what a function returned."""
        again = isinstance(result, Before)
        values = result.made if isinstance(result, Before) else _by_name(list(self.fields), result)
        members: dict[str, Any] = {}
        missing: list[NotShown] = []
        for field in self._fields():
            value = values.get(field.name)
            if field.record is None:
                members[field.name] = value
                missing += [_missing(field)] if again else []
            elif value is not None:
                members[field.name] = shown = await self._view(field, _ids(value))
                if not shown and value != []:
                    missing.append(await self._reason(field, _ids(value), again=again))
        return members | {"not_shown": missing}

    def _fields(self) -> list[Field]:
        return [Field.of(name, kind) for name, (kind, _) in self.fields.items()]

    def _selection(self, field: Field) -> Selection:
        assert field.record is not None  # noqa: S101 only records are selected from
        return selected(self.info, field.record.__name__, camel(field.name))

    async def _view(self, field: Field, ids: UUID | list[UUID] | None) -> Any:
        """A record or a list of them as far as the actor may see them now; None for one of which that is nothing."""
        context, selection = self.info.context, self._selection(field)
        if isinstance(ids, list):
            return await guard.read(context, selection, Question().among("id", ids))
        return await guard.one(context, selection, Question().among("id", [ids]))

    async def _reason(self, field: Field, ids: UUID | list[UUID] | None, *, again: bool) -> NotShown:
        if again or isinstance(ids, list) or ids is None or field.record is None:
            return _missing(field, ids)
        reason = await guard.refusal(self.info.context, self._selection(field), ids)
        return _missing(field, ids, reason)


def _missing(
    field: Field, ids: UUID | list[UUID] | None = None, reason: Reason = Reason.NOT_AVAILABLE
) -> NotShown:
    id = None
    if field.record is not None and isinstance(ids, UUID):
        id = strawberry.ID(encode(field.record.__name__, ids))
    return NotShown(field=camel(field.name), id=id, reason=reason)


def _by_name(names: list[str], result: Any) -> dict[str, Any]:
    if len(names) == 1:
        return {names[0]: result}
    if isinstance(result, tuple):
        return dict(zip(names, result, strict=True))
    return {name: getattr(result, name) for name in names}


def _ids(value: Any) -> UUID | list[UUID] | None:
    """The identifiers of a record, of several, or of none; what is an identifier already stays so."""
    if isinstance(value, list):
        return [each if isinstance(each, UUID) else each.id for each in value]
    return value if value is None or isinstance(value, UUID) else value.id
