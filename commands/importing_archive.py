"""What `savas import archive` does once its options are understood.

CATEGORY_UNKNOWN   there is no such category of data; the text lists those that there are
"""

from dataclasses import dataclass, replace

import typer

from commands.importing import Consented, Job, Results
from models import Category
from models.values import line
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
from procedures.imports import Progress
from procedures.tables import ErrorRows, ImportRefused

#: Why something stays behind, by code.
REASONS = {
    "CARD_WITHOUT_TOKEN": "a card is given anew, sealed",
    "CONSENT_NOT_STATED": "name it with --consent-category once the customer consents to it here",
    "KIND_UNKNOWN": "not known to this version",
    "SENDERS_OWN": "what the sender did and was told, which is nothing of yours",
    "VERIFIED_ELSEWHERE": "what the sender has verified is verified anew",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What the operator states about the archive."""

    key: str | None
    first_use: bool
    sender: str | None
    customer: str | None
    categories: list[str]

    def wanted(self) -> frozenset[Category]:
        """The categories that are consented to."""
        try:
            return frozenset(map(Category, self.categories))
        except ValueError:
            raise ImportRefused(
                "CATEGORY_UNKNOWN", f"There is no such category. Known categories: {', '.join(Category)}."
            ) from None

    def source(self, key: str) -> str:
        """What rows say of where they come from."""
        return f"export of {line(self.sender, 'sender', 80) if self.sender else key[:16]}"


async def archive(job: Job, progress: Progress, consented: Consented, sent: Sent) -> Results:
    """Import an archive, once it is verified."""
    categories = sent.wanted()
    with zip_file.opened(job.file) as found:
        source = sent.source(found.key)
        await _vouched(found, sent)
        data = found.data()
    job = replace(job, source=source_of(found.key))
    person = await person_of(data, sent.customer, job.source or "")
    options = await job.options(progress)
    terms = Terms(source, categories, await consented.basis(dry_run=job.dry_run), person)
    reports = await import_archive(data, terms, options)
    _tell_left(left_out(data, categories))
    return [(category.value, ErrorRows(None, ()), report) for category, report in reports.items()]


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
