"""What every import shares: batches of rows in a transaction each, so that a run can be cut off anywhere.

With the rows of a batch goes a mark for each (`ImportedRow`): keyed hashes of the source's key and of what was
read, our record. A second run therefore finds what is done, what is new and what has changed, whatever ended the first.

    KEY_TOO_LONG       the key is longer than 200 characters
    KEY_TWICE          an earlier row has the same key
    DATABASE_REFUSED   the database refused some rows; what came before them is imported: run the same command again to go on
"""

import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from tortoise.exceptions import IntegrityError, OperationalError

from models import Consent, ImportedRow
from models.database import transaction
from models.event import Event
from policies.actor import utc_now
from procedures.imports.batch import Batch, Entry
from procedures.imports.marks import imported
from procedures.ledger import of, record
from procedures.tables import ErrorRows, Fields, ImportRefused, Row, RowFault, check_cards, digest
from procedures.work import Clock, Progress, silent

#: Rows per transaction; a `kill -9` costs at most reading that many rows again.
BATCH = 250
ATTEMPTS = 3
LONGEST_KEY = 200
#: How many lines of a kind a report remembers.
MOST_LINES = 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """How to import.

    Args:
        source: the name under which the outside keys are remembered.
        key: the secret of the digests.
        dry_run: check everything and write nothing.
        update: change the records of changed rows, instead of only counting them.
        batch: rows per transaction.
        progress: called after every batch with the line reached and the number of lines.
    """

    source: str
    key: bytes
    dry_run: bool = False
    update: bool = False
    batch: int = BATCH
    clock: Clock = utc_now
    progress: Progress = silent


@dataclass(slots=True)
class Report:
    """What an import did, or in a dry run would do; holds no values."""

    created: int = 0
    recognised: int = 0
    unchanged: int = 0
    changed: int = 0
    updated: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[int]] = field(default_factory=dict)
    recognised_lines: list[int] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """How many rows were not imported."""
        return self.faults.total()

    def recognise(self, lines: Iterable[int]) -> None:
        """Count rows of customers who are here, and remember the first lines."""
        found = list(lines)
        self.recognised += len(found)
        self.recognised_lines += found[: MOST_LINES - len(self.recognised_lines)]

    def fault(self, line: int, fault: RowFault) -> None:
        """Count one row that was not imported, and remember the first lines of each kind, and the first reason."""
        self.faults[fault.code] += 1
        self.reasons.setdefault(fault.code, fault.reason)
        if len(lines := self.lines.setdefault(fault.code, [])) < MOST_LINES:
            lines.append(line)


class RowImporter(Protocol[T]):
    """How rows of one kind become records."""

    @property
    def entity(self) -> str:
        """The name of their kind in the marks of imported rows."""

    def read(self, fields: Fields, row: Row) -> T:
        """The checked values of one row; raises RowFault."""

    async def prepare(self, entries: Sequence[Entry[T]]) -> None:
        """Do what is slow before the transaction begins."""

    async def create(self, entries: Sequence[Entry[T]], batch: Batch) -> None:
        """Plan the records of new rows."""

    async def update(self, entry: Entry[T], record_id: UUID, batch: Batch) -> None:
        """Plan the change of an imported record, or raise RowFault."""


class Rows(Protocol):
    """A source of rows: a file, or a kind of an archive."""

    @property
    def lines(self) -> int:
        """The highest line that a row can have."""

    def rows(self) -> Iterator[Row]:
        """The rows, in order."""


class CellReader(Protocol):
    """Knows which cell of a row holds which field."""

    def fields(self, cells: tuple[str, ...]) -> Fields:
        """The cells that hold something, by field; may raise RowFault."""


async def run(
    table: Rows, binding: CellReader, importer: RowImporter[T], errors: ErrorRows, options: Options
) -> Report:
    """Import all rows, batch by batch; rows that cannot be imported go to `errors`."""
    work = _Run(binding, importer, errors, options)
    rows = table.rows()
    while batch := list(islice(rows, options.batch)):
        await work.import_rows(batch)
        options.progress(batch[-1].line, table.lines)
    return work.report


@dataclass(slots=True)
class _Run(Generic[T]):
    """One import under way; `lines` has the line of each key so far."""

    binding: CellReader
    importer: RowImporter[T]
    errors: ErrorRows
    options: Options
    report: Report = field(default_factory=Report)
    lines: dict[str, int] = field(default_factory=dict)

    async def import_rows(self, rows: Sequence[Row]) -> None:
        """Import some rows in one transaction."""
        entries = list(self._entries(rows))
        batch = await self._written(entries)
        for row, fault in sorted(batch.faults, key=lambda pair: pair[0].line):
            self._refuse(row, fault)
        self.report.created += batch.created
        self.report.recognise(row.line for row in batch.recognised)
        self.report.updated += batch.updated
        self.report.unchanged += batch.unchanged
        self.report.changed += batch.changed

    def _refuse(self, row: Row, fault: RowFault) -> None:
        self.errors.add(row, fault)
        self.report.fault(row.line, fault)

    def _entries(self, rows: Sequence[Row]) -> Iterator[Entry[T]]:
        for row in rows:
            try:
                yield self._entry(row)
            except RowFault as fault:
                self._refuse(row, fault)

    def _entry(self, row: Row) -> Entry[T]:
        if row.fault:
            raise row.fault
        fields = self.binding.fields(row.cells)
        check_cards(fields)
        key = text(fields, "key")
        if key is None:
            raise RowFault("KEY_MISSING", "the column of the key is empty")
        if len(key) > LONGEST_KEY:
            raise RowFault("KEY_TOO_LONG", f"the key is longer than {LONGEST_KEY} characters")
        if (first := self.lines.setdefault(key, row.line)) != row.line:
            raise RowFault("KEY_TWICE", f"the key stands in line {first} already")
        value = self.importer.read(fields, row)
        return Entry(row, key, digest(self.options.key, fields, getattr(value, "more", None)), value)

    async def _written(self, entries: Sequence[Entry[T]]) -> Batch:
        # Of two imports at once, or two draws of a customer number, a unique index refuses the second; its next
        # attempt sees what the first has written.
        await self.importer.prepare(entries)
        for attempt in range(1, ATTEMPTS + 1):
            batch = Batch(self.options.clock(), self.options.source, self.importer.entity)
            try:
                async with transaction():
                    await self._plan(entries, batch)
                    if not self.options.dry_run:
                        await batch.write()
                        _record(batch)
                return batch
            except IntegrityError as error:
                if attempt == ATTEMPTS:
                    raise _refused_by_database(entries, error) from None
            except OperationalError as error:
                raise _refused_by_database(entries, error) from None
        raise RuntimeError("the last attempt returns or raises")

    async def _plan(self, entries: Sequence[Entry[T]], batch: Batch) -> None:
        marks = await imported(self.options.source, self.importer.entity, [entry.key for entry in entries])
        await self.importer.create([entry for entry in entries if entry.key not in marks], batch)
        for entry in entries:
            if (mark := marks.get(entry.key)) is None:
                continue
            if hmac.compare_digest(bytes(mark.digest), entry.digest):
                batch.unchanged += 1
            elif self.options.update:
                await self._update(entry, mark, batch)
            else:
                batch.changed += 1

    async def _update(self, entry: Entry[T], mark: ImportedRow, batch: Batch) -> None:
        with batch.all_or_nothing(entry):
            await self.importer.update(entry, mark.record_id, batch)
            batch.updated += 1
            batch.defer(
                partial(ImportedRow.filter(id=mark.id).update, digest=entry.digest, imported_at=batch.now)
            )


def _refused_by_database(entries: Sequence[Entry[Any]], error: Exception) -> ImportRefused:
    # The text of a database's error holds values; its kind does not.
    lines = f"{entries[0].row.line} to {entries[-1].row.line}"
    return ImportRefused(
        "DATABASE_REFUSED",
        f"The database refused the rows of lines {lines} ({type(error).__name__}); what came before them is "
        "imported. Run the same command again to go on.",
    )


async def any_imported(source: str, entity: str) -> bool:
    """Whether anything of this kind was imported from this source."""
    return await ImportedRow.exists(source=source, entity=entity)


def text(fields: Fields, name: str) -> str | None:
    """The first cell of a field without blanks around it; None when it is empty."""
    return fields[name][0].strip() if name in fields else None


def _record(batch: Batch) -> None:
    if batch.created or batch.updated or batch.recognised:
        record(
            Event.IMPORT_WRITTEN,
            None,
            # Each consent has a ledger entry of its own.
            changed={record: rows for record, rows in of(batch.records).items() if record is not Consent},
            entity=batch.entity,
            created=batch.created,
            # Of somebody who is here already a row adds what is missing.
            updated=batch.updated + len(batch.recognised),
        )
