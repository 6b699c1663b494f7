"""The options of `savas import`."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

# Looked for here, because the importers bring everything along, and every command would wait for it.
MAPS = sorted(
    path.stem for path in (Path(__file__).parents[1] / "procedures" / "tables" / "maps").glob("*.toml")
)

File = Annotated[Path, typer.Argument(metavar="FILE.csv", help="The CSV file.")]
Map = Annotated[
    str,
    typer.Option("--map", metavar="NAME|FILE.toml", help=f"Column map: a file, or one of {', '.join(MAPS)}."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Check everything and print what would be done; write nothing.")
]
Update = Annotated[
    bool, typer.Option("--update", help="Update rows that have changed; otherwise they are only counted.")
]

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
Category = Annotated[
    list[str],
    typer.Option(
        "--consent-category",
        metavar="CATEGORY",
        help="A category that the customer consents to; may be repeated. Other categories are not imported.",
        rich_help_panel=CONSENT,
    ),
]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read, and what becomes of its rows."""

    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            metavar="NAME",
            show_default="the map's source",
            help="The name of the source, under which the file's own keys are remembered.",
        ),
    ] = None
    dry_run: DryRun = False
    update: Update = False
    errors: Annotated[
        Path | None,
        typer.Option(
            "--errors",
            metavar="PATH",
            show_default="FILE.errors.csv",
            help="The file for rows that cannot be imported, as they were in the original, so that you "
            "can correct them; delete it afterwards.",
        ),
    ] = None
    encoding: Annotated[str, typer.Option("--encoding", metavar="NAME", help="The file's encoding.")] = (
        "utf-8"
    )


@dataclass(frozen=True, slots=True)
class Stated:
    """What the operator states about the customers' consent, besides the notice."""

    evidence: Annotated[
        str | None,
        typer.Option(
            "--consent-evidence",
            metavar="TEXT",
            show_default="the map's column",
            help="A reference to the proof that they consented, such as 'form 12, archive box 7'. It names nobody: whoever "
            "is on this machine sees what commands are given.",
            rich_help_panel=CONSENT,
        ),
    ] = None
    purposes: Annotated[
        list[str] | None,
        typer.Option(
            "--consent-purpose",
            metavar="PURPOSE",
            show_default="support",
            help="The purpose that they consented to; may be repeated.",
            rich_help_panel=CONSENT,
        ),
    ] = None
    until: Annotated[
        datetime | None,
        typer.Option(
            "--consent-until",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            show_default="in a year",
            help="When the consents end.",
            rich_help_panel=CONSENT,
        ),
    ] = None
    language: Annotated[
        str,
        typer.Option(
            "--notice-language", metavar="CODE", help="The notice's language.", rich_help_panel=CONSENT
        ),
    ] = "en"
    version: Annotated[
        str,
        typer.Option(
            "--notice-version", metavar="VERSION", help="The notice's version.", rich_help_panel=CONSENT
        ),
    ] = "1"


@dataclass(frozen=True, slots=True)
class OrderFiles:
    """What goes with a file of orders."""

    lines: Annotated[
        Path | None, typer.Option("--lines", metavar="FILE", help="CSV file of the orders' lines.")
    ] = None
    products: Annotated[
        Path | None, typer.Option("--products", metavar="FILE", help="CSV file of the products' names.")
    ] = None
    currency: Annotated[
        str | None,
        typer.Option("--currency", metavar="CODE", help="The currency, such as EUR, unless a column has it."),
    ] = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What the operator states about an archive."""

    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            metavar="HEX|FILE",
            help="The sender's public key, such as the file signing.pub of one of their witnesses.",
        ),
    ] = None
    first_use: Annotated[
        bool,
        typer.Option(
            "--trust-first-use",
            help="Trust the key in the archive, although it was not compared with the sender's.",
        ),
    ] = False
    sender: Annotated[
        str | None,
        typer.Option(
            "--sender",
            metavar="NAME",
            show_default="the key's beginning",
            help="The name of the sender; the rows' source is `export of NAME`.",
        ),
    ] = None
    customer: Annotated[
        str | None,
        typer.Option(
            "--customer",
            metavar="NUMBER|new",
            help="The customer's number, if the customer exists already; `new` for a new customer who "
            "shares an address with another.",
        ),
    ] = None
