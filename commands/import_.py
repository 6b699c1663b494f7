"""`savas import`: import employees, customers and orders from CSV files, and a customer from an archive."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.options import DEFAULT_DATA, Data, Database

app = typer.Typer(
    name="import",
    no_args_is_help=True,
    help="Import employees, customers and orders from CSV files, or a customer from an archive "
    "of another installation. A run may be interrupted and repeated at any time.",
)

# Looked for here, because the importers bring everything along, and every command would wait for it.
MAPS = sorted(
    path.stem for path in (Path(__file__).parents[1] / "procedures" / "tables" / "maps").glob("*.toml")
)

File = Annotated[Path, typer.Argument(metavar="FILE.csv", help="The CSV file.", show_default=False)]
Map = Annotated[
    str,
    typer.Option(
        "--map",
        metavar="NAME|FILE.toml",
        help=f"Column map: a file, or one of {', '.join(MAPS)}.",
    ),
]
Source = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="NAME",
        show_default="the map's source",
        help="The name of the source, under which the file's own keys are remembered.",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Check everything and print what would be done; write nothing.")
]
Update = Annotated[
    bool, typer.Option("--update", help="Update rows that have changed; otherwise they are only counted.")
]
Errors = Annotated[
    Path | None,
    typer.Option(
        "--errors",
        metavar="PATH",
        show_default="FILE.errors.csv",
        help="The file for rows that cannot be imported, as they were in the original, so that you "
        "can correct them; delete it afterwards.",
    ),
]
Encoding = Annotated[str, typer.Option("--encoding", metavar="NAME", help="The file's encoding.")]

CONSENT = "The consent that the data rest on"
NoticeFile = Annotated[
    Path,
    typer.Option(
        "--consent-notice",
        metavar="FILE",
        help="The notice that the customers were shown, as a text file; it is kept with their consents.",
        rich_help_panel=CONSENT,
    ),
]
Evidence = Annotated[
    str | None,
    typer.Option(
        "--consent-evidence",
        metavar="TEXT",
        show_default="the map's column",
        help="A reference to the proof that they consented, such as 'form 12, archive box 7'.",
        rich_help_panel=CONSENT,
    ),
]
Purposes = Annotated[
    list[str] | None,
    typer.Option(
        "--consent-purpose",
        metavar="PURPOSE",
        show_default="support",
        help="The purpose that they consented to; may be repeated.",
        rich_help_panel=CONSENT,
    ),
]
Until = Annotated[
    datetime | None,
    typer.Option(
        "--consent-until",
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        show_default="in a year",
        help="When the consents end.",
        rich_help_panel=CONSENT,
    ),
]
Language = Annotated[
    str,
    typer.Option("--notice-language", metavar="CODE", help="The notice's language.", rich_help_panel=CONSENT),
]
Version = Annotated[
    str,
    typer.Option(
        "--notice-version", metavar="VERSION", help="The notice's version.", rich_help_panel=CONSENT
    ),
]


@app.command()
def employees(
    *,
    file: File,
    map: Map,  # noqa: A002 the option's name
    source: Source = None,
    dry_run: DryRun = False,
    update: Update = False,
    errors: Errors = None,
    encoding: Encoding = "utf-8",
    data: Data = DEFAULT_DATA,
    database: Database = None,
) -> None:
    """Import employees, without passwords: `savas user password LOGIN` sets one.

    Import them before the customers whose support representatives they are. More: docs/import.md.
    """
    from commands import importing

    job = importing.Job("employees", file, map, source, dry_run, update, errors, encoding, data, database)
    importing.start(job, importing.employees)


@app.command()
def customers(
    *,
    file: File,
    map: Map,  # noqa: A002 the option's name
    consent_notice: NoticeFile,
    consent_evidence: Evidence = None,
    consent_purpose: Purposes = None,
    consent_until: Until = None,
    notice_language: Language = "en",
    notice_version: Version = "1",
    source: Source = None,
    dry_run: DryRun = False,
    update: Update = False,
    errors: Errors = None,
    encoding: Encoding = "utf-8",
    data: Data = DEFAULT_DATA,
    database: Database = None,
) -> None:
    """Import customers with the consents that they gave; without a consent, nothing is stored. More: docs/import.md."""
    from commands import importing

    job = importing.Job("customers", file, map, source, dry_run, update, errors, encoding, data, database)
    consented = importing.Consented(
        consent_notice,
        consent_evidence,
        consent_purpose,
        consent_until,
        notice_language,
        notice_version,
    )
    importing.start(job, importing.customers, consented)


@app.command()
def orders(
    *,
    file: File,
    map: Map,  # noqa: A002 the option's name
    consent_notice: NoticeFile,
    consent_evidence: Evidence = None,
    consent_purpose: Purposes = None,
    consent_until: Until = None,
    notice_language: Language = "en",
    notice_version: Version = "1",
    lines: Annotated[
        Path | None, typer.Option("--lines", metavar="FILE", help="CSV file of the orders' lines.")
    ] = None,
    products: Annotated[
        Path | None, typer.Option("--products", metavar="FILE", help="CSV file of the products' names.")
    ] = None,
    currency: Annotated[
        str | None,
        typer.Option("--currency", metavar="CODE", help="The currency, such as EUR, unless a column has it."),
    ] = None,
    source: Source = None,
    dry_run: DryRun = False,
    update: Update = False,
    errors: Errors = None,
    encoding: Encoding = "utf-8",
    data: Data = DEFAULT_DATA,
    database: Database = None,
) -> None:
    """Import orders of customers who were imported from the same source before. More: docs/import.md."""
    from commands import importing

    job = importing.Job("orders", file, map, source, dry_run, update, errors, encoding, data, database)
    consented = importing.Consented(
        consent_notice,
        consent_evidence,
        consent_purpose,
        consent_until,
        notice_language,
        notice_version,
    )
    more = importing.OrderFiles(lines, products, currency)
    importing.start(job, importing.orders, consented, more)


@app.command()
def archive(
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="The archive.", show_default=False)],
    consent_notice: NoticeFile,
    consent_category: Annotated[
        list[str],
        typer.Option(
            "--consent-category",
            metavar="CATEGORY",
            help="A category that the customer consents to; may be repeated. Other categories are not "
            "imported.",
            rich_help_panel=CONSENT,
        ),
    ],
    consent_evidence: Evidence = None,
    consent_purpose: Purposes = None,
    consent_until: Until = None,
    notice_language: Language = "en",
    notice_version: Version = "1",
    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            metavar="HEX|FILE",
            help="The sender's public key, such as the file signing.pub of one of their witnesses.",
        ),
    ] = None,
    trust_first_use: Annotated[
        bool,
        typer.Option(
            "--trust-first-use",
            help="Trust the key in the archive, although it was not compared with the sender's.",
        ),
    ] = False,
    sender: Annotated[
        str | None,
        typer.Option(
            "--sender",
            metavar="NAME",
            show_default="the key's beginning",
            help="The name of the sender; the rows' source is `export of NAME`.",
        ),
    ] = None,
    customer: Annotated[
        str | None,
        typer.Option(
            "--customer",
            metavar="NUMBER|new",
            help="The customer's number, if the customer exists already; `new` for a new customer who "
            "shares an address with another.",
        ),
    ] = None,
    dry_run: DryRun = False,
    update: Update = False,
    data: Data = DEFAULT_DATA,
    database: Database = None,
) -> None:
    """Import a customer from an archive that another installation exported.

    The archive is verified before anything is written. Its consents are not taken over: state what is consented to here.
    More: docs/import.md, and on archives docs/export.md.
    """
    from commands import importing, importing_archive

    job = importing.Job("archive", file, "", None, dry_run, update, None, "utf-8", data, database)
    consented = importing.Consented(
        consent_notice,
        consent_evidence,
        consent_purpose,
        consent_until,
        notice_language,
        notice_version,
    )
    sent = importing_archive.Sent(key, trust_first_use, sender, customer, consent_category)
    importing.start(job, importing_archive.archive, consented, sent)
