"""The tree is that of RFC 9162, and no proof but the right one is believed."""

import random
from collections.abc import Callable, Iterator
from functools import cache, partial, reduce
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from tests.campaigns import Campaign
from vault import merkle
from vault.merkle import EMPTY_ROOT, Frontier

# The reference tree of certificate transparency (the log of RFC 6962 and 9162), leaf by leaf, and its roots.
ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = [*range(1, 66), 100, 127, 128, 129, 255, 256, 257, 500]
MUTATIONS = 100_000


@cache
def leaves(size: int) -> list[bytes]:
    """Leaf hashes, all different."""
    return [merkle.leaf_hash(f"entry {number}".encode()) for number in range(size)]


@cache
def root(size: int) -> bytes:
    """The root of the first so many."""
    return merkle.root(leaves(500)[:size])


@pytest.fixture(scope="module")
def oracle() -> InmemoryTree:
    """Another maker's tree of the same entries."""
    tree = InmemoryTree(algorithm="sha256")
    tree.append_entries([f"entry {number}".encode() for number in range(500)])
    return tree


def theirs(path: list[bytes]) -> list[bytes]:
    """A path of the other maker, as bytes."""
    return [bytes(node) for node in path]


def as_in_the_rfc(proof: Any) -> list[bytes]:
    """The other maker's proof of growth in the RFC's form.

    Theirs goes down to the first new leaf, and so gives in pieces the new subtree at the seam, before the old one
    beside it; the RFC gives the old one, then the new one whole.
    """
    path = theirs(proof.path)
    seam = proof.subset.index(1)
    return [path[seam], reduce(merkle.node_hash, path[:seam]), *path[seam + 1 :]]


def test_a_leaf_and_a_node_are_told_apart():
    assert merkle.leaf_hash(b"ab") == sha256(b"\x00ab").digest()
    assert merkle.node_hash(b"a", b"b") == sha256(b"\x01ab").digest()


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_roots_are_the_published_ones(size: int):
    hashes = [merkle.leaf_hash(entry) for entry in ENTRIES[:size]]

    assert merkle.root(hashes).hex() == ROOTS[size]
    assert grown(hashes).root().hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("number", "size", "proof"),
    [
        (0, 1, []),
        (0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
        (5, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
        (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    ],
)  # fmt: skip
def test_the_inclusion_proofs_are_the_published_ones(number: int, size: int, proof: list[str]):
    hashes = [merkle.leaf_hash(entry) for entry in ENTRIES[:size]]

    assert [node.hex() for node in merkle.inclusion_proof(hashes, number)] == proof


@pytest.mark.parametrize(
    ("first", "second", "proof"),
    [
        (1, 1, []),
        (1, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
        (6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
        (2, 5, ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
    ],
)  # fmt: skip
def test_the_consistency_proofs_are_the_published_ones(first: int, second: int, proof: list[str]):
    hashes = [merkle.leaf_hash(entry) for entry in ENTRIES[:second]]

    assert [node.hex() for node in merkle.consistency_proof(hashes, first, second)] == proof


@pytest.mark.parametrize("size", SIZES)
def test_another_maker_s_tree_has_the_same_root_and_inclusion_proofs(size: int, oracle: InmemoryTree):
    assert merkle.root(leaves(size)) == oracle.get_root(size)
    for number in {0, 1, size // 2, size - 2, size - 1} & set(range(size)) if size > 65 else range(size):
        mine = merkle.inclusion_proof(leaves(size), number)
        assert [leaves(size)[number], *mine] == theirs(oracle.prove_inclusion(number + 1, size).path)
        assert merkle.verify_inclusion(leaves(size)[number], number, size, mine, root(size))


@pytest.mark.parametrize("size", SIZES)
def test_another_maker_s_tree_has_the_same_consistency_proofs(size: int, oracle: InmemoryTree):
    for first in range(1, size):
        mine = merkle.consistency_proof(leaves(size), first, size)
        # Theirs always holds the subtree that the RFC leaves out where it is the first tree itself.
        begun = [root(first)] if first.bit_count() == 1 else []
        assert begun + mine == as_in_the_rfc(oracle.prove_consistency(first, size))
        assert merkle.verify_consistency(first, size, mine, root(first), root(size))


def grown(hashes: list[bytes]) -> Frontier:
    """The frontier after appending one by one."""
    frontier = Frontier()
    for leaf in hashes:
        frontier.append(leaf)
    return frontier


@given(st.lists(st.binary(max_size=40), max_size=80), st.data())
def test_a_frontier_kept_and_taken_up_again_is_the_same_tree(entries: list[bytes], data: st.DataObject):
    hashes = [merkle.leaf_hash(entry) for entry in entries]
    cut = data.draw(st.integers(0, len(hashes)))
    kept = grown(hashes[:cut])

    taken_up = Frontier.decode(cut, kept.encode())
    for leaf in hashes[cut:]:
        taken_up.append(leaf)

    assert kept.root() == merkle.root(hashes[:cut])
    assert (taken_up.size, taken_up.root()) == (len(hashes), merkle.root(hashes))


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=80), st.data())
@settings(max_examples=200)
def test_what_is_proved_is_believed(entries: list[bytes], data: st.DataObject):
    hashes = [merkle.leaf_hash(entry) for entry in entries]
    size, number = len(hashes), data.draw(st.integers(0, len(hashes) - 1))
    whole, part = merkle.root(hashes), merkle.root(hashes[:number])

    assert merkle.verify_inclusion(
        hashes[number], number, size, merkle.inclusion_proof(hashes, number), whole
    )
    assert merkle.verify_consistency(
        number, size, merkle.consistency_proof(hashes, number, size), part, whole
    )


@pytest.mark.parametrize(("size", "raw"), [(0, b"x"), (1, b""), (3, b"x" * 32), (2, b"x" * 64), (-1, b"")])
def test_a_frontier_of_another_size_is_refused(size: int, raw: bytes):
    with pytest.raises(ValueError, match="as many hashes"):
        Frontier.decode(size, raw)


@pytest.mark.parametrize("number", [-1, 3])
def test_no_proof_is_made_of_what_is_not_there(number: int):
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(leaves(3), number)


@pytest.mark.parametrize(("first", "second"), [(-1, 3), (3, 2), (1, 4)])
def test_no_consistency_is_proved_backwards_or_beyond(first: int, second: int):
    with pytest.raises(ValueError, match="smaller size"):
        merkle.consistency_proof(leaves(3), first, second)


def test_every_tree_begins_with_the_one_without_leaves():
    assert merkle.verify_consistency(0, 5, [], EMPTY_ROOT, root(5))
    assert merkle.verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    assert not merkle.verify_consistency(0, 5, [], root(1), root(5))
    assert not merkle.verify_consistency(0, 0, [], EMPTY_ROOT, root(1))
    assert not merkle.verify_consistency(0, 5, [root(1)], EMPTY_ROOT, root(5))


@pytest.mark.parametrize(("number", "size"), [(0, 0), (-1, 4), (4, 4), (1, -1)])
def test_nothing_is_included_outside_a_tree(number: int, size: int):
    assert not merkle.verify_inclusion(leaves(4)[0], number, size, [], leaves(4)[0])


@pytest.mark.parametrize(("first", "second"), [(-1, 4), (4, 3), (-2, -1)])
def test_no_tree_grows_backwards(first: int, second: int):
    assert not merkle.verify_consistency(first, second, [], root(4), root(4))


Chance = random.Random
Proof = list[bytes]


def flipped(value: bytes, chance: Chance) -> bytes:
    """The same with one bit turned over."""
    bit = chance.randrange(len(value) * 8)
    return (int.from_bytes(value, "big") ^ 1 << bit).to_bytes(len(value), "big")


def one_flipped(proof: Proof, chance: Chance) -> Proof:
    """A bit of one node turned over."""
    at = chance.randrange(len(proof))
    return [*proof[:at], flipped(proof[at], chance), *proof[at + 1 :]]


def one_dropped(proof: Proof, chance: Chance) -> Proof:
    """One node left out."""
    at = chance.randrange(len(proof))
    return proof[:at] + proof[at + 1 :]


def one_added(proof: Proof, chance: Chance) -> Proof:
    """One node more: a new one, or one of the tree."""
    at = chance.randrange(len(proof) + 1)
    return [*proof[:at], chance.choice([chance.randbytes(32), *proof]), *proof[at:]]


def two_swapped(proof: Proof, chance: Chance) -> Proof:
    """Two nodes in each other's place."""
    mutated = list(proof)
    one, other = chance.sample(range(len(proof)), 2)
    mutated[one], mutated[other] = mutated[other], mutated[one]
    return mutated


def one_cut(proof: Proof, chance: Chance) -> Proof:
    """A node that is not of a hash's length."""
    at = chance.randrange(len(proof))
    return [*proof[:at], proof[at][:-1], *proof[at + 1 :]]


PROOF_MUTATIONS: list[Callable[[Proof, Chance], Proof]] = [one_flipped, one_dropped, one_added, two_swapped, one_cut]  # fmt: skip


def other(value: int, below: int, chance: Chance) -> int:
    """Another number from 1 on."""
    return chance.choice([one for one in (value - 1, value + 1, chance.randrange(1, below)) if one != value and one > 0])  # fmt: skip


def inclusions_mutated(chance: Chance) -> Iterator[Callable[[], bool]]:
    """Proofs of inclusion, each with one thing wrong in it."""
    while True:
        size = chance.choice(SIZES[4:-1])
        number = chance.randrange(size)
        leaf, proof = leaves(500)[number], merkle.inclusion_proof(leaves(500)[:size], number)
        for mutate in PROOF_MUTATIONS * 4:
            if len(proof) > 1:
                mutated = mutate(proof, chance)
                yield partial(merkle.verify_inclusion, leaf, number, size, mutated, root(size))
        for _ in range(4):
            # A size comes with its root, for a checkpoint binds them.
            wrong = min(other(size, 500, chance), 499)
            yield partial(merkle.verify_inclusion, leaf, number, wrong, proof, root(wrong))
            yield partial(merkle.verify_inclusion, leaf, number, size, proof, root(wrong))
            yield partial(merkle.verify_inclusion, leaf, number, size, proof, flipped(root(size), chance))
            yield partial(merkle.verify_inclusion, flipped(leaf, chance), number, size, proof, root(size))
            yield partial(merkle.verify_inclusion, leaf, other(number, size, chance), size, proof, root(size))
            yield (
                partial(merkle.verify_inclusion, leaves(500)[wrong - 1], number, size, proof, root(size))
                if wrong - 1 != number
                else partial(bool)
            )


def growths_mutated(chance: Chance) -> Iterator[Callable[[], bool]]:
    """Proofs of consistency, each with one thing wrong in it."""
    while True:
        second = chance.choice(SIZES[4:-1])
        first = chance.randrange(1, second)
        proof = merkle.consistency_proof(leaves(500)[:second], first, second)
        for mutate in PROOF_MUTATIONS * 4:
            if len(proof) > 1:
                mutated = mutate(proof, chance)
                yield partial(merkle.verify_consistency, first, second, mutated, root(first), root(second))
        for _ in range(4):
            wrong = min(other(second, 500, chance), 499)
            if wrong not in (first, second):
                yield partial(merkle.verify_consistency, first, wrong, proof, root(first), root(wrong))
                yield partial(merkle.verify_consistency, wrong, second, proof, root(wrong), root(second))
                yield partial(merkle.verify_consistency, first, second, proof, root(wrong), root(second))
                yield partial(merkle.verify_consistency, first, second, proof, root(first), root(wrong))
            forged = flipped(root(first), chance), flipped(root(second), chance)
            yield partial(merkle.verify_consistency, first, second, proof, forged[0], root(second))
            yield partial(merkle.verify_consistency, first, second, proof, root(first), forged[1])
            yield partial(merkle.verify_consistency, first, second, proof, *forged)


@pytest.mark.parametrize("mutated", [inclusions_mutated, growths_mutated])
def test_a_mutated_proof_is_never_believed(
    mutated: Callable[[Chance], Iterator[Callable[[], bool]]], campaign: Campaign
):
    campaign.tried(MUTATIONS, "proofs with one thing wrong in them")
    asked = mutated(Chance(9162))

    assert not [number for number, verify in zip(range(MUTATIONS), asked, strict=False) if verify()]


def test_a_tree_rebuilt_on_one_changed_entry_is_not_a_growth():
    """No proof leads from a root to a tree in which any one of its leaves is another."""
    size, first = 48, 32
    for changed in range(first):
        rebuilt = [*leaves(500)[:changed], merkle.leaf_hash(b"changed"), *leaves(500)[changed + 1 : size]]
        proof = merkle.consistency_proof(rebuilt, first, size)
        assert not merkle.verify_consistency(first, size, proof, root(first), merkle.root(rebuilt))
