"""The list of what is kept of who left: one JSON document in a line, outside of the databases, in the witness directory.

A restored backup may lack what was kept since; `restore` brings it back. What was lifted stays lifted where the list says so.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from models import DepartedKey, Suppression
from procedures import current
from procedures.ledger import witness
from procedures.suppression.found_by import Digest
from vault.errors import VaultError

LIST: Final = "suppressions"


class SuppressionsDamaged(VaultError):
    """The list in the witness directory is damaged, so it is not known who must not be taken in again."""

    def __init__(self) -> None:
        super().__init__(
            "SUPPRESSIONS_DAMAGED",
            f"The file `{LIST}` of the witness directory is damaged. Bring it back from a copy; if there is none, "
            "take out the lines that are no JSON.",
        )


@dataclass
class Listed:
    """What the list has, without what was lifted since; a digest may be there for imports only, and for everybody."""

    suppressions: dict[tuple[bytes, bool], dict[str, Any]] = field(default_factory=dict)
    keys: set[bytes] = field(default_factory=set)


def append(entries: Collection[Digest], keys: Collection[bytes], at: datetime) -> None:
    """Add what was kept of somebody who left; it is on disk when this returns."""
    for each in entries:
        _append(
            bucket=each.bucket, digest=each.digest.hex(), importsOnly=each.imports_only, at=at.isoformat()
        )
    for key in keys:
        _append(key=key.hex())


def append_lifted(digests: Collection[bytes]) -> None:
    """Add that some were lifted."""
    for digest in digests:
        _append(lifted=digest.hex())


async def finish() -> None:
    """Add to the list what an interrupted process has not."""
    listed = read()
    for row in await Suppression.all():
        if (bytes(row.digest), row.imports_only) not in listed.suppressions:
            append([Digest(row.bucket, bytes(row.digest), row.imports_only)], (), row.at)
    stored = {bytes(row.digest) for row in await DepartedKey.all()}
    for key in sorted(stored - listed.keys):
        _append(key=key.hex())


async def restore() -> None:
    """Store again what the list has and a restored database lacks, in the transaction under way."""
    listed = read()
    known = {(bytes(row.digest), row.imports_only) for row in await Suppression.all()}
    await Suppression.bulk_create(
        [
            Suppression(
                bucket=line["bucket"], digest=digest, imports_only=imports_only,
                at=datetime.fromisoformat(line["at"]),
            )
            for (digest, imports_only), line in listed.suppressions.items()
            if (digest, imports_only) not in known
        ]
    )  # fmt: skip
    stored = {bytes(row.digest) for row in await DepartedKey.all()}
    await DepartedKey.bulk_create([DepartedKey(digest=key) for key in listed.keys - stored])


def read() -> Listed:
    """What the list has.

    Raises:
        SuppressionsDamaged: there is a line that is none of this list.
        WitnessError: it cannot be read.
    """
    listed = Listed()
    try:
        for line in _lines():
            if "key" in line:
                listed.keys.add(bytes.fromhex(line["key"]))
            elif "lifted" in line:
                for imports_only in (True, False):
                    listed.suppressions.pop((bytes.fromhex(line["lifted"]), imports_only), None)
            else:
                listed.suppressions[bytes.fromhex(line["digest"]), bool(line["importsOnly"])] = line
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SuppressionsDamaged from None
    return listed


def _lines() -> Iterator[dict[str, Any]]:
    for text in witness.lines(current.addresses().witness, LIST):
        yield json.loads(text)


def _append(**values: Any) -> None:
    witness.append_line(current.addresses().witness, LIST, json.dumps(values, sort_keys=True))
