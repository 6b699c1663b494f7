"""The vault of an installation: opens customers' rings, computes blind indexes, and forgets.

An installation has one at a time, put in place by `use` and taken away by `seal`; a task works with the vault of the
installation that it has entered. What asks for it while there is none gets a SealedError that says why. A vault whose provider goes missing, is loosened or is replaced by another is
sealed within a second, and stays so until it is opened again.

    NOT_OPENED   this process has not opened the vault yet
    CLOSED       this process has closed the vault, and ends
"""

import hmac
import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING

from vault import blind, proof
from vault.errors import ProviderError, SealedError
from vault.ring import Ring
from vault.secret import Secret

if TYPE_CHECKING:
    from vault.provider import KeyProvider

log = logging.getLogger("savas.vault")

#: How many customers' rings stay open at most, and for how long in seconds. An erasure closes the ring in its own process
#: at once; in another one it is open no longer than this, when the rows that it could open are gone already.
KEPT_RINGS = 20_000
KEPT_SECONDS = 60.0
#: After how many seconds the provider is checked again.
FRESH = 1.0
_INDEX = re.compile(r"index-(\d+)")


class Vault(Secret):
    """The opened keys of an installation: unwraps rings, and computes blind indexes and keyed hashes.

    Args:
        provider: where the keys are.
        proofs: of keys that are never replaced, by name: who holds others is another provider.
        cache_size: how many opened rings to remember; 0 remembers none.
        clock: seconds that only ever grow.
    """

    def __init__(
        self,
        provider: "KeyProvider",
        proofs: Mapping[str, bytes] = MappingProxyType({}),
        *,
        cache_size: int = KEPT_RINGS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.provider, self._proofs = provider, proofs
        self._cache_size, self._clock = cache_size, clock
        self._rings: OrderedDict[str, tuple[float, Ring]] = OrderedDict()
        #: How often rings were closed.
        self.closings = 0
        self._columns: dict[tuple[int, str], bytes] = {}
        self._epochs: tuple[float, tuple[int, ...]] = (float("-inf"), ())
        self._marking: bytes | None = None
        self._lock = threading.Lock()

    def wrap(self, epoch: int, customer: str, ring: Ring) -> bytes:
        """A ring encrypted under the key of its epoch, for the key database."""
        return self.provider.wrap(f"epoch-{epoch}", ring.encode(), _context(epoch, customer))

    def unwrap(self, epoch: int, customer: str, wrapped: bytes) -> Ring:
        """Open a ring.

        Raises:
            SealBroken: it is not this customer's of this epoch, or was changed.
            ProviderError: PROVIDER_WRONG, the epoch's key is gone.
        """
        return Ring.decode(self.provider.unwrap(f"epoch-{epoch}", wrapped, _context(epoch, customer)))

    def remembered(self, customer: str) -> Ring | None:
        """A ring that was opened less than `KEPT_SECONDS` ago, if it is still open."""
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
            while len(self._rings) > self._cache_size:
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
        return self._indexes(column, value)[-1]

    def lookup_indexes(self, column: str, value: bytes) -> tuple[bytes, bytes]:
        """The indexes to look for: of the newest epoch, and of the one before while it is being replaced."""
        indexes = self._indexes(column, value)
        return indexes[-1], indexes[0]

    def index_epochs(self) -> tuple[int, ...]:
        """The live epochs of the blind indexes, the oldest first.

        Raises:
            ProviderError: PROVIDER_WRONG, there is none.
        """
        self.check_provider()
        if not self._epochs[1]:
            raise ProviderError("PROVIDER_WRONG", "The key provider holds no key for the blind indexes.")
        return self._epochs[1]

    def check_provider(self) -> None:
        """Check, at most once a second, that the provider is the same, and which index keys it holds.

        Raises:
            ProviderError: it is not.
        """
        if self._clock() - self._epochs[0] <= FRESH:
            return
        matches = (_INDEX.fullmatch(name) for name in self.provider.names())
        epochs = tuple(sorted(int(match[1]) for match in matches if match))
        if not all(proof.holds(self.provider, name, key_proof) for name, key_proof in self._proofs.items()):
            raise ProviderError(
                "PROVIDER_WRONG", "The key provider is another one; name the one that was there before."
            )
        self._epochs = (self._clock(), epochs)
        self._columns = {pair: key for pair, key in self._columns.items() if pair[0] in epochs}

    def refresh(self) -> None:
        """Check the provider again at the next use."""
        self._epochs = (float("-inf"), ())

    def keyed_hash(self, text: str) -> str:
        """64 hexadecimal digits that stand for a text in the ledger, and that only we can compute."""
        return self.provider.mac("hash-1", text.encode("utf-8", "surrogatepass")).hex()

    def mark(self, text: str) -> str:
        """64 hexadecimal digits that stand for a text, like `keyed_hash`, for texts that come by the thousand.

        The key is derived once, where the key of the keyed hashes is; a token would be slow to ask each time.
        """
        if self._marking is None:
            self._marking = self.provider.mac("hash-1", b"savas mark 1")
        return hmac.digest(self._marking, text.encode("utf-8", "surrogatepass"), "sha256").hex()

    def _indexes(self, column: str, value: bytes) -> list[bytes]:
        """The indexes of a value in the live epochs, the oldest first."""
        try:
            return [self._index(epoch, column, value) for epoch in self.index_epochs()]
        except ProviderError:
            # An epoch may have ended since the provider was looked at.
            self.refresh()
            return [self._index(epoch, column, value) for epoch in self.index_epochs()]

    def _index(self, epoch: int, column: str, value: bytes) -> bytes:
        key = self._columns.get((epoch, column))
        if key is None:
            key = self._columns[epoch, column] = blind.column_key(self.provider, epoch, column)
        return blind.index(key, epoch, value)


class Keeper:
    """The vault of one installation, or the code that says why there is none."""

    vault: Vault | None = None
    reason: str = "NOT_OPENED"


_keeper: ContextVar[Keeper] = ContextVar("savas_vault")


@contextmanager
def entered(keeper: Keeper) -> Iterator[None]:
    """Work with the vault of an installation in this task."""
    token = _keeper.set(keeper)
    try:
        yield
    finally:
        _keeper.reset(token)


def use(vault: Vault) -> None:
    """Put a vault in place.

    Raises:
        LookupError: no installation was entered.
    """
    _keeper.get().vault = vault


def seal(reason: str) -> None:
    """Take the vault away, and close its provider.

    Args:
        reason: a code that says why; health shows it.
    """
    keeper = _keeper.get()
    vault, keeper.vault, keeper.reason = keeper.vault, None, reason
    if vault is not None:
        vault.forget()
        vault.provider.close()


def current() -> Vault:
    """The vault of the installation that this task works for.

    Raises:
        SealedError: there is none.
    """
    if (why := reason()) is not None:
        raise SealedError(why)
    vault = _keeper.get().vault
    if vault is None:
        raise SealedError("NOT_OPENED")
    return vault


def reason() -> str | None:
    """Why the vault is sealed; None while it is open. One whose provider is not as it was is sealed first."""
    keeper = _keeper.get(None)
    if keeper is None:
        return Keeper.reason
    if keeper.vault is None:
        return keeper.reason
    try:
        keeper.vault.check_provider()
    except ProviderError as error:
        log.error("VAULT_SEALED %s", error.code)
        seal(error.code)
        return error.code
    return None


def _context(epoch: int, customer: str) -> bytes:
    return f"ring|{epoch}|{customer}".encode()
