"""Keys in a file of mode 0600: the provider for one machine.

The file is replaced as a whole, never changed in place, so that a crash leaves the old one or the new one. What a
replaced file held is overwritten before it is let go; a disk that remaps its sectors, or a copy that somebody made,
may keep it all the same. Whoever needs a destroyed key to be gone for certain takes a token.
"""

import base64
import fcntl
import hmac
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.errors import ProviderError, SealBroken

_MODE = 0o600
_NONCE = 12
_FORM = "savas key provider 1"


class FileProvider:
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
        self._seen: tuple[int, ...] = ()
        self._read()

    @classmethod
    def created(cls, path: str | Path) -> "FileProvider":
        """An empty file of keys."""
        place = Path(path)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(place):
            if place.exists():
                raise ProviderError(
                    "PROVIDER_EXISTS", "There is a file of keys already; it is left as it is."
                )
            _write(place, {})
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
            _write(self._path, {**self._keys, name: secrets.token_bytes(32)})
        self._read()

    def destroy(self, name: str) -> None:
        """Write the file without the key, and overwrite the one that held it."""
        with _locked(self._path):
            self._read()
            if name in self._keys:
                kept = {other: key for other, key in self._keys.items() if other != name}
                with self._path.open("r+b") as old:
                    _write(self._path, kept)
                    old.write(bytes(os.fstat(old.fileno()).st_size))
                    old.flush()
                    os.fsync(old.fileno())
        self._read()

    def wrap(self, name: str, plain: bytes, context: bytes) -> bytes:
        """Seal bytes."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher(name).encrypt(nonce, plain, context)

    def unwrap(self, name: str, sealed: bytes, context: bytes) -> bytes:
        """Open sealed bytes."""
        try:
            return self._cipher(name).decrypt(bytes(sealed[:_NONCE]), bytes(sealed[_NONCE:]), context)
        except (InvalidTag, ValueError):
            raise SealBroken from None

    def mac(self, name: str, data: bytes) -> bytes:
        """A keyed hash."""
        return hmac.digest(self._key(name), data, "sha256")

    def sign(self, name: str, data: bytes) -> bytes:
        """A signature."""
        return Ed25519PrivateKey.from_private_bytes(self._key(name)).sign(data)

    def public(self, name: str) -> bytes:
        """The public key of a pair."""
        return Ed25519PrivateKey.from_private_bytes(self._key(name)).public_key().public_bytes_raw()

    def exported(self) -> dict[str, bytes]:
        """Every key, for a recovery copy and for nothing else."""
        self._read()
        return dict(self._keys)

    def close(self) -> None:
        """Forget the keys."""
        self._keys, self._seen = {}, ()
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
        """Take up the file as it is now, if it is another than the one last seen."""
        seen = _looked_at(self._path)
        if seen != self._seen:
            self._keys, self._seen = _decoded(self._path), seen
            self._ciphers.clear()

    def __repr__(self) -> str:
        return "FileProvider()"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key provider is not written anywhere")


def _looked_at(path: Path) -> tuple[int, ...]:
    """What tells one state of the file from another; refuses a file that others can get at."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        raise ProviderError(
            "PROVIDER_MISSING", "The file of keys is missing. Bring it back, or name it with --provider."
        ) from None
    except OSError as error:
        raise _unreadable(error.strerror or "it cannot be looked at") from None
    if not stat.S_ISREG(found.st_mode):
        raise ProviderError(
            "PROVIDER_LOOSE", "The key provider must be a regular file, not a link or a device."
        )
    if found.st_mode & 0o077 or found.st_uid != os.geteuid():
        raise ProviderError(
            "PROVIDER_LOOSE", "Others can read the file of keys. Take it away from them: chmod 600, chown."
        )
    return found.st_ino, found.st_mtime_ns, found.st_size


def _decoded(path: Path) -> dict[str, bytes]:
    try:
        held = json.loads(path.read_bytes())
        if held["form"] != _FORM:
            raise _unreadable("it has another form")
        keys = {str(name): base64.b64decode(key, validate=True) for name, key in held["keys"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _unreadable("it is damaged") from None
    except OSError as error:
        raise _unreadable(error.strerror or "it cannot be read") from None
    if any(len(key) != 32 for key in keys.values()):
        raise _unreadable("it is damaged")
    return keys


def _unreadable(why: str) -> ProviderError:
    return ProviderError("PROVIDER_UNREADABLE", f"The file of keys cannot be used: {why}.")


def _write(path: Path, keys: dict[str, bytes]) -> None:
    """Put a whole new file in the place of the old one."""
    encoded = {name: base64.b64encode(key).decode() for name, key in sorted(keys.items())}
    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _MODE), "wb") as file:
            file.write(json.dumps({"form": _FORM, "keys": encoded}, indent=1).encode())
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise _unreadable(error.strerror or "it cannot be written") from None
    directory = os.open(path.parent, os.O_RDONLY)
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
