"""The options that every command takes alike, so that `--data` means the same everywhere."""

import asyncio
from collections.abc import Collection, Coroutine, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar

import typer

if TYPE_CHECKING:
    from models import Purpose, Role
    from policies.language import Declared
    from procedures.current import Addresses
    from procedures.installation import Settings

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

#: How a day is written.
DAYS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]
DAY = "YYYY-MM-DD"


@dataclass(frozen=True)
class Where:
    """The data that a command works on."""

    data: Annotated[
        Path,
        typer.Option(
            "--data",
            envvar="SAVAS_DATA",
            metavar="DIR",
            file_okay=False,
            help="Directory of the embedded database, the keys, the demo's passwords and the key of imports.",
            rich_help_panel="Where the data are",
        ),
    ] = Path("data")
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            envvar="SAVAS_DATABASE",
            metavar="URL",
            # The address may carry a password, which a default shown in the help would print.
            show_default=False,
            help="PostgreSQL instead of the embedded database: postgresql://user@host:5432/name. The database must exist.",
            rich_help_panel="Where the data are",
        ),
    ] = None

    def settings(self, **more: Any) -> "Settings":
        """The settings that the options stand for; `more` are those of one command. What was not given has its default."""
        # Imported late: it brings the records and the policies along, and `--help` should not wait for them.
        from procedures.installation import Settings

        options = (*vars(_Given.before).items(), *vars(self).items(), *more.items())
        given: dict[str, Any] = {name: value for name, value in options if value is not None}
        repeated = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
        return Settings(**given | repeated)

    @property
    def addresses(self) -> "Addresses":
        """Where the parts of the installation are."""
        return self.settings().addresses

    def run(self, work: Coroutine[Any, Any, T], *, unsealed: bool = False) -> T:
        """Run a procedure on these data, and return what it gives.

        Args:
            work: the procedure.
            unsealed: it needs the vault, too.
        """
        from procedures.installation import opened, opened_sealed
        from vault import vault

        addresses = self.addresses

        async def connected_work() -> T:
            try:
                async with opened(addresses) if unsealed else opened_sealed(addresses):
                    if unsealed:
                        vault.current()
                    return await work
            finally:
                # Without a connection the work is never begun.
                work.close()

        return asyncio.run(connected_work())


HERE = Where()


Policies = Annotated[
    Path | None,
    typer.Option(
        "--policies",
        envvar="SAVAS_POLICIES",
        metavar="DIR",
        exists=True,
        file_okay=False,
        resolve_path=True,
        show_default="those that come with Savas",
        help="Directory of the policy files in force: docs/policies.md.",
        rich_help_panel="What is served",
    ),
]
"""Write `policies: Policies = None`."""


PANEL = "Where the keys are"
WITNESSES = "Who witnesses the ledger"
MESSAGES = "How messages are sent"


@dataclass(frozen=True)
class Before:
    """What stands before the command, because it is the same for every command: fields of `Settings`."""

    keys: Annotated[
        str | None,
        typer.Option(
            "--keys",
            envvar="SAVAS_KEYS",
            metavar="URL",
            show_default="data/keys.sqlite3; on PostgreSQL NAME_keys, beside the database NAME",
            help="The key database, which holds the customers' keys apart from their data.",
            rich_help_panel=PANEL,
        ),
    ] = None
    provider: Annotated[
        str | None,
        typer.Option(
            "--provider",
            envvar="SAVAS_PROVIDER",
            metavar="ADDRESS",
            show_default="file:data/provider.json",
            help="The key provider, where the keys are that are in no database: file:PATH, or "
            "pkcs11:token=NAME?module-path=…&pin-source=file:…: docs/keys.md.",
            rich_help_panel=PANEL,
        ),
    ] = None
    witness: Annotated[
        Path | None,
        typer.Option(
            "--witness",
            envvar="SAVAS_WITNESS",
            metavar="DIR",
            file_okay=False,
            show_default="data/witness",
            help="The directory that remembers checkpoints and erasures outside of the databases: docs/ledger.md.",
            rich_help_panel=WITNESSES,
        ),
    ] = None
    smtp: Annotated[
        str | None,
        typer.Option(
            "--smtp",
            envvar="SAVAS_SMTP",
            metavar="URL",
            help="The server that mails are sent through: smtp://user@host:587?password-file=FILE&from=ADDRESS; smtps:// "
            "for TLS from the first byte. No mails are sent if not given: docs/upkeep.md.",
            rich_help_panel=MESSAGES,
        ),
    ] = None
    witness_mail: Annotated[
        list[str] | None,
        typer.Option(
            "--witness-mail",
            envvar="SAVAS_WITNESS_MAIL",
            metavar="ADDRESS",
            help="Somebody whom signed checkpoints of the ledger are mailed to, at most once an hour. Repeatable. Needs --smtp.",
            rich_help_panel=WITNESSES,
        ),
    ] = None
    witness_url: Annotated[
        list[str] | None,
        typer.Option(
            "--witness-url",
            envvar="SAVAS_WITNESS_URL",
            metavar="URL",
            help="An https:// endpoint that signed checkpoints of the ledger are posted to, as text. Repeatable.",
            rich_help_panel=WITNESSES,
        ),
    ] = None
    controller: Annotated[
        Path | None,
        typer.Option(
            "--controller",
            envvar="SAVAS_CONTROLLER",
            metavar="FILE",
            dir_okay=False,
            show_default="data/controller.toml",
            help="The TOML file that says who is responsible for the data, as notices and receipts name it: docs/consent.md.",
            rich_help_panel="Who is responsible",
        ),
    ] = None
    sms: Annotated[
        str | None,
        typer.Option(
            "--sms",
            envvar="SAVAS_SMS",
            metavar="URL",
            help="The gateway that text messages are sent through: JSON is posted there. None are sent if not given: "
            "docs/intake.md.",
            rich_help_panel=MESSAGES,
        ),
    ] = None
    sms_secret_file: Annotated[
        Path | None,
        typer.Option(
            "--sms-secret-file",
            envvar="SAVAS_SMS_SECRET_FILE",
            metavar="FILE",
            dir_okay=False,
            help="The file of mode 0600 that holds the SMS gateway's bearer secret.",
            rich_help_panel=MESSAGES,
        ),
    ] = None
    public: Annotated[
        str | None,
        typer.Option(
            "--public",
            envvar="SAVAS_PUBLIC",
            metavar="URL",
            help="Where people reach the server, such as https://crm.example; messages name it, and links begin with it.",
            rich_help_panel=MESSAGES,
        ),
    ] = None
    policies: Policies = None


NOTHING = Before()


class _Given:
    before: ClassVar[Before] = NOTHING


def keep(before: Before) -> None:
    """Remember what was given, for the command that follows."""
    _Given.before = before


def purposes_from(names: Iterable[str], hint: str) -> "list[Purpose]":
    """The purposes of these names; BadParameter when the policies in force do not declare one of them."""
    from models import Purpose

    return [Purpose(name) for name in _declared_only(names, _declared().purposes, hint)]


def roles_from(names: Iterable[str], hint: str) -> "list[Role]":
    """The roles of these names; BadParameter when the policies in force do not declare one of them."""
    from models import Role

    return [Role(name) for name in _declared_only(names, _declared().roles, hint)]


def _declared() -> "Declared":
    from policies import SHIPPED
    from policies.language import declared

    directory = _Given.before.policies
    return declared.of(directory) if directory else SHIPPED


def _declared_only(names: Iterable[str], declared: Collection[str], hint: str) -> list[str]:
    given = [name.strip().lower() for name in names]
    if set(given) - set(declared):
        raise typer.BadParameter(f"one of {', '.join(declared)} was expected", param_hint=hint)
    return given


def word(words: type[E], typed: str, hint: str) -> E:
    """One of a closed list of words, however its letters are.

    Raises:
        typer.BadParameter: it is none of them.
    """
    try:
        return words(typed.strip().upper())
    except ValueError:
        known = ", ".join(each.value.lower() for each in words)
        raise typer.BadParameter(f"There is no such word. Known: {known}.", param_hint=hint) from None
