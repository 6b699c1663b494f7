"""The settings of an installation.

Only the command line reads the environment, through the options that mirror `Settings`.
"""

from dataclasses import dataclass
from pathlib import Path

from models.database import beside, sqlite_url
from policies import policy
from procedures.checkpoint import witnesses
from procedures.current import Addresses
from procedures.sending import SMTP, Gateway


@dataclass(frozen=True)
class Settings:
    """What an operator decides; every field is an option of `./savas serve`.

    Attributes:
        data: the directory of the embedded database and of this installation's keys.
        database: a PostgreSQL address instead of the embedded database.
        keys: the address of the key database, where it is not beside the database.
        provider: where the keys are that are in no database: `file:PATH` or `pkcs11:…`.
        witness: the directory that remembers checkpoints and erasures outside of the databases.
        smtp: the server that mails are sent through, `smtp://USER@HOST?password-file=…`.
        witness_mail: addresses that checkpoints are mailed to.
        witness_url: endpoints that checkpoints are sent to.
        checkpoint_interval: seconds after which a ledger that has grown is signed again.
        judged_share: the share of the operations about which plain Oso is asked again.
        missed_lookups: how much an account may look up in a day that is not found, before it is slowed down.
        keep_missed_lookups: for how many days what was looked up and not found is kept.
        keep_disclosures: for how many days a disclosure is kept after the customer was told.
        desk_lookups: how much an account at the front desk may look up in a day; what finds nobody counts four times.
        controller: the file that says who is responsible for the data.
        sms: the gateway that text messages are sent through, `https://…`.
        sms_secret_file: the file of mode 0600 that holds the gateway's secret.
        host, port: where to listen.
        demo: whether the playground offers the demo's people.
        policies: the directory of the policy files in force.
        public: where people reach the server, which messages with a link name.
        origins: foreign origins whose pages may use the API, as `https://host[:port]`.
    """

    data: Path = Path("data")
    database: str | None = None
    keys: str | None = None
    provider: str | None = None
    witness: Path | None = None
    smtp: str | None = None
    witness_mail: tuple[str, ...] = ()
    witness_url: tuple[str, ...] = ()
    checkpoint_interval: float = 60
    judged_share: float = 0.001
    missed_lookups: int = 500
    keep_missed_lookups: int = 90
    keep_disclosures: int = 1_095
    desk_lookups: int = 200
    controller: Path | None = None
    sms: str | None = None
    sms_secret_file: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    policies: Path = policy.HERE
    origins: frozenset[str] = frozenset()
    public: str = ""

    @property
    def database_url(self) -> str:
        """The address of the PostgreSQL database, or else of the embedded one within `data`."""
        return self.database or sqlite_url(self.data / "savas.sqlite3")

    @property
    def addresses(self) -> Addresses:
        """The installation's addresses, with defaults within `data` for those that are not set.

        Raises:
            MailError, WitnessInvalid: an address cannot be used.
        """
        server = SMTP.parse(self.smtp) if self.smtp else None
        return Addresses(
            self.database_url,
            self.keys or beside(self.database_url, self.data),
            self.provider or f"file:{self.data / 'provider.json'}",
            self.witness or self.data / "witness",
            server,
            tuple(witnesses.mail_address(address, server) for address in self.witness_mail),
            tuple(witnesses.url(address) for address in self.witness_url),
            self.controller or self.data / "controller.toml",
            Gateway.parse(self.sms, self.sms_secret_file) if self.sms else None,
            self.policies,
            self.public.rstrip("/"),
        )
