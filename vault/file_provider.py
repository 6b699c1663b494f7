"""Keys in a file of mode 0600: the provider for one machine.

The file is replaced as a whole, never changed in place, so that a crash leaves the old one or the new one. What a
replaced file held is overwritten before it is let go; a run that is killed just then, a disk that remaps its sectors,
or a copy that somebody made, may keep it all the same. Whoever needs a destroyed key to be gone for certain takes a token.
"""

import base64
import fcntl
import glob
import hmac
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault import private
from vault.errors import ProviderError, SealBroken
from vault.secret import Secret

_WHAT = "file of keys"
_NONCE = 12
_FORM = "savas key provider 1"


class FileProvider(Secret):
    """Keys in a file; a file that another process has changed is read again.

    Args:
        path: the file.

    Raises:
        ProviderError: it is missing, readable by others, or no such file.
    """

    kind: Literal["file", "pkcs11"] = "file"

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._keys: dict[str, bytes] = {}
        self._ciphers: dict[str, AESGCM] = {}
        self._read_state: tuple[int, ...] = ()
        self._closed = False
        self._read()

    @classmethod
    def created(cls, path: str | Path, keys: Mapping[str, bytes] = MappingProxyType({})) -> "FileProvider":
        """A new file of keys.

        Args:
            path: where; a file that is there is left as it is.
            keys: what it holds from the beginning, if it is made from a recovery copy.
        """
        place = Path(path)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(place):
            if place.is_symlink() or place.exists():
                raise ProviderError(
                    "PROVIDER_EXISTS", "There is a file of keys already; it is left as it is."
                )
            _replace(place, keys)
        return cls(place)

    def names(self) -> frozenset[str]:
        """The names of the keys in the file as it is now."""
        self._read()
        return frozenset(self._keys)

    def create(self, name: str) -> None:
        """Make a key, and have it on disk before this returns."""
        with _locked(self._path):
            self._read()
            if name in self._keys:
                raise ProviderError("PROVIDER_EXISTS", f"There is a key {name} already.")
            _replace(self._path, {**self._keys, name: secrets.token_bytes(32)})
        self._read()

    def destroy(self, name: str) -> None:
        """Write the file without the key, and overwrite the one that held it."""
        with _locked(self._path):
            self._read()
            if name in self._keys:
                _replace(self._path, {other: key for other, key in self._keys.items() if other != name})
        self._read()

    def wrap(self, name: str, plain: bytes, context: bytes) -> bytes:
        """Encrypt bytes with AES-256-GCM; the nonce comes first."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher(name).encrypt(nonce, plain, context)

    def unwrap(self, name: str, sealed: bytes, context: bytes) -> bytes:
        """Decrypt what `wrap` made; raises SealBroken where it does not open."""
        try:
            return self._cipher(name).decrypt(bytes(sealed[:_NONCE]), bytes(sealed[_NONCE:]), context)
        except (InvalidTag, ValueError):
            raise SealBroken from None

    def mac(self, name: str, data: bytes) -> bytes:
        """The HMAC-SHA256 of some data."""
        return hmac.digest(self._key(name), data, "sha256")

    def sign(self, name: str, data: bytes) -> bytes:
        """The Ed25519 signature of some data."""
        return Ed25519PrivateKey.from_private_bytes(self._key(name)).sign(data)

    def public(self, name: str) -> bytes:
        """The public key of an Ed25519 pair, 32 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self._key(name)).public_key().public_bytes_raw()

    def exported(self) -> dict[str, bytes]:
        """Every key, for a recovery copy and for nothing else."""
        self._read()
        return dict(self._keys)

    def close(self) -> None:
        """Forget the keys; a closed provider answers nothing."""
        self._closed, self._keys, self._read_state = True, {}, ()
        self._ciphers.clear()

    def _key(self, name: str) -> bytes:
        if name not in self._keys:
            self._read()
        try:
            return self._keys[name]
        except KeyError:
            raise ProviderError("PROVIDER_WRONG", f"The key provider holds no key {name}.") from None

    def _cipher(self, name: str) -> AESGCM:
        if name not in self._ciphers:
            self._ciphers[name] = AESGCM(self._key(name))
        return self._ciphers[name]

    def _read(self) -> None:
        """Read the file again if it has changed since it was last read."""
        if self._closed:
            raise ProviderError("PROVIDER_MISSING", "The file of keys was let go of.")
        while (state := _state(self._path)) != self._read_state:
            try:
                keys = _decoded(private.read(self._path, _WHAT))
            except ProviderError:
                # Somebody who replaces the file overwrites the old one, perhaps while it is read here.
                if _state(self._path) == state:
                    raise
            else:
                self._keys, self._read_state = keys, state
                self._ciphers.clear()


def _state(path: Path) -> tuple[int, ...]:
    """Values that change when the file is replaced; refuses a file that others can read."""
    status = private.checked_status(path, _WHAT)
    return status.st_ino, status.st_mtime_ns, status.st_size


def _decoded(content: bytes) -> dict[str, bytes]:
    try:
        document = json.loads(content)
        if document["form"] != _FORM:
            raise _unreadable("it has another form")
        keys = {str(name): base64.b64decode(key, validate=True) for name, key in document["keys"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _unreadable("it is damaged") from None
    if any(len(key) != 32 for key in keys.values()):
        raise _unreadable("it is damaged")
    return keys


def _unreadable(why: str) -> ProviderError:
    return ProviderError("PROVIDER_UNREADABLE", f"The {_WHAT} cannot be used: {why}.")


def _replace(path: Path, keys: Mapping[str, bytes]) -> None:
    """Put a whole new file in the place of the old one, if there is one, and overwrite the old one.

    A run that was killed leaves its file under another name; whatever lies there holds keys, so it goes first.
    """
    encoded = {name: base64.b64encode(key).decode() for name, key in sorted(keys.items())}
    replacement = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        for leftover in path.parent.glob(f".{glob.escape(path.name)}.{'[0-9a-f]' * 16}"):
            with leftover.open("r+b") as file:
                _overwrite(file)
            leftover.unlink()
        with path.open("r+b") if path.exists() else nullcontext() as old:
            private.write(replacement, json.dumps({"form": _FORM, "keys": encoded}, indent=1).encode(), _WHAT)
            # Two states within one tick of the system's clock are still two.
            os.utime(replacement, ns=(time.time_ns(), time.time_ns()))
            replacement.replace(path)
            _sync(path.parent)
            if old is not None:
                _overwrite(old)
    except OSError as error:
        raise _unreadable(error.strerror or "it cannot be written") from None
    finally:
        replacement.unlink(missing_ok=True)


def _overwrite(file: BinaryIO) -> None:
    """Overwrite a file's content with zeros."""
    file.write(bytes(os.fstat(file.fileno()).st_size))
    file.flush()
    os.fsync(file.fileno())


def _sync(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process changes the file at a time; the lock is on its directory, which is never replaced."""
    try:
        directory = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise _unreadable(error.strerror or "its directory cannot be opened") from None
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        yield
    finally:
        os.close(directory)
