"""What `savas import archive` does once its options are understood.

CATEGORY_UNKNOWN   there is no such category of data; the text lists those that there are
"""

from pathlib import Path

import typer

from commands.import_options import Sent, Stated
from commands.importing import Job, Results, basis
from models import Category
from models.values import impersonal
from procedures.archives import (
    Archive,
    Terms,
    import_archive,
    left_out,
    person_of,
    source_of,
    trusted,
    zip_file,
)
from procedures.tables import ErrorRows, ImportRefused
from procedures.work import Progress

#: Why something stays behind, by code.
REASONS = {
    "CARD_WITHOUT_TOKEN": "a card is given anew, sealed",
    "CONSENT_NOT_STATED": "name it with --consent-category once the customer consents to it here",
    "KIND_UNKNOWN": "not known to this version",
    "SENDERS_OWN": "what the sender did and was told, which is nothing of yours",
    "VERIFIED_ELSEWHERE": "what the sender has verified is verified anew",
}


async def archive(
    job: Job, progress: Progress, notice: Path, stated: Stated, wanted: list[str], sent: Sent
) -> Results:
    """Import an archive, once it is verified."""
    categories = _categories(wanted)
    with zip_file.opened(job.file) as found:
        source = f"export of {impersonal(sent.sender, 'sender', 80) if sent.sender else found.key[:16]}"
        await _vouched(found, sent)
        data = found.data()
    person = await person_of(data, sent.customer, source_of(found.key))
    options = await job.options(progress, archive=source_of(found.key))
    consents = await basis(notice, stated, dry_run=job.reading.dry_run)
    reports = await import_archive(data, Terms(source, categories, consents, person), options)
    _tell_left(left_out(data, categories))
    return [(category.value, ErrorRows(None, ()), report) for category, report in reports.items()]


def _categories(names: list[str]) -> frozenset[Category]:
    try:
        return frozenset(map(Category, names))
    except ValueError:
        raise ImportRefused(
            "CATEGORY_UNKNOWN", f"There is no such category. Known categories: {', '.join(Category)}."
        ) from None


async def _vouched(found: Archive, sent: Sent) -> None:
    named = zip_file.key_named(sent.key) if sent.key else None
    if await trusted(found.key, named, first_use=sent.first_use):
        typer.echo(
            "KEY_UNCOMPARED  Nobody has compared the key of this archive, which shows only that it agrees with itself. "
            "Compare it with what a witness of the sender has:",
            err=True,
        )
    typer.echo(f"signed by {found.key}", err=True)


def _tell_left(left: dict[tuple[str, str], int]) -> None:
    if left:
        typer.echo("Left behind:")
    for (name, code), count in sorted(left.items()):
        typer.echo(f"  {name}: {count}  {code}, {REASONS[code]}")
