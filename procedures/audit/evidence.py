"""What is stored of the ledger outside of the database: checkpoints handed over, leaf hashes, and the signing key.

AUDIT_WITHOUT_PROVIDER   the key provider cannot be used; the ledger is verified with the witness's copy of the key
"""

import logging
import re
from contextlib import suppress

from procedures.audit.check import Evidence
from procedures.current import Addresses
from procedures.ledger import WitnessError, witness
from vault import checkpoint, provider
from vault.checkpoint import Checkpoint, CheckpointError
from vault.errors import VaultError

log = logging.getLogger("savas.ledger")

SIGNING_KEY = "signing-1"
KEY_SIZE = 32

#: How much of the end of the witness's checkpoints is read to find the last one; each has about 250 bytes.
_END = 65_536
# A signature line that was cut off is followed by a word, and is none: procedures.ledger.witness.append_note.
_NOTE = re.compile(r"(?:[^\n]+\n)+\n(?:— [^ \n]+ [^ \n]+\n)+")


def collected(where: Addresses) -> Evidence:
    """The evidence of an installation; what is not there is left out.

    Raises:
        WitnessError: a file of the witness is there and cannot be read.
    """
    text = witness.read(where.witness, "checkpoints").decode(errors="replace")
    return Evidence(
        tuple(_NOTE.findall(text)),
        witness.read(where.witness, "leaves"),
        _public(witness.read(where.witness, "signing.pub")),
        _provided(where.provider),
    )


def notes(where: Addresses, most: int = _END) -> list[str]:
    """The last notes that the witness directory has, in their order; the first may be a part of one.

    Raises:
        WitnessError: the file is there and cannot be read.
    """
    return _NOTE.findall(witness.tail(where.witness, "checkpoints", most).decode(errors="replace"))


def newest(where: Addresses, provided: bytes | None) -> Checkpoint | None:
    """The last checkpoint that the witness directory has, of those signed with the known key.

    Args:
        where: the installation.
        provided: the key that the key provider holds; that of the witness comes first.

    Raises:
        WitnessError: a file is there and cannot be read.
    """
    public = _public(witness.read(where.witness, "signing.pub")) or provided
    if public is None:
        return None
    for note in reversed(notes(where)):
        with suppress(CheckpointError):
            return checkpoint.verified(note, public)
    return None


def _public(raw: bytes) -> bytes | None:
    """The key of a file: 32 bytes, or as many in hexadecimal digits."""
    if len(raw) == KEY_SIZE:
        return raw
    try:
        key = bytes.fromhex(raw.decode())
    except ValueError:
        key = b"?"
    if len(key) not in (0, KEY_SIZE):
        raise WitnessError("signing.pub holds no key")
    return key or None


def _provided(address: str) -> bytes | None:
    """The signing key of the provider; None where it cannot be used, for a witness has the key as well."""
    try:
        keys = provider.opened(address)
    except VaultError as error:
        log.info("AUDIT_WITHOUT_PROVIDER %s", error.code)
        return None
    try:
        return keys.public(SIGNING_KEY) if SIGNING_KEY in keys.names() else None
    finally:
        keys.close()
