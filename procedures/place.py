"""Where one installation keeps what it keeps, apart from each other: data, keys, what opens the keys, witnesses."""

from dataclasses import dataclass
from pathlib import Path

from procedures.sending import SMTP, Gateway


@dataclass(frozen=True)
class Place:
    """One installation's addresses.

    Attributes:
        database: of the data.
        keys: of the key database.
        provider: of the key provider, `file:PATH` or `pkcs11:…`.
        witness: the directory that remembers erasures and checkpoints outside of the databases.
        smtp: the server that mails are sent through; None sends no mails.
        witness_mails: addresses that checkpoints are mailed to.
        witness_urls: endpoints that checkpoints are sent to.
        controller: the file that says who is responsible; it need not be there.
        sms: the gateway that text messages are sent through; None sends none.
    """

    database: str
    keys: str
    provider: str
    witness: Path
    smtp: SMTP | None = None
    witness_mails: tuple[str, ...] = ()
    witness_urls: tuple[str, ...] = ()
    controller: Path | None = None
    sms: Gateway | None = None


class _Holder:
    place: Place | None = None


def use(place: Place | None) -> None:
    """Say where this process works; None: nowhere any more."""
    _Holder.place = place


def current() -> Place:
    """Where this process works.

    Raises:
        RuntimeError: nowhere; `procedures.installation.start.opened` was not entered.
    """
    if _Holder.place is None:
        raise RuntimeError("no installation is open in this process")
    return _Holder.place
