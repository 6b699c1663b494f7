"""The sessions of this process with tokens.

PKCS#11 signs in an application, not a session: the first session's PIN opens the token for all, and whoever signs
out signs out everybody. So there is one session for each token, shared, and signed out when its last holder lets go.
Libraries are called by one thread at a time, as PKCS#11 demands of those who promise nothing else.
"""

import fcntl
import hashlib
import hmac
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pkcs11
from pkcs11 import exceptions

from vault import private
from vault.errors import ProviderError
from vault.token_address import TokenAddress

LOCK = threading.RLock()
_MISSING = (
    exceptions.NoSuchToken,
    exceptions.TokenNotPresent,
    exceptions.TokenNotRecognised,
    exceptions.SlotIDInvalid,
    exceptions.DeviceRemoved,
)
_PIN = (
    exceptions.PinExpired,
    exceptions.PinIncorrect,
    exceptions.PinInvalid,
    exceptions.PinLenRange,
    exceptions.PinLocked,
    exceptions.UserPinNotInitialized,
)


@dataclass
class _Shared:
    """A session, its holders, and the salted hash of the PIN that opened it."""

    session: pkcs11.Session
    salt: bytes
    proof: bytes
    process: int
    holders: int = 0
    keys: dict[tuple[str, str], pkcs11.Key] = field(default_factory=dict)


_open: dict[tuple[str, str, str | None], _Shared] = {}


def sign_in(address: TokenAddress) -> _Shared:
    """Sign in to a token, or share this process's session with it.

    Raises:
        ProviderError: PROVIDER_MISSING, PROVIDER_WRONG, PROVIDER_LOOSE or PROVIDER_UNREADABLE.
    """
    pin = private.read(address.pin, "file with the PIN").strip()
    name = _name(address)
    with LOCK:
        shared = _open.get(name)
        if shared is None or shared.process != os.getpid():
            salt = secrets.token_bytes(16)
            shared = _open[name] = _Shared(_session(address, pin), salt, _proof(salt, pin), os.getpid())
        elif not hmac.compare_digest(shared.proof, _proof(shared.salt, pin)):
            raise _wrong_pin()
        shared.holders += 1
        return shared


def sign_out(address: TokenAddress) -> None:
    """Release a token; the last holder signs out and unloads the library."""
    name = _name(address)
    with LOCK:
        shared = _open.get(name)
        if shared is None:
            return
        shared.holders -= 1
        if shared.holders <= 0:
            del _open[name]
            # A token that was pulled out has signed us out already.
            with suppress(exceptions.PKCS11Error):
                shared.session.close()
            _unload(name[0])


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raise a library's errors as ProviderError; their own text may hold anything, and is left out."""
    try:
        yield
    except _PIN:
        raise _wrong_pin() from None
    except _MISSING:
        raise _missing("there is no token of this name") from None
    except exceptions.PKCS11Error as error:
        raise ProviderError("PROVIDER_UNREADABLE", f"The token fails: {type(error).__name__}.") from None


@contextmanager
def exclusive(address: TokenAddress) -> Iterator[None]:
    """Keep other processes out, by a lock on the PIN's file, which all share.

    A token would take two keys of one name, and SoftHSM is lost where one signs in while another makes a key. Threads
    take `LOCK` first, everywhere, so that no two of them wait for each other.

    Raises:
        ProviderError: PROVIDER_MISSING, the file.
    """
    try:
        file = address.pin.open("rb")
    except OSError:
        raise _missing("the file with its PIN is gone") from None
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _session(address: TokenAddress, pin: bytes) -> pkcs11.Session:
    serial = None if address.serial is None else address.serial.encode()
    with exclusive(address):
        try:
            library = pkcs11.lib(str(address.module))
        except exceptions.PKCS11Error:
            raise _missing("its library cannot be loaded") from None
        try:
            with translated_errors():
                token = library.get_token(token_label=address.token, token_serial=serial)
                return token.open(user_pin=pin.decode("utf-8", "replace"), rw=True)
        except ProviderError:
            _unload(str(address.module))
            raise


def _unload(module: str) -> None:
    """Unload a library that nobody uses: it reads new tokens and settings only when it is loaded."""
    if not any(used == module for used, _, _ in _open):
        with suppress(exceptions.PKCS11Error):
            pkcs11.lib(module).finalize()


def _name(address: TokenAddress) -> tuple[str, str, str | None]:
    return str(address.module), address.token, address.serial


def _proof(salt: bytes, pin: bytes) -> bytes:
    return hashlib.scrypt(pin, salt=salt, n=2**12, r=8, p=1)


def _missing(why: str) -> ProviderError:
    return ProviderError("PROVIDER_MISSING", f"The token is missing: {why}. Bring it back, or name another.")


def _wrong_pin() -> ProviderError:
    return ProviderError("PROVIDER_WRONG", "The token does not take this PIN. Do not try often: tokens lock.")
