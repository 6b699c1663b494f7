"""Opening an installation: both databases, the vault, and what an interrupted run left to finish.

The vault stays sealed, with a reason, when its keys cannot be had; then nothing personal can be read or written,
and everything else goes on. Nothing ever falls back to plain text. A vault that was sealed is opened by starting again.

    PROVIDER_…            what the key provider says; PROVIDER_WRONG also when it is another installation's
    KEYS_MISSING          the data are sealed, and the key database is empty
    EPOCH_DESTROYED       the key database is older than the keys: a backup from an earlier epoch
    RESTORED              erasures were carried out since this backup was made; `savas vault replay` repeats them
    INDEX_DESTROYED       rows would not be found: their index key is gone; `savas vault rotate --indexes` makes another
    WITNESS_UNUSABLE, ERASURES_DAMAGED, SUPPRESSIONS_DAMAGED   a list of what must stay erased cannot be read
    WORDS_DAMAGED         nor can the list of what people asked for and closed
    WORDS_UNATTENDED      what was closed since a backup cannot be closed again: the ledger cannot be read or written

    WORDS_LEFT     a restored backup lacks what is repeated when the vault is open; what closes is closed already
    VAULT_SEALED   nothing personal can be read or written; the code of the reason follows
"""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from tortoise.exceptions import OperationalError

from models.database import connected
from models.keys import keybook, keyring
from policies.actor import utc_now
from policies.policy import Policies
from procedures import erasure, lost
from procedures.audit import restored
from procedures.current import Addresses, Installation
from procedures.erasure import consent_list
from procedures.installation import restoration
from procedures.keys import rotation, sealing
from procedures.leaving import withdrawal
from procedures.ledger import LedgerUnavailable, WitnessError
from vault import proof, provider, vault
from vault.errors import ProviderError, VaultError
from vault.provider import KeyProvider
from vault.vault import Vault

log = logging.getLogger("savas.vault")

#: Keys that are never replaced: they tell one installation's provider from another's.
LASTING = ("hash-1", "signing-1")
#: What a provider holds from the beginning; epochs count on.
FIRST = ("epoch-1", "index-1", *LASTING)

Reason = VaultError | WitnessError


class OpeningError(VaultError):
    """The keys, the key database and the data do not belong together, or erasures have to be repeated first."""


@asynccontextmanager
async def opened(
    addresses: Addresses, *, mending: bool = False, policies: Policies | None = None
) -> AsyncIterator[Reason | None]:
    """Open an installation while the block lasts; yields the reason why its vault stays sealed, if it does.

    Args:
        addresses: the installation's.
        mending: open the vault although erasures have to be repeated or indexes made anew, to do that.
        policies: those in force; loaded from their directory unless given.

    Raises:
        DatabaseError: a database cannot be used.
        WitnessError: the witness directory cannot be read.
    """
    async with opened_sealed(addresses, addresses.keys, policies):
        try:
            sealed = await unseal(addresses, mending=mending)
            # Before anybody is served: an audit needs it ahead of all further entries.
            with suppress(LedgerUnavailable, WitnessError):
                await restored.record_restoration(opening=True)
            yield await _replayed(sealed)
        finally:
            vault.seal("CLOSED")


@asynccontextmanager
async def opened_sealed(
    addresses: Addresses, keys: str | None = None, policies: Policies | None = None
) -> AsyncIterator[Installation]:
    """Open an installation, its vault sealed, while the block lasts: for whatever needs no key.

    Args:
        addresses: the installation's.
        keys: the key database, if it is needed.
        policies: those in force; loaded from their directory unless given.

    Raises:
        DatabaseError: a database cannot be used.
    """
    async with connected(addresses.database, keys) as connections:
        installation = Installation(addresses, connections, policies or Policies(addresses.policies))
        with installation.entered():
            yield installation


async def unseal(addresses: Addresses, *, mending: bool = False) -> Reason | None:
    """Open the vault, or leave it sealed and return the reason."""
    try:
        await _open(addresses.provider)
        if not mending:
            await _refuse_unmended()
    except (VaultError, WitnessError) as error:
        vault.seal(error.code)
        log.error("VAULT_SEALED %s", error.code)
        return error
    return None


async def _replayed(sealed: Reason | None) -> Reason | None:
    """Close and repeat what a restored backup does not know; returns why the vault stays, or now is, sealed."""
    try:
        if left := (await lost.replay()).left:
            log.error("WORDS_LEFT %s are repeated when the vault is open", left)
        return sealed
    except (LedgerUnavailable, OperationalError):
        reason: Reason = OpeningError(
            "WORDS_UNATTENDED",
            "What was closed since a backup was made cannot be closed again, for the ledger cannot be read or written. Look "
            "for a full disk or a read-only database, and start again.",
        )
    except (VaultError, WitnessError) as error:
        reason = error
    if sealed is None:
        vault.seal(reason.code)
        log.error("VAULT_SEALED %s", reason.code)
    return sealed or reason


async def _open(address: str) -> None:
    keys = await _provider(address)
    proofs = await keybook.proofs()
    vault.use(Vault(keys, {name: proofs[name] for name in LASTING}))
    try:
        await erasure.finish()
        await consent_list.finish()
        await withdrawal.finish()
        await rotation.settle()
        await sealing.settle()
    except LedgerUnavailable:
        # What could not be recorded stays unfinished; nothing else can be recorded now either.
        log.error("UNFINISHED what an interrupted run left is finished when the ledger can be written again")


async def _refuse_unmended() -> None:
    if await restoration.missing():
        raise OpeningError("RESTORED", "Erasures have to be repeated: ./savas vault replay")
    if await rotation.unfindable():
        raise OpeningError(
            "INDEX_DESTROYED",
            "The key of some blind indexes is gone; make the indexes anew: ./savas vault rotate --indexes",
        )


async def _provider(address: str) -> KeyProvider:
    """The key provider, which holds what the key database needs; created on first use and never again."""
    await keyring.prepare()
    keys = provider.opened(address) if await keyring.epochs() else await _created(address)
    try:
        await _refuse_others(keys)
    except VaultError:
        keys.close()
        raise
    return keys


async def _refuse_others(keys: KeyProvider) -> None:
    """Refuse a provider that does not hold the keys that this key database was made with."""
    proofs, names = await keybook.proofs(), keys.names()
    epochs = [f"epoch-{epoch}" for epoch in await keyring.epochs()]
    if not _proven(keys, LASTING, proofs):
        raise ProviderError(
            "PROVIDER_WRONG", "The key provider is another installation's; name the right one."
        )
    if any(name not in names for name in epochs):
        raise OpeningError(
            "EPOCH_DESTROYED",
            "The key that wraps these rings is gone: the key database, or the provider, is from an earlier epoch. "
            "Bring back the newest of both.",
        )
    if not _proven(keys, epochs, proofs):
        raise ProviderError(
            "PROVIDER_WRONG", "The provider's epoch key is not the one that wraps these rings."
        )


def _proven(keys: KeyProvider, names: Sequence[str], proofs: dict[str, bytes]) -> bool:
    return all(name in proofs and proof.holds(keys, name, proofs[name]) for name in names)


async def _created(address: str) -> KeyProvider:
    """A key provider with the first keys; refused where data are sealed under keys that are not there."""
    if await sealing.any_sealed():
        raise OpeningError(
            "KEYS_MISSING",
            "The data are sealed, and the key database holds no keys for them. Bring back its newest backup.",
        )
    keys = _opened_or_created(address)
    if not keys.names() <= set(FIRST):
        keys.close()
        raise ProviderError(
            "PROVIDER_WRONG", "The key provider serves, or has served, another key database; name a new one."
        )
    for name in FIRST:
        rotation.create(keys, name)
    await keyring.begin(1, utc_now(), {name: proof.make(keys, name) for name in (FIRST[0], *LASTING)})
    await keybook.index_begun(1, utc_now())
    return keys


def _opened_or_created(address: str) -> KeyProvider:
    """The provider at an address, created if there is none; another process may be creating it."""
    try:
        return provider.opened(address)
    except ProviderError as error:
        if error.code != "PROVIDER_MISSING":
            raise
    try:
        return provider.created(address)
    except ProviderError as error:
        if error.code != "PROVIDER_EXISTS":
            raise
    return provider.opened(address)
