"""The vault of this process: opens customers' rings, computes blind indexes, and forgets.

There is one at a time, put in place by `use` and taken away by `seal`. What asks for it while there is none
gets a SealedError that says why.
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from vault import blind
from vault.errors import ProviderError, SealedError
from vault.ring import Ring

if TYPE_CHECKING:
    from vault.provider import KeyProvider

#: How many customers' rings stay open at most, and for how long in seconds. An erasure closes the ring in its own process
#: at once; in another one it is open no longer than this, when the rows that it could open are gone already.
KEPT_RINGS = 20_000
KEPT_SECONDS = 60.0
#: After how many seconds it is asked again which index keys there are.
FRESH = 1.0
_INDEX = re.compile(r"index-(\d+)")


class Vault:
    """Keys at work.

    Args:
        provider: where the keys are.
        kept: how many opened rings to remember; 0 remembers none.
        clock: seconds that only ever grow.
    """

    def __init__(
        self, provider: "KeyProvider", *, kept: int = KEPT_RINGS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.provider = provider
        self._kept, self._clock = kept, clock
        self._rings: OrderedDict[str, tuple[float, Ring]] = OrderedDict()
        #: How often rings were closed.
        self.closings = 0
        self._columns: dict[tuple[int, str], bytes] = {}
        self._epochs: tuple[float, tuple[int, ...]] = (float("-inf"), ())
        self._lock = threading.Lock()

    def wrap(self, epoch: int, customer: str, ring: Ring) -> bytes:
        """A ring as it may lie in the key database."""
        return self.provider.wrap(f"epoch-{epoch}", ring.encode(), _context(epoch, customer))

    def unwrap(self, epoch: int, customer: str, wrapped: bytes) -> Ring:
        """Open a ring.

        Raises:
            SealBroken: it is not this customer's of this epoch, or was changed.
            ProviderError: PROVIDER_WRONG, the epoch's key is gone.
        """
        return Ring.decode(self.provider.unwrap(f"epoch-{epoch}", wrapped, _context(epoch, customer)))

    def remembered(self, customer: str) -> Ring | None:
        """A ring opened a moment ago."""
        with self._lock:
            since, ring = self._rings.get(customer, (float("-inf"), None))
            return ring if self._clock() - since < KEPT_SECONDS else None

    def remember(self, customer: str, ring: Ring, closings: int) -> None:
        """Keep a ring open for a while; of too many the oldest is closed.

        Args:
            customer: whose it is.
            ring: as it was read from the key database.
            closings: how often rings had been closed when the reading began. If one was closed since, it may be this
                one, read just before its keys were destroyed: then it is not kept.
        """
        with self._lock:
            if closings != self.closings:
                return
            self._rings.pop(customer, None)
            self._rings[customer] = (self._clock(), ring)
            while len(self._rings) > self._kept:
                self._rings.popitem(last=False)

    def forget(self, customer: str | None = None) -> None:
        """Close a customer's ring, or all of them."""
        with self._lock:
            self.closings += 1
            if customer is None:
                self._rings.clear()
            else:
                self._rings.pop(customer, None)

    def index(self, column: str, value: bytes) -> bytes:
        """The blind index to store for a normalised value of a column, `table.column`."""
        return self._index(self.index_epochs()[-1], column, value)

    def wanted(self, column: str, value: bytes) -> tuple[bytes, bytes]:
        """The indexes to look for: of the newest epoch, and of the one before while it is being replaced."""
        epochs = self.index_epochs()
        return self._index(epochs[-1], column, value), self._index(epochs[0], column, value)

    def index_epochs(self) -> tuple[int, ...]:
        """The live epochs of the blind indexes, the oldest first.

        Raises:
            ProviderError: PROVIDER_WRONG, there is none.
        """
        since, known = self._epochs
        if self._clock() - since > FRESH:
            found = (_INDEX.fullmatch(name) for name in self.provider.names())
            known = tuple(sorted(int(match[1]) for match in found if match))
            self._epochs = (self._clock(), known)
            self._columns = {pair: key for pair, key in self._columns.items() if pair[0] in known}
        if not known:
            raise ProviderError("PROVIDER_WRONG", "The key provider holds no key for the blind indexes.")
        return known

    def refresh(self) -> None:
        """Ask again which index keys there are, at the next use."""
        self._epochs = (float("-inf"), ())

    def keyed_hash(self, text: str) -> str:
        """64 hexadecimal digits that stand for a text in the ledger, and that only we can compute."""
        return self.provider.mac("hash-1", text.encode("utf-8", "surrogatepass")).hex()

    def _index(self, epoch: int, column: str, value: bytes) -> bytes:
        key = self._columns.get((epoch, column))
        if key is None:
            key = self._columns[epoch, column] = blind.column_key(self.provider, epoch, column)
        return blind.index(key, epoch, value)

    def __repr__(self) -> str:
        return "Vault()"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a vault is not written anywhere")


class _Holder:
    """What this process has: a vault, or why it has none."""

    vault: Vault | None = None
    reason: str = "NOT_OPENED"


def use(vault: Vault) -> None:
    """Put a vault in place."""
    _Holder.vault = vault


def seal(reason: str) -> None:
    """Take the vault away, and close its provider.

    Args:
        reason: a code that says why; health shows it.
    """
    vault, _Holder.vault, _Holder.reason = _Holder.vault, None, reason
    if vault is not None:
        vault.forget()
        vault.provider.close()


def current() -> Vault:
    """The vault of this process.

    Raises:
        SealedError: there is none.
    """
    if _Holder.vault is None:
        raise SealedError(_Holder.reason)
    return _Holder.vault


def reason() -> str | None:
    """Why the vault is sealed; None while it is open."""
    return None if _Holder.vault is not None else _Holder.reason


def _context(epoch: int, customer: str) -> bytes:
    return f"ring|{epoch}|{customer}".encode()
