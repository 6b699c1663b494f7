"""The keyed digest by which a later run tells a changed row from an unchanged one, and its key.

IMPORT_KEY_MISSING   the file import.key is gone, so changed rows cannot be told; put it back, or take all over with --update
IMPORT_KEY_OPEN      others can read import.key; take that from them: chmod 600
IMPORT_KEY_DAMAGED   the file import.key is not a key; put the right one back
"""

import hashlib
import hmac
import json
import secrets
from pathlib import Path
from typing import Any

from models import ImportedRow
from procedures import private_file
from procedures.tables.columns import Fields
from procedures.tables.table import ImportRefused

KEY_BYTES = 32


def digest(key: bytes, fields: Fields, more: Any = None) -> bytes:
    """A keyed digest of the fields of a row; without the key nobody can confirm a guess of them."""
    document = json.dumps([fields, more], sort_keys=True, ensure_ascii=False, default=str)
    return hmac.new(key, document.encode(), hashlib.sha256).digest()


async def digest_key(data: Path, *, update: bool = False, dry_run: bool = False) -> bytes:
    """The secret of the digests, from a file beside the embedded database that is made on first use.

    Raises:
        ImportRefused: the file is lost though rows were imported with it, is open to others, or is damaged.
    """
    path = data / "import.key"
    if path.is_file():
        return _read(path)
    if not update and await ImportedRow.exists():
        raise ImportRefused(
            "IMPORT_KEY_MISSING",
            f"{path} is gone, though rows were imported with it, so changed rows cannot be told from unchanged ones. "
            "Put it back; or run again with --update, which makes a new key and takes every row over again.",
        )
    key = secrets.token_bytes(KEY_BYTES)
    if not dry_run:
        _write(path, key)
    return key


def _write(path: Path, key: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with private_file.opened(path, new=True) as file:
        file.write(key.hex() + "\n")


def _read(path: Path) -> bytes:
    if not private_file.is_private(path):
        raise ImportRefused("IMPORT_KEY_OPEN", f"{path} can be read by others. Close it: chmod 600 {path}")
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ImportRefused("IMPORT_KEY_DAMAGED", f"{path} is not a key of {KEY_BYTES} bytes. Put it back.")
    return key
