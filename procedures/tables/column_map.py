"""Column maps: which column of another system's file is which field here, and which are ignored on purpose.

COLUMN_UNKNOWN   the file has columns that the map neither maps nor ignores; add each under `columns` or `ignore`
COLUMN_MISSING   the file lacks columns that the map names
HEADER_MISSING   no column of the map is in the first line of the file: it must have the names of the columns
FIELD_NEEDED     the map maps no column to a field that is needed
FIELD_TWICE      the map maps several columns to one field that takes one
FIELD_UNKNOWN    the map names a field that does not exist
MAP_INCOMPLETE   the map lacks the section that this file needs
MAP_INVALID      the map is no TOML, or a part of it cannot be used; the text says which
MAP_MISSING      there is no map of this name, and no such file
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from procedures.tables.columns import COLUMNS, Fields
from procedures.tables.table import OURS, ImportRefused, Table

HERE = Path(__file__).parent / "maps"

_PARTS = ("street", "city", "region", "postalCode", "country")

#: The fields that a column may be mapped to, by the section of the map.
FIELDS: dict[str, frozenset[str]] = {
    "customers": frozenset(
        {
            "key",
            "assignee",
            "consent.evidence",
            *(name for columns in COLUMNS for name in columns.names),
        }
    ),
    "employees": frozenset({"key", "login", "givenName", "familyName", "title", "manager"}),
    "orders": frozenset(
        {"key", "customer", "number", "placedAt", "total", "currency", "consent.evidence"}
        | {f"billing.{part}" for part in _PARTS}
    ),
    "lines": frozenset({"order", "product", "quantity", "unitPrice"}),
    "products": frozenset({"key", "name"}),
}
#: The fields that each section must map a column to.
NEEDED: dict[str, frozenset[str]] = {
    "customers": frozenset({"key"}),
    "employees": frozenset({"key", "login", "familyName"}),
    "orders": frozenset({"key", "customer", "placedAt", "total"}),
    "lines": frozenset({"order", "product", "quantity", "unitPrice"}),
    "products": frozenset({"key", "name"}),
}
#: The fields that several columns may share.
MANY = frozenset(name for columns in COLUMNS if columns.one_value for name in columns.names)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """One section of a map file.

    Attributes:
        name: of the map.
        section: the section's name.
        source: the name under which keys from these files are remembered.
        columns: the field of each column.
        ignored: the reason why a column is ignored, by its name.
        delimiter: what stands between the cells of a line.
        roles: the role that goes with an employee's title.
    """

    name: str
    section: str
    source: str
    columns: dict[str, str]
    ignored: dict[str, str]
    delimiter: str
    roles: dict[str, str]

    def maps(self, field: str) -> bool:
        """Whether a column is mapped to this field."""
        return field in self.columns.values()

    def bind(self, table: Table) -> "Binding":
        """Match the map to a file's header.

        Raises:
            ImportRefused: a column is neither mapped nor ignored, or a mapped column is missing. What may be a person's is
                not repeated: a first line in which no column of the map is.
        """
        foreign = [name for name in table.header if not name.startswith(OURS)]
        if self.columns.keys().isdisjoint(foreign):
            raise ImportRefused(
                "HEADER_MISSING",
                f"The first line of {table.path.name} has no column of the map {self.name} [{self.section}]. It must hold the "
                f"names of the columns: {', '.join(self.columns)}.",
            )
        if unknown := [name for name in foreign if name not in self.columns and name not in self.ignored]:
            raise ImportRefused(
                "COLUMN_UNKNOWN",
                f"{table.path.name} has columns that the map {self.name} [{self.section}] neither maps nor ignores: "
                f"{', '.join(unknown)}. Add each under `columns`, or under `ignore`, on purpose.",
            )
        if missing := [name for name in self.columns if name not in foreign]:
            raise ImportRefused(
                "COLUMN_MISSING",
                f"{table.path.name} lacks columns of the map {self.name} [{self.section}]: {', '.join(missing)}.",
            )
        positions = tuple((field, table.header.index(name)) for name, field in self.columns.items())
        return Binding(positions, {name: self.ignored[name] for name in foreign if name in self.ignored})


@dataclass(frozen=True, slots=True)
class Binding:
    """A map matched to one file: each field with the position of its column, and the ignored columns."""

    positions: tuple[tuple[str, int], ...]
    ignored: dict[str, str]

    def fields(self, cells: tuple[str, ...]) -> Fields:
        """The cells of a row that are mapped and not empty, by field."""
        fields: Fields = {}
        for field, position in self.positions:
            if cells[position].strip():
                fields.setdefault(field, []).append(cells[position])
        return fields


def shipped() -> list[str]:
    """The names of the maps that come with Savas."""
    return sorted(path.stem for path in HERE.glob("*.toml"))


def load(name: str, section: str) -> ColumnMap:
    """Read one section of a map: one that comes with Savas by its name, or a file by its path.

    Raises:
        ImportRefused: the map does not exist or is not valid.
    """
    document = _document(name)
    title = Path(name).stem
    if section not in document:
        raise ImportRefused("MAP_INCOMPLETE", f"The map {title} has no section [{section}].")
    parts = _section(title, section, document[section])
    source = document.get("source", title)
    if not isinstance(source, str) or not re.fullmatch(r"[\w.-]{1,100}", source):
        raise ImportRefused("MAP_INVALID", f"The map {title}: `source` is a short name without blanks.")
    return ColumnMap(name=title, section=section, source=source, **parts)


def _document(name: str) -> dict[str, Any]:
    path = HERE / f"{name}.toml" if name in shipped() else Path(name)
    if not path.is_file():
        raise ImportRefused(
            "MAP_MISSING",
            f"No map of this name, and no file. Maps that come with Savas: {', '.join(shipped())}.",
        )
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportRefused("MAP_INVALID", f"The map {path.name} is not TOML: {error}") from None


def _section(title: str, section: str, content: Any) -> dict[str, Any]:
    where = f"The map {title} [{section}]"
    if not isinstance(content, dict) or set(content) - {"columns", "ignore", "delimiter", "roles"}:
        raise ImportRefused("MAP_INVALID", f"{where} may say: columns, ignore, delimiter, roles.")
    columns = _texts(where, "columns", content.get("columns", {}))
    ignore = content.get("ignore", {})
    if isinstance(ignore, list):
        ignore = {column: "not needed" for column in ignore if isinstance(column, str)}
    ignored = _texts(where, "ignore", ignore)
    _check(where, section, columns, ignored)
    delimiter = content.get("delimiter", ",")
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n':
        raise ImportRefused("MAP_INVALID", f"{where}: `delimiter` is one character.")
    roles = _texts(where, "roles", content.get("roles", {}))
    return {"columns": columns, "ignored": ignored, "delimiter": delimiter, "roles": roles}


def _texts(where: str, name: str, table: Any) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise ImportRefused("MAP_INVALID", f"{where}: `{name}` takes names to texts.")
    return table


def _check(where: str, section: str, columns: dict[str, str], ignored: dict[str, str]) -> None:
    fields = list(columns.values())
    if unknown := sorted(set(fields) - FIELDS[section]):
        raise ImportRefused(
            "FIELD_UNKNOWN",
            f"{where}: no such fields: {', '.join(unknown)}. There are: {', '.join(sorted(FIELDS[section]))}.",
        )
    if missing := sorted(NEEDED[section] - set(fields)):
        raise ImportRefused("FIELD_NEEDED", f"{where} maps no column to: {', '.join(missing)}.")
    if twice := sorted({field for field in fields if fields.count(field) > 1} - MANY):
        raise ImportRefused("FIELD_TWICE", f"{where} maps several columns to: {', '.join(twice)}.")
    if both := sorted(set(columns) & set(ignored)):
        raise ImportRefused("MAP_INVALID", f"{where} both maps and ignores: {', '.join(both)}.")
