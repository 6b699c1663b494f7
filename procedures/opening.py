"""Opening an installation: both databases, the vault, and what an interrupted run left to finish.

The vault stays sealed, with a reason, when its keys cannot be had; then nothing personal can be read or written,
and everything else goes on. Nothing ever falls back to plain text.

    PROVIDER_…            what the key provider says
    EPOCH_DESTROYED       the key database is older than the keys: a backup from an earlier epoch
    KEYS_MISSING          the data are sealed, and the key database is empty
    RESTORED              erasures were carried out since this backup was made; `savas vault replay` repeats them
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from models import keyring
from models.database import connected
from policies.asker import utc_now
from procedures import erasure, place, sealing
from procedures.place import Place
from vault import provider, vault
from vault.errors import ProviderError, VaultError
from vault.provider import KeyProvider
from vault.vault import Vault

log = logging.getLogger("savas.vault")

#: What a provider holds from the beginning; epochs count on.
FIRST = ("epoch-1", "index-1", "hash-1", "signing-1")


class OpeningError(VaultError):
    """What the keys, the key database and the data say of each other does not fit."""


@asynccontextmanager
async def opened(where: Place, *, replaying: bool = False) -> AsyncIterator[None]:
    """An installation, open for a while.

    Args:
        where: its addresses.
        replaying: open the vault of a restored backup, to repeat the erasures since then.

    Raises:
        DatabaseError: a database cannot be used.
    """
    async with connected(where.database, where.keys):
        place.use(where)
        try:
            await unseal(where, replaying=replaying)
            yield
        finally:
            vault.seal("CLOSED")
            place.use(None)


async def unseal(where: Place, *, replaying: bool = False) -> str | None:
    """Open the vault, or leave it sealed; gives the reason then."""
    try:
        vault.use(Vault(await _provider(where)))
        await erasure.finish()
        if not replaying and await erasure.missing():
            raise OpeningError("RESTORED", "Erasures have to be repeated: ./savas vault replay")
    except VaultError as error:
        vault.seal(error.code)
        log.error("VAULT_SEALED %s", error.code)
        return error.code
    return None


async def _provider(where: Place) -> KeyProvider:
    """The key provider, holding what the key database needs; made on first use and never again."""
    await keyring.prepare()
    if not await keyring.epochs():
        return await _first(where)
    keys = provider.opened(where.provider)
    held = keys.names()
    if lacking := [name for name in FIRST[2:] if name not in held]:
        keys.close()
        raise ProviderError(
            "PROVIDER_WRONG", f"The key provider lacks {', '.join(lacking)}: it is another one."
        )
    if any(f"epoch-{epoch}" not in held for epoch in await keyring.epochs()):
        keys.close()
        raise OpeningError(
            "EPOCH_DESTROYED",
            "The key that wraps these rings is gone: the key database is older than the keys, or the provider another.",
        )
    return keys


async def _first(where: Place) -> KeyProvider:
    """First use: keys are made, unless there is something that others have sealed."""
    if await sealing.any_sealed():
        raise OpeningError(
            "KEYS_MISSING", "The data are sealed, and the key database holds no keys for them."
        )
    try:
        keys = provider.opened(where.provider)
    except ProviderError as error:
        if error.code != "PROVIDER_MISSING":
            raise
        keys = provider.created(where.provider)
    for name in FIRST:
        if name not in keys.names():
            keys.create(name)
    await keyring.begin(1, utc_now())
    await keyring.index_begun(1, utc_now())
    return keys
