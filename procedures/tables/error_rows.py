"""The file of rows that could not be imported, for the operator to correct.

It holds the original rows, and so personal values: only its owner can read it, and it is to be deleted once it has been
imported. The digits of a cell with what belongs to a payment card are masked even there.

    ERRORS_FILE_TAKEN        the file for refused rows would replace another file; choose another with --errors
    ERRORS_FILE_UNWRITABLE   the file for refused rows cannot be written; run again with --errors PATH, what was imported stays
"""

import csv
from pathlib import Path
from types import TracebackType
from typing import TextIO

from models.values import masked
from procedures import private_file
from procedures.tables.table import OURS, ImportRefused, Row, RowFault

COLUMNS = (f"{OURS}line", f"{OURS}code", f"{OURS}reason")


class ErrorRows:
    """Writes error rows to a file that is made with the first of them; one of an earlier run is deleted.

    Args:
        path: the file; None writes nowhere.
        header: the columns of the imported file.
        delimiter: as in the imported file, so that the corrected file can be imported with the same map.
    """

    def __init__(self, path: Path | None, header: tuple[str, ...], delimiter: str = ",") -> None:
        self.path = path
        self.columns = [number for number, name in enumerate(header) if not name.startswith(OURS)]
        self.header = header
        self.delimiter = delimiter
        self._file: TextIO | None = None

    def __enter__(self) -> "ErrorRows":
        if self.path is not None and (self.path.is_symlink() or self.path.exists()):
            if not _has_error_rows(self.path):
                raise ImportRefused(
                    "ERRORS_FILE_TAKEN",
                    f"{self.path.name} is there and holds no error rows: choose another --errors.",
                )
            self.path.unlink()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    @property
    def written(self) -> Path | None:
        """The file, if any row was written."""
        return self.path if self._file else None

    def add(self, row: Row, fault: RowFault) -> None:
        """Write one row with its line, a code and the reason."""
        if self.path is None:
            return
        first = self._file is None
        self._file = self._file or _opened(self.path)
        writer = csv.writer(self._file, delimiter=self.delimiter)
        if first:
            writer.writerow([*COLUMNS, *(self.header[number] for number in self.columns)])
        writer.writerow([row.line, fault.code, fault.reason, *map(masked, self._cells(row))])
        # Whatever ends the run, the rows so far are in the file.
        self._file.flush()

    def _cells(self, row: Row) -> tuple[str, ...]:
        if len(row.cells) != len(self.header):
            return row.cells
        return tuple(row.cells[number] for number in self.columns)


def _opened(path: Path) -> TextIO:
    try:
        return private_file.opened(path, new=True)
    except OSError:
        raise ImportRefused(
            "ERRORS_FILE_UNWRITABLE",
            f"{path} cannot be written, and rows were refused. Run again with --errors PATH; "
            "what was imported before stays.",
        ) from None


def _has_error_rows(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(COLUMNS[0])) in (b"", COLUMNS[0].encode())
