"""Proofs and copies of the ledger that a stranger can check without us: docs/verify_ledger.py.

`ProofError` and its codes:

- `ENTRY_UNKNOWN`: there is no such entry
- `CHECKPOINT_AWAITED`: no checkpoint covers it yet
- `SIZE_UNKNOWN`: the newest checkpoint is not of so many entries
- `LEDGER_DIFFERS`: the entries are not those that were signed for; `savas ledger verify` says which
- `DATABASE_OUTDATED`: the database has no ledger yet
- `EXPORT_EXISTS`: the file is there already
- `EXPORT_UNWRITABLE`: the file cannot be written
"""

import json
import os
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from models.errors import ProcedureError
from models.event import Event
from models.ledger import Checkpoint, LedgerEntry, LedgerHead
from procedures import ledger
from procedures.audit import audit
from procedures.work import Progress, silent
from vault import merkle


class ProofError(ProcedureError):
    """There is nothing to prove, or nowhere to write it."""


async def prove(number: int, public: bytes | None, earlier: int | None = None) -> dict[str, Any]:
    """The proof that an entry is in the ledger of the newest checkpoint.

    Args:
        number: of the entry.
        public: the signing key, to be included.
        earlier: prove as well that the ledger of so many entries was the beginning of this one.

    Raises:
        ProofError: it cannot be proved.
    """
    entry = await LedgerEntry.get_or_none(number=number)
    newest = await _newest()
    if entry is None:
        raise ProofError("ENTRY_UNKNOWN", "There is no entry of that number. Entries are numbered from 0.")
    if newest is None or number >= newest.size:
        raise ProofError(
            "CHECKPOINT_AWAITED", "No checkpoint covers this entry yet. Ask again after the next one."
        )
    leaves, root = await audit.leaves(newest.size), bytes(newest.root)
    path = merkle.inclusion_proof(leaves, number) if number < len(leaves) else []
    leaf = merkle.leaf_hash(bytes(entry.entry))
    if not merkle.verify_inclusion(leaf, number, newest.size, path, root):
        raise _differs()
    proof = {
        "number": number,
        "entry": bytes(entry.entry).decode(),
        "inclusion": _texts(path),
        "checkpoint": newest.note,
        "public": public and _text(public),
    }
    return proof if earlier is None else {**proof, "earlier": _consistency(leaves, earlier, root)}


def _consistency(leaves: list[bytes], earlier: int, root: bytes) -> dict[str, Any]:
    if not 0 < earlier <= len(leaves):
        raise ProofError(
            "SIZE_UNKNOWN", "The earlier size must be from 1 to the size of the newest checkpoint."
        )
    path, old = merkle.consistency_proof(leaves, earlier, len(leaves)), merkle.root(leaves[:earlier])
    if not merkle.verify_consistency(earlier, len(leaves), path, old, root):
        raise _differs()
    return {"size": earlier, "root": _text(old), "consistency": _texts(path)}


async def export(file: Path, public: bytes | None, progress: Progress = silent) -> int:
    """Write a copy of the ledger that only its owner may read; returns how many entries it holds.

    The first line holds the newest checkpoint and the signing key, each further line one entry as it was hashed.
    That a copy was made is recorded before the first line is written.

    Raises:
        ProofError: the file is there already, or cannot be written.
        LedgerUnavailable: it cannot be recorded.
    """
    head = await LedgerHead.get_or_none(id=1)
    count, newest = head.size if head else 0, await _newest()
    with _new_file(file) as out:
        await ledger.note(Event.LEDGER_EXPORTED, None, entries=count)
        header = {"checkpoint": newest and newest.note, "public": public and _text(public)}
        out.write(json.dumps(header, ensure_ascii=False).encode() + b"\n")
        async for number, entry in audit.entries(0, count):
            out.write(entry + b"\n")
            if number % audit.PAGE == 0 or number == count - 1:
                progress(number + 1, count)
    return count


@contextmanager
def _new_file(file: Path) -> Iterator[IO[bytes]]:
    """A new file, on disk when the block ends, and gone when it fails."""
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise ProofError(
            "EXPORT_EXISTS", "There is such a file already. Name another, or remove it."
        ) from None
    except OSError as error:
        raise _unwritable(error) from None
    try:
        with os.fdopen(descriptor, "wb") as out:
            yield out
            out.flush()
            os.fsync(descriptor)
    except BaseException as error:
        file.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _unwritable(error) from None
        raise


async def _newest() -> Checkpoint | None:
    return await Checkpoint.all().order_by("-size").first()


def _unwritable(error: OSError) -> ProofError:
    return ProofError("EXPORT_UNWRITABLE", f"The file cannot be written: {error.strerror}.")


def _differs() -> ProofError:
    return ProofError(
        "LEDGER_DIFFERS", "The entries are not those that were signed for. Run: ./savas ledger verify"
    )


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()


def _texts(hashes: list[bytes]) -> list[str]:
    return [_text(one) for one in hashes]
