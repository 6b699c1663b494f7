"""The installation that a task works for: its addresses, connections, policies and vault.

An installation is made by `procedures.installation.opened`. Whatever works for it works within `entered`: a command for
as long as it runs, a server for each request, the worker for each of its jobs. A process may have several.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from models import database
from models.database import Connections
from policies import policy
from policies.policy import Policies
from procedures.sending import SMTP, Gateway
from vault import vault

T = TypeVar("T")


@dataclass(frozen=True)
class Addresses:
    """Where one installation has its databases, keys, witness, gateways and policies.

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
        policies: the directory of the policy files.
        public: where people reach the server, such as `https://crm.example.org`; empty where nobody said so.
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
    policies: Path = policy.HERE
    public: str = ""


class Installation:
    """An installation that is open in this process.

    Attributes:
        addresses: where it has everything.
        connections: to its databases.
        policies: those in force.
        keeper: its vault, or why it is sealed.
    """

    def __init__(self, addresses: Addresses, connections: Connections, policies: Policies) -> None:
        self.addresses, self.connections, self.policies = addresses, connections, policies
        self.keeper = vault.Keeper()
        self._instances: dict[type[Any], Any] = {}

    def instance(self, kind: type[T]) -> T:
        """This installation's one instance of a class, made without arguments at the first call."""
        if kind not in self._instances:
            self._instances[kind] = kind()
        instance: T = self._instances[kind]
        return instance

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Make this the installation of the current task, and of the tasks begun within, while the block lasts."""
        with ExitStack() as stack:
            stack.enter_context(database.entered(self.connections))
            stack.enter_context(policy.entered(self.policies))
            stack.enter_context(vault.entered(self.keeper))
            token = _entered.set(self)
            try:
                yield
            finally:
                _entered.reset(token)


_entered: ContextVar[Installation] = ContextVar("savas_installation")


def installation() -> Installation:
    """The installation that this task works for.

    Raises:
        RuntimeError: none; `procedures.installation.opened` was not entered.
    """
    current = _entered.get(None)
    if current is None:
        raise RuntimeError("this task works for no installation")
    return current


def addresses() -> Addresses:
    """The addresses of the installation that this task works for; raises as `installation`."""
    return installation().addresses
