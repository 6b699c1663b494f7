"""Check a ledger of Savas without Savas: Python 3.9 or newer and these lines, nothing else to trust.

    python3 verify_ledger.py ledger FILE     what `savas ledger export FILE` wrote
    python3 verify_ledger.py proof FILE      what `savas ledger prove ENTRY > FILE` printed

The checkpoint and the key inside a file show only that it agrees with itself. Give those that you have from a witness:
--checkpoint NOTE-FILE --key KEY-FILE (32 bytes, or 64 hexadecimal digits). Exit code 0: it agrees; 1: it does not.
"""

import argparse
import hashlib
import json
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

# Ed25519 (RFC 8032, 5.1): the field, the order of the group, the curve's constant, a square root of -1.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT_OF_MINUS_1 = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]  # x = X/Z, y = Y/Z, xy = T/Z


def add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * D * p[3] * q[3] % P, 2 * p[2] * q[2] % P
    return (b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P


def times(number: int, p: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while number:
        total, p, number = add(total, p) if number & 1 else total, add(p, p), number >> 1
    return total


def point(raw: bytes) -> Point:
    sign, y = divmod(int.from_bytes(raw, "little"), 2**255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT_OF_MINUS_1 % P
    agree(
        len(raw) == 32 and y < P and (x * x - square) % P == 0 and x >= sign,
        "the key is no point of the curve",
    )
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def signed(public: bytes, signature: bytes, text: bytes) -> bool:
    challenge = hashlib.sha512(signature[:32] + public + text).digest()
    s, k = int.from_bytes(signature[32:], "little"), int.from_bytes(challenge, "little") % L
    x, y, z, t = point(public)
    base = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    x, y, z, t = add(times(s, base), times(k, (P - x, y, z, P - t)))  # sB - kA, which is to be R
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return len(signature) == 64 and s < L and (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# The tree of RFC 9162: paths are taken apart from the root downwards.
def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def included(found: bytes, number: int, size: int, path: list[bytes]) -> bytes:
    """The root of a tree of that size with this leaf at that number."""
    if size == 1:
        agree(not path, "the path is too long")
        return found
    agree(bool(path), "the path is too short")
    half, (*below, beside) = split(size), path
    if number < half:
        return node(included(found, number, half, below), beside)
    return node(beside, included(found, number - half, size - half, below))


def grown(first: int, second: int, path: list[bytes], whole: bytes) -> tuple[bytes, bytes]:
    """The roots of the smaller and the larger tree; `whole` stands for the smaller one where it is one subtree."""
    if first == second:
        agree(len(path) == (not whole), "the path has the wrong length")
        return (whole, whole) if whole else (path[0], path[0])
    agree(bool(path), "the path is too short")
    half, (*below, beside) = split(second), path
    if first <= half:
        old, new = grown(first, half, below, whole)
        return old, node(new, beside)
    old, new = grown(first - half, second - half, below, b"")
    return node(beside, old), node(beside, new)


class Disagreement(Exception):
    """What was found not to be as it is said to be."""


def agree(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Disagreement(otherwise)


def opened(note: str, public: bytes) -> tuple[int, bytes]:
    """The size and the root that a checkpoint says, if this key signed it."""
    text, _, signatures = note.rpartition("\n\n")
    origin, size, root, _time = text.split("\n")
    mark = hashlib.sha256(origin.encode() + b"\n\1" + public).digest()[:4]
    named = [line.split(" ") for line in signatures.splitlines()]
    made = [b64decode(encoded) for dash, name, encoded in named if (dash, name) == ("—", origin)]
    ours = [raw[4:] for raw in made if raw[:4] == mark]
    valid = bool(ours) and all(signed(public, one, f"{text}\n".encode()) for one in ours)
    agree(valid, "the checkpoint is not signed with this key")
    return int(size), b64decode(root)


def check_ledger(file: Path, own: str, key: bytes) -> str:
    """Every checkpoint that there is must be what the entries up to its size come to."""
    with file.open("rb") as lines:
        header = json.loads(next(lines, b""))
        public = key or b64decode(header["public"])
        awaited = [opened(note, public) for note in (header["checkpoint"], own) if note]
        agree(bool(awaited), "there is no checkpoint to compare with")
        peaks: list[tuple[int, bytes]] = []
        count, covered = 0, max(size for size, _ in awaited)
        roots = {0: hashlib.sha256().digest()}
        for count, line in enumerate(lines, 1):
            peaks.append((1, leaf(line.rstrip(b"\n"))))
            while len(peaks) > 1 and peaks[-2][0] == peaks[-1][0]:
                (width, left), (_, right) = peaks[-2:]
                peaks[-2:] = [(2 * width, node(left, right))]
            if any(size == count for size, _ in awaited):
                roots[count] = peaks[-1][1]
                for _, peak in peaks[-2::-1]:
                    roots[count] = node(peak, roots[count])
    for size, root in awaited:
        agree(size <= count, f"entries are missing: the checkpoint is of {size}, the file has {count}")
        agree(roots[size] == root, f"the first {size} entries are not those of the checkpoint")
    return f"{covered} entries are those of the checkpoint; {count - covered} came after it."


def check_proof(file: Path, own: str, key: bytes) -> str:
    """The entry is in the tree of the checkpoint, and that tree has grown from the earlier one, if there is one."""
    found: dict[str, Any] = json.loads(file.read_bytes())
    public, number = key or b64decode(found["public"]), found["number"]
    size, root = opened(found["checkpoint"], public)
    agree(0 <= number < size, "the checkpoint is older than the entry")
    computed = included(leaf(found["entry"].encode()), number, size, decoded(found["inclusion"]))
    agree(computed == root, f"entry {number} of the checkpoint is another one")
    trees = {size: root}
    if earlier := found.get("earlier"):
        first, old = earlier["size"], b64decode(earlier["root"])
        agree(0 < first <= size, "the earlier size must be from 1 to that of the checkpoint")
        computed_both = grown(first, size, decoded(earlier["consistency"]), old)
        agree(computed_both == (old, root), f"the ledger has not grown from that of {first} entries")
        trees[first] = old
    if own:
        mine, root = opened(own, public)
        agree(mine in trees, f"the proof says nothing of your checkpoint; ask for one --from {mine}")
        agree(trees[mine] == root, "the proof is of another ledger than your checkpoint")
    return f"entry {number} is one of the {size} of the checkpoint."


def decoded(hashes: list[str]) -> list[bytes]:
    raw = [b64decode(one) for one in hashes]
    agree(all(len(one) == 32 for one in raw), "a hash has the wrong length")
    return raw


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("what", choices=["ledger", "proof"])
    asked.add_argument("file", type=Path)
    asked.add_argument("--checkpoint", type=Path)
    asked.add_argument("--key", type=Path)
    given = asked.parse_args()
    check = check_ledger if given.what == "ledger" else check_proof
    try:
        own = given.checkpoint.read_text("utf-8") if given.checkpoint else ""
        raw = given.key.read_bytes() if given.key else b""
        key = raw if len(raw) in (0, 32) else bytes.fromhex(raw.decode())
        print("It agrees:", check(given.file, own, key))
    except Disagreement as error:
        print("It does NOT agree:", error)
        return 1
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        print(f"It cannot be read ({type(error).__name__}).")
        return 1
    if not (own and key):
        print("Without --checkpoint and --key of your own this shows only that the file agrees with itself.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
