"""A sealed content opens in its place, under its key, as it was; or not at all."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.campaigns import Campaign
from vault.errors import SealBroken
from vault.ring import Ring
from vault.seal import Key, Sealed, is_sealed, open_, place, seal

HERE = place("identities", "6f0c", 1, 1)
PLAIN = b'{"given_name":"Jone"}'


@given(plain=st.binary(max_size=300))
def test_what_was_sealed_opens_in_its_place(plain: bytes) -> None:
    key = Key.new()
    assert open_(key, HERE, Sealed(seal(key, HERE, plain))) == plain


@pytest.mark.parametrize(
    "elsewhere",
    [
        place("orders", "6f0c", 1, 1),
        place("identities", "6f0d", 1, 1),
        place("identities", "6f0c", 2, 1),
        place("identities", "6f0c", 1, 2),
    ],
    ids=["another table", "another row", "another shape", "another revision"],
)
def test_a_content_that_was_moved_does_not_open(elsewhere: bytes) -> None:
    key = Key.new()
    with pytest.raises(SealBroken):
        open_(key, elsewhere, Sealed(seal(key, HERE, PLAIN)))


def test_no_bit_can_be_flipped_and_no_byte_cut_off(campaign: Campaign) -> None:
    key = Key.new()
    raw = seal(key, HERE, PLAIN)
    flipped = [
        raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :] for at in range(len(raw)) for bit in range(8)
    ]
    cut = [raw[:length] for length in range(len(raw))] + [raw + b"\0", raw[1:]]
    campaign.tried(len(flipped + cut), "sealed contents with a bit flipped or bytes cut off")
    for broken in flipped + cut:
        with pytest.raises(SealBroken):
            open_(key, HERE, Sealed(broken))


def test_a_content_commits_to_its_key() -> None:
    raw = seal(Key.new(), HERE, PLAIN)
    with pytest.raises(SealBroken):
        open_(Key.new(), HERE, Sealed(raw))


def test_two_sealings_of_one_value_have_nothing_in_common_but_the_key() -> None:
    key = Key.new()
    assert seal(key, HERE, PLAIN)[33:] != seal(key, HERE, PLAIN)[33:]


@given(raw=st.binary(max_size=80))
def test_plain_json_is_never_taken_for_sealed(raw: bytes) -> None:
    assert not is_sealed(b"{" + raw)


def test_places_cannot_be_confused() -> None:
    assert place("a", "b|1", 1, 1) != place("a", "b", 1, 11)
    assert len({place("a", "b", 1, 11), place("a", "b", 11, 1), place("a", "b1", 1, 1)}) == 3


def test_keys_and_sealed_values_show_nothing_and_are_written_nowhere() -> None:
    key, ring = Key.new(), Ring.new(["identity"])
    assert (repr(key), repr(ring), repr(Sealed(b"\x01" + bytes(70)))) == ("Key()", "Ring()", "Sealed()")
    for secret in (key, ring):
        with pytest.raises(TypeError):
            pickle.dumps(secret)
