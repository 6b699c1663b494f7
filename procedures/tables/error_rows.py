"""The file of rows that could not be imported, for the operator to mend.

It holds the original rows, and so personal values: only its owner can read it, and it is to be deleted once mended.
What belongs to a payment card is not repeated even there: the digits of such a cell are crossed out.

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
    """Collects error rows; the file appears with the first of them, and an older one of ours goes.

    Args:
        path: where to write; None writes nowhere.
        header: the columns of the imported file.
        delimiter: as in the imported file, so that the mended file can be imported with the same map.
    """

    def __init__(self, path: Path | None, header: tuple[str, ...], delimiter: str = ",") -> None:
        self.path = path
        self.columns = [place for place, name in enumerate(header) if not name.startswith(OURS)]
        self.header = header
        self.delimiter = delimiter
        self._file: TextIO | None = None

    def __enter__(self) -> "ErrorRows":
        if self.path is not None and (self.path.is_symlink() or self.path.exists()):
            if not _ours(self.path):
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
            writer.writerow([*COLUMNS, *(self.header[place] for place in self.columns)])
        writer.writerow([row.line, fault.code, fault.reason, *map(masked, self._cells(row))])
        # Whatever ends the run, the rows so far are there.
        self._file.flush()

    def _cells(self, row: Row) -> tuple[str, ...]:
        if len(row.cells) != len(self.header):
            return row.cells
        return tuple(row.cells[place] for place in self.columns)


def _opened(path: Path) -> TextIO:
    try:
        return private_file.opened(path, new=True)
    except OSError:
        raise ImportRefused(
            "ERRORS_FILE_UNWRITABLE",
            f"{path} cannot be written, and rows were refused. Run again with --errors PATH; "
            "what was imported before stays.",
        ) from None


def _ours(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(COLUMNS[0])) in (b"", COLUMNS[0].encode())
