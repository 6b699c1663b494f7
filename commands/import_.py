"""`savas import`: import employees, customers and orders from CSV files, and a customer from an archive."""

from pathlib import Path
from typing import Annotated

import typer

from commands import import_options as options
from commands.app import App
from commands.options import Where

app = App(
    name="import",
    no_args_is_help=True,
    help="Import employees, customers and orders from CSV files, or a customer from an archive "
    "of another installation. A run may be interrupted and repeated at any time.",
)


@app.command()
def employees(*, file: options.File, map: options.Map, reading: options.Reading, where: Where) -> None:  # noqa: A002 the option's name
    """Import employees, without passwords: `savas user invite LOGIN` sends each a code to set one by.

    Import them before the customers whose support representatives they are. More: docs/import.md.
    """
    from commands import importing

    importing.start(importing.Job("employees", file, map, reading, where), importing.employees)


@app.command()
def customers(
    *,
    file: options.File,
    map: options.Map,  # noqa: A002 the option's name
    consent_notice: options.NoticeFile,
    stated: options.Stated,
    reading: options.Reading,
    where: Where,
) -> None:
    """Import customers with the consents that they gave; without a consent, nothing is stored. More: docs/import.md."""
    from commands import importing

    job = importing.Job("customers", file, map, reading, where)
    importing.start(job, importing.customers, consent_notice, stated)


@app.command()
def orders(
    *,
    file: options.File,
    map: options.Map,  # noqa: A002 the option's name
    consent_notice: options.NoticeFile,
    stated: options.Stated,
    files: options.OrderFiles,
    reading: options.Reading,
    where: Where,
) -> None:
    """Import orders of customers who were imported from the same source before. More: docs/import.md."""
    from commands import importing

    job = importing.Job("orders", file, map, reading, where)
    importing.start(job, importing.orders, consent_notice, stated, files)


@app.command()
def archive(
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="The archive.")],
    consent_notice: options.NoticeFile,
    consent_category: options.Category,
    stated: options.Stated,
    sent: options.Sent,
    dry_run: options.DryRun = False,
    update: options.Update = False,
    where: Where,
) -> None:
    """Import a customer from an archive that another installation exported.

    The archive is verified before anything is written. Its consents are not taken over: state what is consented to here.
    More: docs/import.md, and on archives docs/export.md.
    """
    from commands import importing, importing_archive

    job = importing.Job("archive", file, "", options.Reading(dry_run=dry_run, update=update), where)
    importing.start(job, importing_archive.archive, consent_notice, stated, consent_category, sent)
