"""What a command shows: a table or lines for people, and with `--json` one JSON document for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import typer
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from commands.exits import Exit

#: Wider than any line: the terminal wraps what is longer than it, so that it can be copied whole.
_UNBOUND: Final = 1_000_000


@dataclass(frozen=True)
class Shown:
    """What a command returns to have it shown.

    Attributes:
        plain: the document for programs: objects and lists of texts, numbers, truths, moments and None.
        parts: for people, one below another.
        code: the exit code of the command.
    """

    plain: object
    parts: tuple[RenderableType, ...]
    code: Exit = Exit.OK

    def print(self, *, as_json: bool = False, stderr: bool = False) -> None:
        """Print it on standard output, or for people on standard error; no value of it is cut."""
        if as_json:
            typer.echo(json.dumps(self.plain, ensure_ascii=False, indent=2, default=_encoded))
            return
        console = Console(stderr=stderr, highlight=False, emoji=False, markup=False, soft_wrap=True)
        if not console.is_terminal:
            console.width = _UNBOUND
        for part in self.parts:
            console.print(part)


@dataclass(frozen=True)
class _Rows:
    """A table where the terminal is wide enough, and otherwise a line for each cell, as `psql` has it by itself."""

    headings: Sequence[str]
    cells: Sequence[Sequence[str]]

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        if not self.cells:
            yield Text("There are none.")
        elif self._width() <= options.max_width:
            table = Table(*self.headings, width=self._width())
            for row in self.cells:
                table.add_row(*(Text(cell, no_wrap=True) for cell in row))
            yield table
        else:
            yield from (Text(f"{record}\n") for record in map(self._record, self.cells))

    def _width(self) -> int:
        """How wide a table of them is: two blanks and a line for each column, and a line in front."""
        columns = zip(self.headings, *self.cells, strict=True)
        return 1 + sum(
            3 + max(cell_len(line) for cell in column for line in cell.split("\n")) for column in columns
        )

    def _record(self, row: Sequence[str]) -> str:
        widest = max(map(len, self.headings))
        pairs = zip(self.headings, row, strict=True)
        return "\n".join(
            f"{name:<{widest}}  " + f"\n{'':<{widest}}  ".join(cell.split("\n")) for name, cell in pairs
        )


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, code: Exit = Exit.OK) -> Shown:
    """Rows under their headings; for programs a list of objects, whose keys are the headings in camelCase."""
    given = [tuple(row) for row in rows]
    keys = [camel(heading) for heading in headings]
    return Shown(
        [dict(zip(keys, row, strict=True)) for row in given],
        (_Rows(headings, [[_text(cell) for cell in row] for row in given]),),
        code,
    )


def lines(plain: object, text: Iterable[str], *, code: Exit = Exit.OK) -> Shown:
    """Lines for people, and beside them the same for programs."""
    return Shown(plain, tuple(map(Text, text)), code)


def facts(given: Mapping[str, object], *, code: Exit = Exit.OK) -> Shown:
    """What is known of one thing, by name: a line for each; for programs an object."""
    widest = max(map(len, given))
    text = (f"{name:<{widest}}  {_text(value)}" for name, value in given.items())
    return lines({camel(name): value for name, value in given.items()}, text, code=code)


def below(first: Shown, **more: Shown) -> Shown:
    """Facts with what belongs to them below; for programs under these keys of theirs."""
    assert isinstance(first.plain, dict)  # noqa: S101 only facts have keys
    inner = {name: shown.plain for name, shown in more.items()}
    parts = [part for shown in more.values() for part in shown.parts if shown.plain]
    return Shown(first.plain | inner, (*first.parts, *parts), first.code)


def camel(heading: str) -> str:
    """A heading as a key: `Found at (UTC)` is `foundAt`."""
    first, *more = heading.partition(" (")[0].replace("-", "").split()
    return first.lower() + "".join(word.capitalize() for word in more)


def _text(cell: object) -> str:
    match cell:
        case None | "":
            return "-"
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case list() | tuple():
            return "\n".join(map(_text, cell))
    return str(cell)


def _encoded(value: Any) -> str:
    """What JSON has no word for, as a text: a moment in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)
