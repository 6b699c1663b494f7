"""A stranger with nothing but Python can check a ledger, and is not to be fooled."""

import importlib.util
import itertools
import json
import random
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.house.tree import ROOT
from tests.vault import test_checkpoint as notes
from tests.vault import test_merkle as proofs
from vault import checkpoint, merkle

SCRIPT = ROOT / "docs" / "verify_ledger.py"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
THIEF = Ed25519PrivateKey.from_private_bytes(bytes(32))
ENTRIES = [json.dumps({"event": "task.opened", "number": number}).encode() for number in range(21)]


@pytest.fixture(scope="module")
def script() -> Any:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("verify_ledger", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def signed(entries: Sequence[bytes], key: Ed25519PrivateKey = KEY) -> str:
    """The checkpoint of these entries."""
    root = merkle.root([merkle.leaf_hash(entry) for entry in entries])
    at = datetime(2026, 6, 1, tzinfo=UTC)
    said = checkpoint.Checkpoint("savas.example/ledger", len(entries), root, at)
    return checkpoint.note(said, key.sign, key.public_key().public_bytes_raw())


def exported(entries: Sequence[bytes], note: str | None, public: bytes = PUBLIC) -> bytes:
    """A file as `savas ledger export` writes it."""
    header = {"checkpoint": note, "public": b64encode(public).decode()}
    return b"".join(line + b"\n" for line in [json.dumps(header).encode(), *entries])


def proved(number: int, size: int, earlier: int | None = None) -> dict[str, Any]:
    """A proof as `savas ledger prove` prints it."""
    leaves = [merkle.leaf_hash(entry) for entry in ENTRIES[:size]]
    proof: dict[str, Any] = {
        "number": number,
        "entry": ENTRIES[number].decode(),
        "inclusion": encoded(merkle.inclusion_proof(leaves, number)),
        "checkpoint": signed(ENTRIES[:size]),
        "public": b64encode(PUBLIC).decode(),
    }
    if earlier is not None:
        consistency = encoded(merkle.consistency_proof(leaves, earlier, size))
        root = b64encode(merkle.root(leaves[:earlier])).decode()
        proof["earlier"] = {"size": earlier, "root": root, "consistency": consistency}
    return proof


def encoded(hashes: list[bytes]) -> list[str]:
    """Hashes as text."""
    return [b64encode(one).decode() for one in hashes]


class Stranger:
    """Somebody with Python and files."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.trusts: list[str] = []

    def trusting(self, note: str, key: bytes = PUBLIC) -> "Stranger":
        """The same with a checkpoint and a key of their own."""
        (self.directory / "own").write_text(note, "utf-8")
        (self.directory / "key").write_text(key.hex(), "utf-8")
        self.trusts = ["--checkpoint", "own", "--key", "key"]
        return self

    def checks(self, what: str, content: bytes | dict[str, Any]) -> tuple[int, str]:
        """The exit code and what is printed, without any library being there."""
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        (self.directory / "file").write_bytes(raw)
        done = subprocess.run(
            [sys.executable, "-I", "-S", SCRIPT, what, "file", *self.trusts],
            cwd=self.directory, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert not done.stderr
        return done.returncode, done.stdout


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    """A stranger with an empty directory."""
    return Stranger(tmp_path)


def test_a_true_ledger_agrees(stranger: Stranger):
    code, said = stranger.checks("ledger", exported(ENTRIES, signed(ENTRIES[:13])))

    assert code == 0
    assert "13 entries are those of the checkpoint; 8 came after it." in said
    assert "only that the file agrees with itself" in said


def test_a_checkpoint_of_one_s_own_is_what_counts(stranger: Stranger):
    code, said = stranger.trusting(signed(ENTRIES[:8])).checks("ledger", exported(ENTRIES, signed(ENTRIES)))

    assert code == 0
    assert "itself" not in said


REWRITTEN = [*ENTRIES[:4], b"{}", *ENTRIES[5:]]


@pytest.mark.parametrize(
    "entries",
    [
        REWRITTEN,
        ENTRIES[:4] + ENTRIES[5:],
        ENTRIES[:5] + ENTRIES[4:],
        [*ENTRIES[:4], ENTRIES[5], ENTRIES[4], *ENTRIES[6:]],
        ENTRIES[:12],
        [],
    ],
    ids=["changed", "removed", "added", "reordered", "cut", "emptied"],
)
def test_an_edited_ledger_does_not(stranger: Stranger, entries: list[bytes]):
    code, said = stranger.checks("ledger", exported(entries, signed(ENTRIES[:13])))

    assert code == 1
    assert "does NOT agree" in said


def test_a_ledger_rebuilt_whole_is_found_by_whoever_has_a_checkpoint(stranger: Stranger):
    rebuilt = exported(REWRITTEN, signed(REWRITTEN))

    assert stranger.checks("ledger", rebuilt)[0] == 0
    assert stranger.trusting(signed(ENTRIES[:8])).checks("ledger", rebuilt)[0] == 1


def test_another_s_signature_is_not_ours(stranger: Stranger):
    thief = THIEF.public_key().public_bytes_raw()
    forged = exported(REWRITTEN, signed(REWRITTEN, THIEF), thief)

    assert stranger.checks("ledger", forged)[0] == 0
    code, said = stranger.trusting(signed(ENTRIES[:8])).checks("ledger", forged)
    assert (code, "not signed with this key" in said) == (1, True)


def test_without_a_checkpoint_nothing_is_shown(stranger: Stranger):
    code, said = stranger.checks("ledger", exported(ENTRIES, None))

    assert (code, "no checkpoint" in said) == (1, True)


def test_a_true_proof_agrees(stranger: Stranger):
    code, said = stranger.trusting(signed(ENTRIES[:8])).checks("proof", proved(5, 21, 8))

    assert (code, said) == (0, "It agrees: entry 5 is one of the 21 of the checkpoint.\n")


def test_a_proof_beside_one_s_own_checkpoint_says_what_to_ask_for(stranger: Stranger):
    code, said = stranger.trusting(signed(ENTRIES[:8])).checks("proof", proved(5, 21))

    assert (code, "--from 8" in said) == (1, True)


@pytest.mark.parametrize(
    "change",
    [
        {"entry": "{}"},
        {"number": 6},
        {"number": 21},
        {"number": -1},
        {"inclusion": []},
        {"inclusion": proved(5, 21)["inclusion"][::-1]},
        {"inclusion": [*proved(5, 21)["inclusion"], b64encode(bytes(32)).decode()]},
        {"inclusion": [proved(5, 21)["inclusion"][0], "AA==", *proved(5, 21)["inclusion"][2:]]},
        {"checkpoint": signed(ENTRIES[:20])},
        {"checkpoint": signed(REWRITTEN)},
        {"checkpoint": signed(ENTRIES, THIEF)},
        {"checkpoint": signed(ENTRIES).replace("21\n", "22\n", 1)},
        {"earlier": {**proved(5, 21, 8)["earlier"], "size": 9}},
        {"earlier": {**proved(5, 21, 8)["earlier"], "size": 0}},
        {"earlier": {**proved(5, 21, 8)["earlier"], "consistency": []}},
        {"earlier": {**proved(5, 21, 8)["earlier"], "root": proved(5, 21, 9)["earlier"]["root"]}},
    ],
    ids=str,
)
def test_a_false_proof_does_not(stranger: Stranger, change: dict[str, Any]):
    code, said = stranger.checks("proof", proved(5, 21, 8) | change)

    assert (code, "does NOT agree" in said) == (1, True)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"public": 1, "checkpoint": 1}'])
@pytest.mark.parametrize("what", ["ledger", "proof"])
def test_what_is_no_such_file_is_told(stranger: Stranger, what: str, content: bytes):
    code, said = stranger.checks(what, content)

    assert (code, "cannot be read" in said) == (1, True)


def test_its_paths_are_those_of_the_house(script: Any):
    """Two programs, written in two ways, believe the same proofs."""
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(40)]
    for size in range(1, 41):
        root = merkle.root(leaves[:size])
        for number in range(size):
            path = merkle.inclusion_proof(leaves[:size], number)
            assert script.included(leaves[number], number, size, path) == root
        for first in range(1, size + 1):
            old = merkle.root(leaves[:first])
            assert script.grown(first, size, merkle.consistency_proof(leaves, first, size), old) == (
                old,
                root,
            )


@pytest.mark.parametrize("mutated", [proofs.inclusions_mutated, proofs.growths_mutated])
def test_it_believes_no_mutated_proof_either(script: Any, mutated: Callable[..., Iterator[Any]]):
    """25,000 of each kind, of those of which our own verifier is asked 100,000."""
    believed = inclusion_believed if mutated is proofs.inclusions_mutated else growth_believed
    asked = itertools.islice((each for each in mutated(random.Random(6962)) if each.args), 25_000)  # noqa: S311 the same in every run

    assert not [each.args for each in asked if believed(script, *each.args)]


def inclusion_believed(
    script: Any, leaf: bytes, number: int, size: int, path: list[bytes], root: bytes
) -> bool:
    """What the script makes of a proof, once it has read it: hashes of 32 bytes, and a number within the tree."""
    try:
        script.decoded(encoded(path))
        return number < size and bool(script.included(leaf, number, size, path) == root)
    except script.Disagreement:
        return False


def growth_believed(script: Any, first: int, size: int, path: list[bytes], old: bytes, new: bytes) -> bool:
    """The same of a proof that a tree has grown."""
    try:
        script.decoded(encoded(path))
        return 0 < first <= size and bool(script.grown(first, size, path, old) == (old, new))
    except script.Disagreement:
        return False


def test_its_signatures_are_those_of_the_library(script: Any):
    chance = random.Random(8032)  # noqa: S311 keys of nobody, the same in every run
    for _ in range(25):
        key = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        public, text = key.public_key().public_bytes_raw(), chance.randbytes(chance.randrange(100))
        signature = key.sign(text)
        assert script.signed(public, signature, text)
        for forged in mutated(signature, chance):
            with pytest.raises(InvalidSignature):
                key.public_key().verify(forged, text)
            assert not script.signed(public, forged, text)
        assert not script.signed(public, signature, text + b"x")


def mutated(signature: bytes, chance: random.Random) -> list[bytes]:
    """A bit turned over in each half, another length, and the same point with the number beyond the group's order."""
    order = 2**252 + 27742317777372353535851937790883648493
    beyond = int.from_bytes(signature[32:], "little") + order
    turned = [bytearray(signature), bytearray(signature)]
    turned[0][chance.randrange(32)] ^= 1 << chance.randrange(8)
    turned[1][32 + chance.randrange(31)] ^= 1 << chance.randrange(8)
    return [*map(bytes, turned), signature[:-1], signature + b"\0", signature[:32] + beyond.to_bytes(32, "little")]  # fmt: skip


def test_its_signatures_are_those_of_the_published_note(script: Any):
    assert script.signed(notes.PUBLISHED_KEY, notes.PUBLISHED_SIGNATURE[4:], notes.PUBLISHED_TEXT.encode())


@pytest.mark.parametrize("key", [b"\xff" * 32, b"\x02" + bytes(31), b"\x01" + bytes(30) + b"\x80", bytes(31)])
def test_a_key_that_is_no_point_of_the_curve_is_refused(script: Any, key: bytes):
    with pytest.raises(script.Disagreement):
        script.point(key)
