"""The columns of a file of customers, one a line, that hold the rows of each category.

category.field          of the one row, such as `identity.givenName`
category.KIND.field     of a row of each kind, such as `postal_address.HOME.street`
category.KIND           where a row is nothing but its kind and one value; several columns may be mapped to it
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from models import PERSONAL, Choice, Given, Part, Personal, camel
from models.errors import Unfit
from procedures.tables.table import RowFault

Fields = dict[str, list[str]]


@dataclass(frozen=True)
class Columns:
    """The columns of one category.

    Attributes:
        model: the category's table.
        kind: the field of whose values each has a row of its own; None where there is one row.
        parts: the other fields, by their names in columns.
    """

    model: type[Personal]
    kind: Part | None
    parts: dict[str, Part]

    @property
    def one_value(self) -> bool:
        """Whether a row is nothing but its kind and one value."""
        return self.kind is not None and len(self.parts) == 1

    @property
    def names(self) -> list[str]:
        """The fields that columns can be mapped to."""
        if self.one_value:
            return self._prefixes
        return [f"{prefix}.{name}" for prefix in self._prefixes for name in self.parts]

    @property
    def _prefixes(self) -> list[str]:
        category = self.model.category.value
        return [f"{category}.{kind}" for kind in self.kind.type] if self.kind is not None else [category]

    def rows(self, fields: Fields, now: Any) -> Iterator[dict[str, Any]]:
        """The checked values of each row of this category in a line; raises RowFault."""
        for prefix in self._prefixes:
            kind = {} if self.kind is None else {self.kind.name: prefix.rpartition(".")[2]}
            if self.one_value:
                (name,) = (part.name for part in self.parts.values())
                for cell in dict.fromkeys(fields.get(prefix, ())):
                    yield self._checked({**kind, name: cell}, now, "", prefix)
                continue
            columns = [(f"{prefix}.{name}", part) for name, part in self.parts.items()]
            texts = {part.name: fields[column][0] for column, part in columns if column in fields}
            if texts:
                yield self._checked({**kind, **texts}, now, f"{prefix}.", None)

    def _checked(self, texts: dict[str, str], now: Any, within: str, called: str | None) -> dict[str, Any]:
        declared = self.model.declared.parts
        try:
            row = {
                name: declared[name].read(text, called or within + camel(name))
                for name, text in texts.items()
            }
            values = Given(row, now=now, imported=True, within=within, called=called)
            parts = {name: part for name, part in declared.items() if not part.secret}
            return self.model.checked(values, parts)
        except Unfit as error:
            raise RowFault(error.code, f"{error.field} cannot be used") from None


def _columns(model: type[Personal]) -> Columns:
    parts = {camel(part.name): part for part in model.declared.released}
    kind = next((part for part in parts.values() if not part.sealed and issubclass(part.type, Choice)), None)
    return Columns(model, kind, {name: part for name, part in parts.items() if part is not kind})


def _simple(model: type[Personal]) -> bool:
    """Whether a line of a file can hold a row: it has no lists, and need not be submitted sealed."""
    declared = model.declared
    several = any(part.several is not None for part in declared.parts.values())
    return not (several or declared.submitted_sealed or declared.stays_behind)


COLUMNS: Final = tuple(_columns(model) for model in PERSONAL.values() if _simple(model))
