"""`savas notice`: what customers are told before they consent."""

from pathlib import Path
from typing import Annotated

import typer

from commands.app import App
from commands.options import HERE, Where, purposes_from
from commands.shown import Shown, table

app = App(name="notice", no_args_is_help=True, help="Install and compare privacy notices.")

Language = Annotated[str, typer.Option("--language", metavar="CODE", help="Such as lt or en.")]
Which = Annotated[
    str, typer.Option("--purpose", metavar="PURPOSE", help="The notice's purpose, such as support.")
]


@app.command()
def add(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The text, in UTF-8.")
    ],
    *,
    purpose: Which,
    language: Language,
    version: Annotated[
        str,
        typer.Option(
            "--version", metavar="VERSION", help="The notice's version; another text needs another version."
        ),
    ],
    where: Where = HERE,
) -> None:
    """Add a notice. It cannot be edited afterwards; adding the same one again changes nothing.

    Exit codes: 0 installed, or there already; 2 it cannot be used; 3 another text has its name.
    """
    from procedures import notice

    (about,) = purposes_from([purpose], "--purpose")
    named = notice.Named(about, language, version)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise typer.BadParameter("The file is no text in UTF-8.", param_hint="FILE") from None
    typer.echo(f"Installed: {where.run(notice.install(named, text)).digest}")


@app.command()
def ship(
    version: Annotated[
        str, typer.Option("--version", metavar="VERSION", help="The version of the notices.")
    ] = "1",
    where: Where = HERE,
) -> None:
    """Install the notices that come with Savas, in Lithuanian and English, filled in for the controller.

    More: docs/consent.md.

    Who is responsible stands in a file: `--controller FILE` before the command, or data/controller.toml.

    Exit codes: 0 installed, or there already; 3 nobody is named as responsible, or other texts have these names.
    """
    from procedures import notice
    from procedures.notice import controller

    file = where.addresses.controller
    if file is None:
        raise typer.BadParameter("Name the file with --controller, before the command.")
    found = where.run(notice.ship(controller.load(file), version))
    typer.echo(f"{len(found)} notices are installed. Look at them with: ./savas notice list")


@app.command("list")
def listed(where: Where = HERE) -> Shown:
    """List every notice, by purpose, language and age."""
    from procedures import notice

    return table(
        ("Purpose", "Language", "Version", "Since", "SHA-256"),
        (
            (one.purpose, one.language, one.version, one.created_at, one.digest)
            for one in where.run(notice.listed())
        ),
    )


@app.command()
def diff(
    purpose: Annotated[str, typer.Argument(metavar="PURPOSE", help="Such as support.")],
    language: Annotated[str, typer.Argument(metavar="LANGUAGE", help="Such as lt or en.")],
    old: Annotated[str, typer.Argument(metavar="OLD", help="The earlier version.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The later version.")],
    where: Where = HERE,
) -> None:
    """Print what changed from one version of a notice to another, as a unified diff."""
    from procedures import notice

    (about,) = purposes_from([purpose], "PURPOSE")

    async def compared() -> str:
        texts = [(await notice.find(notice.Named(about, language, each))).text for each in (old, new)]
        return notice.difference(texts[0].splitlines(), texts[1].splitlines(), old, new)

    typer.echo(where.run(compared()) or "They are the same.")
