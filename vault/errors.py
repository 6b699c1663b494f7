"""Why something cannot be sealed or opened; no message holds a value or a key.

VaultError
├─ SealedError     SEALED          the vault has no keys to work with; `reason` says why
├─ SealBroken      SEAL_BROKEN     what is there was not sealed like this, here
└─ ProviderError   PROVIDER_…      the key provider cannot be used
"""


class VaultError(Exception):
    """Something cannot be sealed or opened; `code` is stable, `message` says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class SealedError(VaultError):
    """The vault is sealed.

    Args:
        reason: the code of what stands in the way.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(
            "SEALED", "The vault is sealed; nothing personal can be read or written until it is opened."
        )
        self.reason = reason


class SealBroken(VaultError):
    """A sealed value does not open: it was changed, moved, or sealed under a key that is gone."""

    def __init__(self) -> None:
        super().__init__("SEAL_BROKEN", "A stored value is damaged or was moved, and was not opened.")


class ProviderError(VaultError):
    """The key provider cannot be used.

    PROVIDER_MISSING      the file of keys or the token is not there; bring it back, or name another
    PROVIDER_LOOSE        others can read the file of keys, or it is no regular file; chmod 600, chown
    PROVIDER_UNREADABLE   the file of keys or the token is there and fails
    PROVIDER_WRONG        these are another installation's keys, a needed one is missing, or the PIN is wrong; name the right provider
    PROVIDER_INVALID      the address of the provider, or what was named as a key or a copy of keys, cannot be used
    PROVIDER_EXISTS       there is a file or a key already; it is left as it is
    """
