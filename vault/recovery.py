"""Recovery copies: the keys of a file, sealed for a key that the owner keeps away from every machine.

A copy is sealed with HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM), so making one needs only the public text of
the offline key. It holds the keys as they were: an epoch that is destroyed later is not destroyed in the copy, which
is why a copy is void, and should be deleted, after the next rotation.
"""

import base64
import binascii
import hashlib
import json
from pathlib import Path
from typing import Final

from vault import hpke, private
from vault.errors import ProviderError, SealBroken
from vault.file_provider import FileProvider
from vault.provider import KeyProvider

#: Names what the sealing is for; it also begins every copy.
_PURPOSE: Final = b"savas recovery copy 1\n"
_PUBLIC: Final = "savas-recovery-1-"
_PRIVATE: Final = "savas-offline-key-1-"
_CHECK = 4


def new_offline_key(path: Path) -> str:
    """Make a key, write it to a file of mode 0600, and give the public text that copies are sealed for.

    Raises:
        ProviderError: PROVIDER_EXISTS, there is a file; PROVIDER_UNREADABLE or PROVIDER_MISSING, it cannot be written.
    """
    secret, public = hpke.new()
    private.write(path, f"{_text(_PRIVATE, secret)}\n".encode(), "offline key")
    return _text(_PUBLIC, public)


def sealed_copy(provider: KeyProvider, public: str) -> bytes:
    """All keys of a file, sealed for an offline key.

    Args:
        provider: whose keys.
        public: the text that `new_offline_key` gave; a typing error in it is detected, for a copy
            sealed for nobody is worth nothing.

    Raises:
        ProviderError: PROVIDER_INVALID, the text is none, or the keys do not leave the provider.
    """
    if not isinstance(provider, FileProvider):
        raise _kept_by_token()
    encoded = {name: base64.b64encode(key).decode() for name, key in sorted(provider.exported().items())}
    recipient = _raw(_PUBLIC, public.strip())
    try:
        return _PURPOSE + hpke.seal(recipient, _PURPOSE, json.dumps(encoded).encode())
    except ValueError:
        # A point of small order would let anybody open the copy.
        raise _not_a_key() from None


def restore(copy: bytes, key: Path, address: str) -> None:
    """Make a new key provider that holds what a copy holds.

    Raises:
        ProviderError: PROVIDER_WRONG, the copy is damaged or of another key; PROVIDER_EXISTS, there is a provider;
            PROVIDER_INVALID, the address is no file's; or what `private.read` says of the offline key.
    """
    scheme, _, path = address.partition(":")
    if scheme == "pkcs11":
        raise _kept_by_token()
    if scheme != "file" or not path:
        raise ProviderError("PROVIDER_INVALID", "A recovery copy is restored to an address file:PATH.")
    offline = private.read(key, "offline key").decode("ascii", "replace").strip()
    FileProvider.created(path, _opened(copy, _raw(_PRIVATE, offline))).close()


def _opened(copy: bytes, secret: bytes) -> dict[str, bytes]:
    try:
        if not copy.startswith(_PURPOSE):
            raise SealBroken
        keys = json.loads(hpke.open_(secret, _PURPOSE, copy[len(_PURPOSE) :]))
    except (SealBroken, ValueError):
        raise ProviderError(
            "PROVIDER_WRONG", "The copy does not open: it is damaged, or made for another key."
        ) from None
    return {str(name): base64.b64decode(value, validate=True) for name, value in keys.items()}


def _text(prefix: str, raw: bytes) -> str:
    """A key as text: what it is, and the key with the beginning of its hash."""
    return (
        prefix + base64.b32encode(raw + hashlib.sha256(prefix.encode() + raw).digest()[:_CHECK]).decode()[:-6]
    )


def _raw(prefix: str, text: str) -> bytes:
    try:
        checked = base64.b32decode(text.removeprefix(prefix) + "======")
    except (binascii.Error, ValueError):
        raise _not_a_key() from None
    if len(checked) != 32 + _CHECK or text != _text(prefix, checked[:-_CHECK]):
        raise _not_a_key()
    return checked[:-_CHECK]


def _not_a_key() -> ProviderError:
    return ProviderError(
        "PROVIDER_INVALID", "This is not a key for recovery copies, or it was not copied as a whole."
    )


def _kept_by_token() -> ProviderError:
    return ProviderError(
        "PROVIDER_INVALID", "The keys of a token do not leave it. Use the backup that its maker provides."
    )
