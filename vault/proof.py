"""Proofs: what shows whether a key provider holds the very key that was there before, not only one of its name.

A proof may lie in a database: it tells nothing of the key.
"""

import hmac

from vault.errors import ProviderError, SealBroken
from vault.provider import KeyProvider

_TEXT = b"savas key proof 1"


def make(provider: KeyProvider, name: str) -> bytes:
    """The proof of a key, to be kept in a database and checked by `holds`.

    Raises:
        ProviderError: PROVIDER_WRONG, there is no such key.
    """
    match name.partition("-")[0]:
        case "epoch":
            return provider.wrap(name, _TEXT, name.encode())
        case "signing":
            return provider.public(name)
        case _:
            return provider.mac(name, _TEXT)


def holds(provider: KeyProvider, name: str, proof: bytes) -> bool:
    """Whether the provider holds the key that a proof was made with."""
    try:
        if name.startswith("epoch-"):
            return provider.unwrap(name, proof, name.encode()) == _TEXT
        return hmac.compare_digest(make(provider, name), proof)
    except SealBroken:
        return False
    except ProviderError as error:
        if error.code != "PROVIDER_WRONG":
            raise
        return False
