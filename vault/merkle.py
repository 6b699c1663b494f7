"""The Merkle tree of RFC 9162 over SHA-256: roots, and proofs that a stranger can check.

A leaf is hashed as SHA-256(0x00 | entry), a node as SHA-256(0x01 | left | right), so that neither can stand in
for the other. Leaves are numbered from 0, as in the RFC; all hashes here are raw bytes, 32 of them.

A size and a root belong together: take both from one verified checkpoint (vault/checkpoint.py). A path alone does
not tell the trees of 3 and of 4 leaves apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

HASH_SIZE = 32

#: The root of the tree without leaves.
EMPTY_ROOT = sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry as a leaf of the tree."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of the node above two neighbours."""
    return sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """What must be kept of a tree to append to it and to know its root: one hash for each bit of its size.

    Appending costs two hashes on average, whatever the size.
    """

    size: int = 0
    _peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def decode(cls, size: int, raw: bytes) -> "Frontier":
        """The frontier that `encode` wrote: 32-byte hashes, the largest subtree first.

        Raises:
            ValueError: there are not as many hashes as a tree of that size has.
        """
        if size < 0 or len(raw) != size.bit_count() * HASH_SIZE:
            raise ValueError("The frontier does not hold as many hashes as a tree of its size has.")
        return cls(size, [raw[at : at + HASH_SIZE] for at in range(0, len(raw), HASH_SIZE)])

    def encode(self) -> bytes:
        """The hashes one after the other, the largest subtree first; the size is kept beside them."""
        return b"".join(self._peaks)

    def append(self, leaf: bytes) -> None:
        """Append the hash of an entry."""
        size = self.size
        while size & 1:
            leaf = node_hash(self._peaks.pop(), leaf)
            size >>= 1
        self._peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree so far."""
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1]
        for peak in self._peaks[-2::-1]:
            node = node_hash(peak, node)
        return node


def root(leaves: Sequence[bytes]) -> bytes:
    """The root of a tree with these leaf hashes."""
    if not leaves:
        return EMPTY_ROOT
    level = leaves
    while len(level) > 1:
        level = _above(level)
    return level[0]


def _above(level: Sequence[bytes]) -> list[bytes]:
    # Written out instead of calling node_hash: over a million leaves the call would cost as much as the hash.
    pairs = zip(level[0::2], level[1::2], strict=False)
    above = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    # The last one without a neighbour waits for one on the levels above.
    return [*above, level[-1]] if len(level) % 2 else above


def inclusion_proof(leaves: Sequence[bytes], number: int) -> list[bytes]:
    """The neighbours on the way from a leaf to the root (RFC 9162, 2.1.3.1).

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= number < len(leaves):
        raise ValueError("There is no leaf of that number.")
    proof, level = [], leaves
    while len(level) > 1:
        if number ^ 1 < len(level):
            proof.append(level[number ^ 1])
        level, number = _above(level), number >> 1
    return proof


def verify_inclusion(leaf: bytes, number: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the tree of this size and root holds this leaf hash at this number (RFC 9162, 2.1.3.2)."""
    if not 0 <= number < size or not _hashes(leaf, root, *proof):
        return False
    last = size - 1
    for neighbour in proof:
        if last == 0:
            return False
        if number & 1 or number == last:
            leaf = node_hash(neighbour, leaf)
            number, last = _past_missing(number, last)
        else:
            leaf = node_hash(leaf, neighbour)
        number, last = number >> 1, last >> 1
    return last == 0 and leaf == root


def consistency_proof(leaves: Sequence[bytes], first: int, second: int) -> list[bytes]:
    """What shows that the tree of the first `first` leaves is the beginning of that of `second` (RFC 9162, 2.1.4.1).

    Empty for equal sizes, and for the tree without leaves, with which every tree begins.

    Raises:
        ValueError: there are not as many leaves, or the first size is the larger.
    """
    if not 0 <= first <= second <= len(leaves):
        raise ValueError("A consistency proof goes from a smaller size to a larger one that the tree has.")
    if first in (0, second):
        return []
    low, high, proof = 0, second, []
    while first != high:
        split = low + _split(high - low)
        if first <= split:
            proof.append(root(leaves[split:high]))
            high = split
        else:
            proof.append(root(leaves[low:split]))
            low = split
    if low:
        proof.append(root(leaves[low:high]))
    return proof[::-1]


def verify_consistency(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Whether the tree of the first size and root is the beginning of that of the second (RFC 9162, 2.1.4.2)."""
    if not 0 <= first <= second or not _hashes(first_root, second_root, *proof):
        return False
    if first == 0 and first_root != EMPTY_ROOT:
        return False
    if first in (0, second):
        return not proof and (first != second or first_root == second_root)
    return _verify_growth(first, second, proof, first_root, second_root)


def _verify_growth(first: int, second: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    # A first tree that is one whole subtree is its own first step, and the proof leaves it out.
    path = [old_root, *proof] if first.bit_count() == 1 else list(proof)
    if not path:
        return False
    number, last = first - 1, second - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = path[0]
    for neighbour in path[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            old, new = node_hash(neighbour, old), node_hash(neighbour, new)
            number, last = _past_missing(number, last)
        else:
            new = node_hash(new, neighbour)
        number, last = number >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _past_missing(number: int, last: int) -> tuple[int, int]:
    """Climb the levels on which the last subtree has no neighbour."""
    while number and not number & 1:
        number, last = number >> 1, last >> 1
    return number, last


def _split(size: int) -> int:
    """The largest power of two smaller than a size of two or more."""
    return 1 << (size - 1).bit_length() - 1


def _hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_SIZE for value in values)
