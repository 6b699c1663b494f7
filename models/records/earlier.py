"""A row as it was before somebody else than the customer wrote it: taken down as text, and put back."""

import json
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Self

from models.records.fields import BlindIndex, Content
from models.records.sealed import SealedRow, opened

#: What a row does not get back: whose it is and the consent it rests on now, its place, its content and what is made of it.
_OTHERS: Final = {"id", "customer_id", "consent_id", "revision"}


@dataclass(frozen=True, repr=False)
class Earlier:
    """A row as it was.

    Attributes:
        revision: of the row.
        content: its content as JSON, byte for byte.
        columns: its other columns by name, as JSON has them.
    """

    revision: int
    content: str
    columns: dict[str, Any]

    @classmethod
    async def of(cls, row: SealedRow) -> Self:
        """A row as it is at present."""
        field: Any = row._meta.fields_map["content"]
        content = field.encode(await opened(row)).decode()
        return cls(row.revision, content, {name: _plain(getattr(row, name)) for name in _columns(row)})

    @classmethod
    def read(cls, text: str) -> Self:
        """What `written` wrote."""
        return cls(**json.loads(text))

    def written(self) -> str:
        """The row as one text, to be sealed."""
        return json.dumps(vars(self), ensure_ascii=False)

    @property
    def values(self) -> dict[str, Any]:
        """The values of the content by name, as JSON has them."""
        values: dict[str, Any] = json.loads(self.content)
        return values

    def put_back(self, row: Any) -> None:
        """Give a row its earlier content and columns; the caller writes it."""
        fields = row._meta.fields_map
        for name in _columns(row):
            setattr(row, name, fields[name].to_python_value(self.columns[name]))
        row.fill(fields["content"].decode(self.content.encode()))


def _columns(row: SealedRow) -> list[str]:
    fields = row._meta.fields_map
    return sorted(
        name
        for name in row._meta.fields_db_projection.keys() - _OTHERS
        if not isinstance(fields[name], BlindIndex | Content)
    )


def _plain(value: Any) -> str | int | None:
    if value is None or isinstance(value, int):
        return value
    return str(value.value if isinstance(value, Enum) else value)
