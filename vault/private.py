"""Files of secrets: regular, of mode 0600, and the reader's own; anything looser is refused, not mended."""

import os
import stat
from pathlib import Path

from vault.errors import ProviderError

OWNER_ONLY = 0o600


def checked_status(path: Path, label: str) -> os.stat_result:
    """The status of a file that only its owner can read or write; any other is refused.

    Args:
        path: where it is.
        label: what to call it in a message, such as "file of keys".

    Raises:
        ProviderError: PROVIDER_MISSING, PROVIDER_LOOSE or PROVIDER_UNREADABLE.
    """
    try:
        return _checked(path.lstat(), label)
    except OSError as error:
        raise _error(error, label) from None


def read(path: Path, label: str) -> bytes:
    """The content of a file that only its owner can read; what was checked is what is read.

    Raises:
        ProviderError: as for `checked_status`.
    """
    checked_status(path, label)
    try:
        # Looking may lead to another file than opening, so the open one is looked at again.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            _checked(os.fstat(file.fileno()), label)
            return file.read()
    except OSError as error:
        raise _error(error, label) from None


def write(path: Path, content: bytes, label: str) -> None:
    """Put a new file on the disk; one that is there already is left as it is.

    Raises:
        ProviderError: PROVIDER_EXISTS or PROVIDER_UNREADABLE.
    """
    try:
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW
        with os.fdopen(os.open(path, flags, OWNER_ONLY), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise ProviderError("PROVIDER_EXISTS", f"There is a {label} already; it is left as it is.") from None
    except OSError as error:
        raise _error(error, label) from None


def _checked(status: os.stat_result, label: str) -> os.stat_result:
    if not stat.S_ISREG(status.st_mode):
        raise ProviderError("PROVIDER_LOOSE", f"The {label} must be a regular file, not a link or a device.")
    if status.st_mode & 0o077 or status.st_uid != os.geteuid():
        raise ProviderError(
            "PROVIDER_LOOSE", f"Others can read the {label}. Take it away from them: chmod 600, chown."
        )
    return status


def _error(error: OSError, label: str) -> ProviderError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return ProviderError("PROVIDER_MISSING", f"The {label} is missing; bring it back, or name another.")
    return ProviderError("PROVIDER_UNREADABLE", f"The {label} cannot be used: {error.strerror}.")
