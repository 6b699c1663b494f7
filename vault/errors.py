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

    Codes: PROVIDER_MISSING, PROVIDER_LOOSE, PROVIDER_UNREADABLE, PROVIDER_WRONG, PROVIDER_INVALID,
    PROVIDER_EXISTS.
    """
