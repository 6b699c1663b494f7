"""The key provider: holds the keys that are nowhere else, and works with them where they are.

A key's name says what it is for: `epoch-<n>` wraps customers' rings, `index-<n>` makes blind indexes, `hash-<n>`
keyed hashes for the ledger, `signing-<n>` (Ed25519) signs checkpoints. None of them is ever in a database, a backup
of one, an environment variable or a log, not even wrapped: otherwise destroying it would mean nothing.
"""

from typing import Literal, Protocol

from vault.errors import ProviderError


class KeyProvider(Protocol):
    """Keys by name; every method may raise ProviderError."""

    kind: Literal["file", "pkcs11"]

    def names(self) -> frozenset[str]:
        """The names of the keys that are there."""

    def create(self, name: str) -> None:
        """Make a key from the system's randomness: 256 bits, for `signing-<n>` an Ed25519 pair.

        Raises:
            ProviderError: PROVIDER_EXISTS, there is one of that name.
        """

    def destroy(self, name: str) -> None:
        """Destroy a key for good; one that is not there is gone already."""

    def wrap(self, name: str, plain: bytes, context: bytes) -> bytes:
        """Seal bytes with AES-256-GCM: a random nonce of 12 bytes, then the ciphertext with its tag."""

    def unwrap(self, name: str, sealed: bytes, context: bytes) -> bytes:
        """Open what `wrap` sealed for the same context.

        Raises:
            SealBroken: it does not open.
            ProviderError: PROVIDER_WRONG, there is no such key.
        """

    def mac(self, name: str, data: bytes) -> bytes:
        """HMAC-SHA256: 32 bytes."""

    def sign(self, name: str, data: bytes) -> bytes:
        """An Ed25519 signature: 64 bytes."""

    def public(self, name: str) -> bytes:
        """The public key of a pair: 32 bytes."""

    def close(self) -> None:
        """Close the provider; afterwards it answers nothing."""


def opened(address: str) -> KeyProvider:
    """The key provider at an address: `file:PATH`, or a `pkcs11:` URI of RFC 7512.

    Raises:
        ProviderError: PROVIDER_MISSING, PROVIDER_LOOSE, PROVIDER_UNREADABLE or PROVIDER_INVALID.
    """
    return _provider(address, new=False)


def created(address: str) -> KeyProvider:
    """An empty key provider, made on first use.

    Raises:
        ProviderError: PROVIDER_EXISTS, there is one; or as for `opened`.
    """
    return _provider(address, new=True)


def _provider(address: str, *, new: bool) -> KeyProvider:
    scheme, _, rest = address.partition(":")
    if scheme == "file" and rest:
        from vault.file_provider import FileProvider  # noqa: PLC0415 each kind loads its own library

        return FileProvider.created(rest) if new else FileProvider(rest)
    if scheme == "pkcs11" and rest:
        from vault.token_provider import TokenProvider  # noqa: PLC0415 the library of tokens may be missing

        return TokenProvider(address)
    raise ProviderError(
        "PROVIDER_INVALID", "The key provider's address must be file:PATH or pkcs11:token=NAME?module-path=…"
    )
