"""What `savas import` does once its options are understood.

PURPOSE_UNKNOWN     there is no such purpose; the text lists those that there are
EMPLOYEES_MISSING   the map names customers' support representatives; import the employees first, or leave the column out
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from commands.exits import Exit
from commands.options import settings_from
from models import Purpose
from policies.actor import utc_now
from policies.policy import in_force
from procedures.imports import (
    SUPPORT,
    LegalBasis,
    Lines,
    NoticeText,
    Options,
    Report,
    import_customers,
    import_employees,
    import_orders,
    importing,
    read_lines,
    read_products,
    refuse_orphans,
    registered,
)
from procedures.installation import opened, opened_sealed, pending
from procedures.tables import ColumnMap, ErrorRows, ImportRefused, Table, column_map, digest_key
from procedures.tables import table as import_csv

CONSENT_LASTS = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Job:
    """What the three commands share: a file, how to read it, and where the data are."""

    section: str
    file: Path
    map: str
    source: str | None
    dry_run: bool
    update: bool
    errors: Path | None
    encoding: str
    data: Path
    database: str | None

    def columns(self, section: str | None = None) -> ColumnMap:
        """A section of the map."""
        return column_map.load(self.map, section or self.section)

    def table(self, file: Path, section: str | None = None) -> Table:
        """A CSV file, checked."""
        return import_csv.open_table(file, encoding=self.encoding, delimiter=self.columns(section).delimiter)

    def error_rows(self, table: Table, path: Path | None = None) -> ErrorRows:
        """Where rows go that cannot be imported; nowhere in a dry run without --errors."""
        if path is None and not self.dry_run:
            path = table.path.with_name(f"{table.path.name.removesuffix('.csv')}.errors.csv")
        if path is not None and path.resolve() == table.path.resolve():
            raise ImportRefused(
                "ERRORS_FILE_TAKEN", "The error rows would replace the file: choose another --errors."
            )
        return ErrorRows(path, table.header, table.delimiter)

    async def options(self, progress: importing.Progress) -> Options:
        """The engine's options; makes the key of the digests on first use."""
        key = await digest_key(self.data, update=self.update, dry_run=self.dry_run)
        source = self.source or self.columns().source
        return Options(source, key, dry_run=self.dry_run, update=self.update, progress=progress)


@dataclass(frozen=True, slots=True)
class Consented:
    """What the operator states about the customers' consent."""

    notice: Path
    evidence: str | None
    purposes: list[str] | None
    until: datetime | None
    language: str
    version: str

    async def basis(self, *, dry_run: bool) -> LegalBasis:
        """Register the notice and return what rows rest on."""
        now = utc_now()
        until = self.until.replace(tzinfo=UTC) if self.until else now + CONSENT_LASTS
        found = await registered(self._text(), self._purposes(), now, dry_run=dry_run)
        basis = LegalBasis(found, self.evidence, until)
        basis.check(now)
        return basis

    def _purposes(self) -> list[Purpose]:
        known, wanted = in_force().purposes, self.purposes or [SUPPORT]
        if set(wanted) - known.keys():
            raise ImportRefused(
                "PURPOSE_UNKNOWN", f"There is no such purpose. Known purposes: {', '.join(known)}."
            )
        return [Purpose(name) for name in wanted]

    def _text(self) -> NoticeText:
        try:
            return NoticeText(self.notice.read_text(encoding="utf-8-sig"), self.language, self.version)
        except (OSError, UnicodeDecodeError):
            raise ImportRefused("NOTICE_UNREADABLE", "The notice is not a file of UTF-8 text.") from None


#: By the name that is said: where the refused rows went, and what was done.
Results = list[tuple[str, ErrorRows, Report]]
Work = Callable[..., Coroutine[Any, Any, Results]]


def start(job: Job, work: Work, *more: Any) -> None:
    """Do the work with a progress bar, say what came of it, and leave with an exit code that means it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(f"{job.section}, rows", total=None)

        def progress(line: int, lines: int) -> None:
            bar.update(task, completed=line, total=lines)

        results = asyncio.run(_connected(job, partial(work, job, progress, *more)))
    for name, errors, report in results:
        _say(name, job, errors, report)
    if any(report.errors for _, _, report in results):
        raise typer.Exit(Exit.FAILED)


async def _connected(job: Job, work: Work) -> Results:
    place = settings_from(job.data, job.database).addresses
    async with opened_sealed(place):
        pass
    if await pending(place.database):
        raise ImportRefused(
            "DATABASE_OUTDATED", "The database is not ready for this version. Run: ./savas migrate"
        )
    async with opened(place):
        return await work()


async def employees(job: Job, progress: importing.Progress) -> Results:
    """Import employees."""
    table, columns = job.table(job.file), job.columns()
    _tell_ignored(columns.bind(table).ignored)
    options = await job.options(progress)
    with job.error_rows(table, job.errors) as errors:
        return [(job.section, errors, await import_employees(table, columns, errors, options))]


async def customers(job: Job, progress: importing.Progress, consented: Consented) -> Results:
    """Import customers."""
    table, columns = job.table(job.file), job.columns()
    _tell_ignored(columns.bind(table).ignored)
    options = await job.options(progress)
    if columns.maps("assignee"):
        await _some_employees(options.source)
    basis = await consented.basis(dry_run=job.dry_run)
    with job.error_rows(table, job.errors) as errors:
        return [(job.section, errors, await import_customers(table, columns, basis, errors, options))]


@dataclass(frozen=True, slots=True)
class OrderFiles:
    """What goes with a file of orders."""

    lines: Path | None
    products: Path | None
    currency: str | None


async def orders(job: Job, progress: importing.Progress, consented: Consented, more: OrderFiles) -> Results:
    """Import orders."""
    table, columns = job.table(job.file), job.columns()
    _tell_ignored(columns.bind(table).ignored)
    options = await job.options(progress)
    basis = await consented.basis(dry_run=job.dry_run)
    with ExitStack() as files:
        lines = _lines(job, more, files)
        errors = files.enter_context(job.error_rows(table, job.errors))
        found = lines.found if lines else None
        report = await import_orders(
            table, columns, basis, errors, options, lines=found, currency=more.currency
        )
        if lines:
            refuse_orphans(lines.found, lines.errors, lines.report)
    refused = [(job.section, lines.errors, lines.report)] if lines and lines.report.errors else []
    return [(job.section, errors, report), *refused]


@dataclass(frozen=True, slots=True)
class OrderLines:
    """The file of lines as read, and what of it was refused."""

    found: Lines
    errors: ErrorRows
    report: Report


def _lines(job: Job, more: OrderFiles, files: ExitStack) -> OrderLines | None:
    if more.lines is None:
        return None
    names = None
    if more.products:
        names = read_products(job.table(more.products, "products"), job.columns("products"))
    table, report = job.table(more.lines, "lines"), Report()
    errors = files.enter_context(job.error_rows(table))
    return OrderLines(read_lines(table, job.columns("lines"), names, errors, report), errors, report)


async def _some_employees(source: str) -> None:
    if not await importing.any_imported(source, "employee"):
        raise ImportRefused(
            "EMPLOYEES_MISSING",
            "The map names the customers' support representatives, and no employees were imported from this source. "
            f"Import them first: savas import employees FILE.csv --map … --source {source}; or leave the column out "
            "by a map of your own.",
        )


def _tell_ignored(ignored: dict[str, str]) -> None:
    if ignored:
        typer.echo("Left behind on purpose, because no purpose of a CRM needs it (data minimisation):")
        typer.echo("  " + ", ".join(ignored))


def _say(name: str, job: Job, errors: ErrorRows, report: Report) -> None:
    would = "would be " if job.dry_run else ""
    typer.echo(
        f"{name}: {report.created} {would}created, {report.updated} {would}updated, "
        f"{report.unchanged} unchanged, {report.changed} changed, {report.errors} refused"
    )
    if report.changed:
        typer.echo("Changed rows were left as they are here; --update takes them over.")
    for code, count in sorted(report.faults.items()):
        first = ", ".join(str(line) for line in report.lines[code])
        more = ", …" if count > len(report.lines[code]) else ""
        typer.echo(f"  {code}: {count} (lines {first}{more}): {report.reasons[code]}", err=True)
    if errors.written:
        typer.echo(
            f"The refused rows and why: {errors.written}. It holds the original rows, so that you can mend them and "
            "import that file; delete it afterwards.",
            err=True,
        )
