"""What `savas import` does once its options are understood.

PURPOSE_UNKNOWN     there is no such purpose; the text lists those that there are
EMPLOYEES_MISSING   the map names customers' support representatives; import the employees first, or leave the column out
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import typer

from commands.exits import Exit
from commands.import_options import OrderFiles, Reading, Stated
from commands.options import Where
from commands.terminal import with_progress
from models import Purpose
from models.values import impersonal
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
from procedures.work import Progress

CONSENT_LASTS = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Job:
    """What the three commands share: a file, how to read it, and where the data are."""

    section: str
    file: Path
    map: str
    reading: Reading
    where: Where

    def columns(self, section: str | None = None) -> ColumnMap:
        """A section of the map."""
        return column_map.load(self.map, section or self.section)

    def table(self, file: Path, section: str | None = None) -> Table:
        """A CSV file, checked."""
        return import_csv.open_table(
            file, encoding=self.reading.encoding, delimiter=self.columns(section).delimiter
        )

    def error_rows(self, table: Table, path: Path | None = None) -> ErrorRows:
        """Where rows go that cannot be imported; nowhere in a dry run without --errors."""
        if path is None and not self.reading.dry_run:
            path = table.path.with_name(f"{table.path.name.removesuffix('.csv')}.errors.csv")
        if path is not None and path.resolve() == table.path.resolve():
            raise ImportRefused(
                "ERRORS_FILE_TAKEN", "The error rows would replace the file: choose another --errors."
            )
        return ErrorRows(path, table.header, table.delimiter)

    async def options(self, progress: Progress, *, archive: str = "") -> Options:
        """The engine's options; makes the key of the digests on first use.

        `archive` is the source of what an archive holds: it names a key, and nobody has typed it.
        """
        dry_run, update = self.reading.dry_run, self.reading.update
        key = await digest_key(self.where.data, update=update, dry_run=dry_run)
        source = archive or impersonal(self.reading.source or self.columns().source, "--source")
        return Options(source, key, dry_run=dry_run, update=update, progress=progress)


async def basis(notice: Path, stated: Stated, *, dry_run: bool) -> LegalBasis:
    """Register the notice and return what rows rest on."""
    now = utc_now()
    until = stated.until.replace(tzinfo=UTC) if stated.until else now + CONSENT_LASTS
    text = _text(notice, stated)
    found = await registered(text, _purposes(stated), now, dry_run=dry_run)
    basis = LegalBasis(found, stated.evidence, until)
    basis.check(now)
    return basis


def _purposes(stated: Stated) -> list[Purpose]:
    known, wanted = in_force().purposes, stated.purposes or [SUPPORT]
    if set(wanted) - known.keys():
        raise ImportRefused(
            "PURPOSE_UNKNOWN", f"There is no such purpose. Known purposes: {', '.join(known)}."
        )
    return [Purpose(name) for name in wanted]


def _text(notice: Path, stated: Stated) -> NoticeText:
    try:
        return NoticeText(notice.read_text(encoding="utf-8-sig"), stated.language, stated.version)
    except (OSError, UnicodeDecodeError):
        raise ImportRefused("NOTICE_UNREADABLE", "The notice is not a file of UTF-8 text.") from None


#: By the name that is said: where the refused rows went, and what was done.
Results = list[tuple[str, ErrorRows, Report]]
Work = Callable[..., Coroutine[Any, Any, Results]]


def start(job: Job, work: Work, *more: Any) -> None:
    """Do the work with a progress bar, say what came of it, and leave with an exit code that means it."""
    results = asyncio.run(_connected(job, partial(work, job), *more))
    for name, errors, report in results:
        _say(name, job, errors, report)
    if any(report.errors for _, _, report in results):
        raise typer.Exit(Exit.FAILED)


async def _connected(job: Job, work: Work, *more: Any) -> Results:
    place = job.where.addresses
    async with opened_sealed(place):
        pass
    if await pending(place.database):
        raise ImportRefused(
            "DATABASE_OUTDATED", "The database is not ready for this version. Run: ./savas migrate"
        )
    async with opened(place):
        return await with_progress(f"{job.section}, rows", lambda tell: work(tell, *more))


async def employees(job: Job, progress: Progress) -> Results:
    """Import employees."""
    table, columns = job.table(job.file), job.columns()
    _tell_ignored(columns.bind(table).ignored)
    options = await job.options(progress)
    with job.error_rows(table, job.reading.errors) as errors:
        return [(job.section, errors, await import_employees(table, columns, errors, options))]


async def customers(job: Job, progress: Progress, notice: Path, stated: Stated) -> Results:
    """Import customers."""
    table, columns = job.table(job.file), job.columns()
    _tell_ignored(columns.bind(table).ignored)
    options = await job.options(progress)
    if columns.maps("assignee"):
        await _some_employees(options.source)
    consents = await basis(notice, stated, dry_run=job.reading.dry_run)
    with job.error_rows(table, job.reading.errors) as errors:
        return [(job.section, errors, await import_customers(table, columns, consents, errors, options))]


async def orders(job: Job, progress: Progress, notice: Path, stated: Stated, more: OrderFiles) -> Results:
    """Import orders."""
    table, columns = job.table(job.file), job.columns()
    _tell_ignored(columns.bind(table).ignored)
    options = await job.options(progress)
    consents = await basis(notice, stated, dry_run=job.reading.dry_run)
    with ExitStack() as files:
        lines = _lines(job, more, files)
        errors = files.enter_context(job.error_rows(table, job.reading.errors))
        found = lines.found if lines else None
        report = await import_orders(
            table, columns, consents, errors, options, lines=found, currency=more.currency
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
    would = "would be " if job.reading.dry_run else ""
    typer.echo(
        f"{name}: {report.created} {would}created, {report.recognised} {would}recognised, {report.updated} {would}updated, "
        f"{report.unchanged} unchanged, {report.changed} changed, {report.errors} refused"
    )
    if report.changed:
        typer.echo("Changed rows were left as they are here; --update takes them over.")
    if report.recognised:
        lines = _first(report.recognised_lines, report.recognised)
        typer.echo(
            f"Recognised rows are of customers who are here ({lines}); each got what it lacked, and lost nothing."
        )
    for code, count in sorted(report.faults.items()):
        typer.echo(
            f"  {code}: {count} ({_first(report.lines[code], count)}): {report.reasons[code]}", err=True
        )
    if errors.written:
        typer.echo(
            f"The refused rows and why: {errors.written}. It holds the original rows, so that you can mend them and "
            "import that file; delete it afterwards.",
            err=True,
        )


def _first(lines: list[int], count: int) -> str:
    """The first lines of so many."""
    return f"lines {', '.join(map(str, lines))}{', …' if count > len(lines) else ''}"
