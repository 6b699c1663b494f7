"""The options that every command takes alike, so that `--data` means the same everywhere."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

if TYPE_CHECKING:
    from models import Purpose, Role
    from policies.declared import Declared
    from procedures.installation import Settings

DEFAULT_DATA = Path("data")

Data = Annotated[
    Path,
    typer.Option(
        "--data",
        envvar="SAVAS_DATA",
        metavar="DIR",
        file_okay=False,
        help="Directory of the embedded database, the keys, the demo's passwords and the key of imports.",
        rich_help_panel="Where the data are",
    ),
]
"""Write `data: Data = DEFAULT_DATA`."""

Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        envvar="SAVAS_DATABASE",
        metavar="URL",
        # The address may carry a password, which a default shown in the help would print.
        show_default=False,
        help="PostgreSQL instead of the embedded database: postgres://user@host:5432/name. The database must exist.",
        rich_help_panel="Where the data are",
    ),
]
"""Write `database: Database = None`."""


Policies = Annotated[
    Path | None,
    typer.Option(
        "--policies",
        envvar="SAVAS_POLICIES",
        metavar="DIR",
        exists=True,
        file_okay=False,
        show_default="those that come with Savas",
        help="Directory of the policy files in force: docs/policies.md.",
        rich_help_panel="What is served",
    ),
]
"""Write `policies: Policies = None`."""


PANEL = "Where the keys are"
WITNESSES = "Who witnesses the ledger"
MESSAGES = "How messages are sent"

Keys = Annotated[
    str | None,
    typer.Option(
        "--keys",
        envvar="SAVAS_KEYS",
        metavar="URL",
        show_default="data/keys.sqlite3; on PostgreSQL NAME_keys, beside the database NAME",
        help="The key database, which holds the customers' keys apart from their data.",
        rich_help_panel=PANEL,
    ),
]
Provider = Annotated[
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
]
Witness = Annotated[
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
]
Controller = Annotated[
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
]

Smtp = Annotated[
    str | None,
    typer.Option(
        "--smtp",
        envvar="SAVAS_SMTP",
        metavar="URL",
        show_default=False,
        help="The server that mails are sent through: smtp://user@host:587?password-file=FILE&from=ADDRESS; smtps:// "
        "for TLS from the first byte. No mails are sent if not given: docs/upkeep.md.",
        rich_help_panel=MESSAGES,
    ),
]
WitnessMail = Annotated[
    list[str] | None,
    typer.Option(
        "--witness-mail",
        envvar="SAVAS_WITNESS_MAIL",
        metavar="ADDRESS",
        show_default=False,
        help="Somebody whom signed checkpoints of the ledger are mailed to, at most once an hour. Repeatable. Needs --smtp.",
        rich_help_panel=WITNESSES,
    ),
]
WitnessUrl = Annotated[
    list[str] | None,
    typer.Option(
        "--witness-url",
        envvar="SAVAS_WITNESS_URL",
        metavar="URL",
        show_default=False,
        help="An https:// endpoint that signed checkpoints of the ledger are posted to, as text. Repeatable.",
        rich_help_panel=WITNESSES,
    ),
]
Sms = Annotated[
    str | None,
    typer.Option(
        "--sms",
        envvar="SAVAS_SMS",
        metavar="URL",
        show_default=False,
        help="The gateway that text messages are sent through: JSON is posted there. None are sent if not given: "
        "docs/intake.md.",
        rich_help_panel=MESSAGES,
    ),
]
SmsSecretFile = Annotated[
    Path | None,
    typer.Option(
        "--sms-secret-file",
        envvar="SAVAS_SMS_SECRET_FILE",
        metavar="FILE",
        dir_okay=False,
        show_default=False,
        help="The file of mode 0600 that holds the SMS gateway's bearer secret.",
        rich_help_panel=MESSAGES,
    ),
]


class _Keys:
    """What stands before the command, because it is the same for every command."""

    given: ClassVar[dict[str, Any]] = {}


def keep(**given: Any) -> None:
    """Remember fields of `Settings`, for the command that follows."""
    _Keys.given = given


def settings_from(data: Path, database: str | None, **more: Any) -> "Settings":
    """Return the settings these options stand for; `more` names further fields of `Settings`."""
    # Imported late: it brings the records and the policies along, and `--help` should not wait for them.
    from procedures.installation import Settings

    return Settings(data=data, database=database, **{**_Keys.given, **more})


def purposes_from(names: Iterable[str], hint: str) -> "list[Purpose]":
    """The purposes of these names; BadParameter when the policies in force do not declare one of them."""
    from models import Purpose

    return [Purpose(name) for name in _declared_only(names, _declared().purposes, hint)]


def roles_from(names: Iterable[str], hint: str) -> "list[Role]":
    """The roles of these names; BadParameter when the policies in force do not declare one of them."""
    from models import Role

    return [Role(name) for name in _declared_only(names, _declared().roles, hint)]


def _declared() -> "Declared":
    from policies import SHIPPED, declared

    directory = _Keys.given.get("policies")
    return declared.of(directory) if directory else SHIPPED


def _declared_only(names: Iterable[str], declared: Collection[str], hint: str) -> list[str]:
    given = list(names)
    if set(given) - set(declared):
        raise typer.BadParameter(f"one of {', '.join(declared)} was expected", param_hint=hint)
    return given
