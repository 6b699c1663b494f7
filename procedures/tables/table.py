"""Reading CSV files of other systems; every fault has a code, a line and a text that says what to do.

FILE_MISSING        there is no such file
FILE_EMPTY          the file has no line with the column names
ENCODING_WRONG      a line is not in the encoding that was named; name the right one with --encoding, such as windows-1257
HEADER_EMPTY        a column has no name
HEADER_TWICE        two columns have one name
NUL_CHARACTER       the text holds NUL characters, as UTF-16 read as UTF-8 does; name the encoding, or take them out
LINE_TOO_LONG       a line is longer than 4 MiB: the file is probably no CSV file
ROW_RAGGED          the row has more or fewer cells than the file has columns
CELL_TOO_LONG       a value is longer than 65,536 characters
QUOTES_UNBALANCED   a quotation mark is not closed, or one within a cell is not doubled
"""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from models.errors import ProcedureError

#: The longest cell, in characters.
LONGEST_CELL = 64 * 1024
#: The longest line, in characters: a file without line breaks must not fill the memory.
LONGEST_LINE = 4 * 1024 * 1024
#: Columns of this prefix are ignored, so that a corrected file of error rows can be imported as it is.
OURS = "savas."

_BREAK = re.compile(r"\r\n|\r|\n")
_CHUNK = 1 << 20


class ImportRefused(ProcedureError):
    """The file, the map or the circumstances do not allow this import; nothing of it was written."""


class RowFault(Exception):
    """One row cannot be imported; `reason` never holds a value of the row."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the file: its first line, its cells, and why it cannot be used, if it cannot."""

    line: int
    cells: tuple[str, ...]
    fault: RowFault | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file whose encoding and header have been checked; `lines` counts the lines of text in it."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    lines: int

    def rows(self) -> Iterator[Row]:
        """The records below the header, in order; blank lines are skipped."""
        with _text(self.path, self.encoding) as file:
            records = _records(file, self.delimiter)
            next(records)
            for record in records:
                yield _shaped(record, len(self.header))


def open_table(path: Path, *, encoding: str = "utf-8", delimiter: str = ",") -> Table:
    """A CSV file, once its encoding and header are checked.

    Raises:
        ImportRefused: the file cannot be read like this; the text says in which line, and what to do.
    """
    if not path.is_file():
        raise ImportRefused("FILE_MISSING", f"{path.name} is not there, or is not a file.")
    encoding = _encoding(encoding)
    lines = _count_lines(path, encoding)
    with _text(path, encoding) as file:
        first = next(_records(file, delimiter), None)
    if first is None:
        raise ImportRefused("FILE_EMPTY", f"{path.name} is empty: a line with the column names was expected.")
    if first.fault:
        raise ImportRefused(first.fault.code, f"{path.name}, line {first.line}: {first.fault.reason}")
    return Table(path, encoding, delimiter, _header(path, first.cells), lines)


def _encoding(name: str) -> str:
    try:
        canonical = codecs.lookup(name).name
        codecs.getincrementaldecoder(canonical)
        "".encode(canonical)
    except LookupError:
        raise ImportRefused(
            "ENCODING_UNKNOWN",
            "This encoding has no known name. Try utf-8, windows-1257, iso-8859-13 or utf-16.",
        ) from None
    # This variant also skips a byte order mark.
    return "utf-8-sig" if canonical == "utf-8" else canonical


def _count_lines(path: Path, encoding: str) -> int:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                lines += len(_BREAK.findall(decoder.decode(chunk, final=not chunk)))
            except UnicodeError as error:
                raise _undecodable(path, encoding, lines, error) from None
            if not chunk:
                return lines


def _undecodable(path: Path, encoding: str, lines: int, error: UnicodeError) -> ImportRefused:
    if isinstance(error, UnicodeDecodeError):
        decoded = error.object[: error.start].decode(encoding, errors="ignore")
        lines += len(_BREAK.findall(decoded))
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    return ImportRefused(
        "ENCODING_WRONG",
        f"{path.name}, line {lines}: not valid {name}. Name the file's encoding with --encoding (such as "
        f"windows-1257), or convert it: iconv -f WINDOWS-1257 -t UTF-8 {path.name} > converted.csv",
    )


def _header(path: Path, cells: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in cells)
    if any("\0" in name for name in names):
        raise ImportRefused(
            "NUL_CHARACTER",
            f"{path.name} has NUL characters in its first line: is it UTF-16? Try --encoding utf-16.",
        )
    if "" in names:
        raise ImportRefused("HEADER_EMPTY", f"{path.name}: column {names.index('') + 1} has no name.")
    if twice := [str(place) for place, name in enumerate(names, 1) if names.count(name) > 1]:
        # By their places: a file without a header has somebody's values there.
        raise ImportRefused("HEADER_TWICE", f"{path.name}: columns {', '.join(twice)} share their names.")
    return names


def _text(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, newline="")


class _Lines:
    """The lines of a file for the CSV reader, counted, and never longer than the memory allows."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.count = 0
        self.of_record: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.file.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.count += 1
        self.of_record.append(line)
        if len(line) == LONGEST_LINE:
            raise ImportRefused("LINE_TOO_LONG", f"Line {self.count} is too long: is this a CSV file?")
        return line


def _records(file: TextIO, delimiter: str) -> Iterator[Row]:
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = lines.count + 1
        lines.of_record.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # A record that cannot be split into cells is handed on whole, for the file of error rows.
            yield Row(line, ("".join(lines.of_record),), _unreadable(error, line, lines.count))
            continue
        if cells:
            yield Row(line, tuple(cells))


def _unreadable(error: csv.Error, first: int, last: int) -> RowFault:
    if "field limit" in str(error):
        return RowFault("CELL_TOO_LONG", f"a cell is longer than {LONGEST_CELL} characters")
    where = f"between lines {first} and {last}" if last > first else f"in line {first}"
    return RowFault("QUOTES_UNBALANCED", f"a quotation mark {where} is not closed or not doubled")


def _shaped(row: Row, width: int) -> Row:
    if row.fault:
        return row
    if len(row.cells) != width:
        return Row(
            row.line, row.cells, RowFault("ROW_RAGGED", f"{len(row.cells)} cells, but {width} columns")
        )
    if any("\0" in cell for cell in row.cells):
        return Row(row.line, row.cells, RowFault("NUL_CHARACTER", "a cell holds a NUL character"))
    if any(len(cell) > LONGEST_CELL for cell in row.cells):
        return Row(
            row.line, row.cells, RowFault("CELL_TOO_LONG", f"a cell is longer than {LONGEST_CELL} characters")
        )
    return row
