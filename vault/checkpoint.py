"""Checkpoints: what the ledger was at a time, signed, in the text form that witnesses everywhere understand.

The text is a signed note of the C2SP with the body of a tlog-checkpoint and one extension line, the time:

    savas.example/ledger
    1042
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
    time 2026-06-01T12:00:00Z

    — savas.example/ledger 3dOk9q…

Each signature holds a 4-byte hash of the key's name and the key, and an Ed25519 signature over everything above the
blank line. Witnesses may add signatures of their own; those of other keys are no concern of ours.

`CheckpointError` and its codes:

- `CHECKPOINT_MALFORMED`: the text is not such a note
- `CHECKPOINT_UNSIGNED`: nobody signed it with this key
- `CHECKPOINT_FORGED`: the signature under this key's name does not fit the text
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

from vault.errors import VaultError
from vault.merkle import HASH_SIZE
from vault.signature import signed as signed_by

KEY_HASH_SIZE = 4

#: Beyond this nothing is parsed: a checkpoint has five lines, and a note at most a handful of signatures.
LONGEST = 16_384

_ED25519 = b"\x01"
_BEYOND = 2**63  # what a database's largest integer cannot hold
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_TIME = re.compile(r"time (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z)", re.ASCII)
_NAME = re.compile(r"[^\s+]{1,255}")


class CheckpointError(VaultError):
    """A checkpoint that is not to be relied on; the message says what is wrong with it, and repeats nothing of it."""


@dataclass(frozen=True)
class Checkpoint:
    """What the ledger `origin` was: its size and the root of its tree at an instant.

    Raises:
        CheckpointError: a part cannot stand in a note.
    """

    origin: str
    size: int
    root: bytes
    at: datetime

    def __post_init__(self) -> None:
        if not _is_name(self.origin):
            raise _malformed("the origin must be a name without blanks and plus signs")
        if not 0 <= self.size < _BEYOND:
            raise _malformed("the size must be a number from 0 on")
        if len(self.root) != HASH_SIZE:
            raise _malformed("the root must be a hash of 32 bytes")
        if self.at.tzinfo is None:
            raise _malformed("the time must be an instant, with its zone")

    def body(self) -> str:
        """The lines that are signed."""
        at = self.at.astimezone(UTC).replace(tzinfo=None).isoformat()
        return f"{self.origin}\n{self.size}\n{_encoded(self.root)}\ntime {at}Z\n"


class Signature(NamedTuple):
    """One signature line: whose, under which key, and the signature's bytes."""

    name: str
    key_hash: bytes
    signature: bytes


def key_hash(name: str, public: bytes) -> bytes:
    """The 4 bytes by which a note says which of a name's keys signed it."""
    return sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:KEY_HASH_SIZE]


def note(checkpoint: Checkpoint, sign: Callable[[bytes], bytes], public: bytes) -> str:
    """The signed text of a checkpoint; `sign` makes Ed25519 signatures that `public` (32 bytes) verifies."""
    body = checkpoint.body()
    signed = key_hash(checkpoint.origin, public) + sign(body.encode())
    return f"{body}\n— {checkpoint.origin} {_encoded(signed)}\n"


def parse(text: str) -> tuple[Checkpoint, list[Signature]]:
    """A note's checkpoint and its signatures, none of them verified yet.

    Raises:
        CheckpointError: the text is not a checkpoint with at least one signature line.
    """
    if len(text) > LONGEST:
        raise _malformed("it is too long")
    body, blank, signatures = text.rpartition("\n\n")
    lines = body.split("\n")
    if not blank or len(lines) != 4 or not signatures.endswith("\n"):
        raise _malformed("it needs four lines, a blank one, and signature lines, each with its line end")
    checkpoint = _checkpoint(*lines)
    if checkpoint.body() != f"{body}\n":
        raise _malformed("it is not written in the one form that its values have")
    return checkpoint, [_signature(line) for line in signatures[:-1].split("\n")]


def verified(text: str, public: bytes) -> Checkpoint:
    """The checkpoint of a note that the owner of this key signed.

    Raises:
        CheckpointError: the text is malformed, not signed with this key, or the signature does not fit it.
    """
    checkpoint, signatures = parse(text)
    signer = (checkpoint.origin, key_hash(checkpoint.origin, public))
    ours = [line.signature for line in signatures if (line.name, line.key_hash) == signer]
    if not ours:
        raise CheckpointError("CHECKPOINT_UNSIGNED", "The checkpoint is not signed with this key.")
    signed = text[: text.rindex("\n\n") + 1].encode()
    if not all(signed_by(public, signature, signed) for signature in ours):
        raise CheckpointError("CHECKPOINT_FORGED", "The checkpoint's signature does not fit its text.")
    return checkpoint


def _checkpoint(origin: str, size: str, root: str, time: str) -> Checkpoint:
    if not _SIZE.fullmatch(size):
        raise _malformed("its second line must be the size, a number without leading zeros")
    if not (match := _TIME.fullmatch(time)):
        raise _malformed("its fourth line must be the time, as in: time 2026-06-01T12:00:00Z")
    try:
        at = datetime.fromisoformat(match[1])
    except ValueError:
        raise _malformed("its time does not exist") from None
    return Checkpoint(origin, int(size), _decoded(root, HASH_SIZE), at)


def _signature(line: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "—" or not _is_name(name):
        raise _malformed("a signature line must be a dash (U+2014), a name and the signature")
    raw = _decoded(encoded, None)
    if len(raw) <= KEY_HASH_SIZE:
        raise _malformed("a signature is too short")
    return Signature(name, raw[:KEY_HASH_SIZE], raw[KEY_HASH_SIZE:])


def _is_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and name.isprintable()


def _encoded(raw: bytes) -> str:
    return b64encode(raw).decode()


def _decoded(text: str, size: int | None) -> bytes:
    try:
        raw = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raise _malformed("what should be base64 is not") from None
    # There is one way to write each value, so that two texts never stand for the same one.
    if _encoded(raw) != text or (size is not None and len(raw) != size):
        raise _malformed("a base64 value has the wrong length or form")
    return raw


def _malformed(why: str) -> CheckpointError:
    return CheckpointError("CHECKPOINT_MALFORMED", f"This is not a checkpoint: {why}.")
