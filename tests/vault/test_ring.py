"""A ring gives each category its own key, and forgets what it is told to forget."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.errors import SealBroken
from vault.ring import Ring
from vault.seal import Sealed, seal

WORDS = st.lists(st.from_regex(r"[a-z_]{1,20}", fullmatch=True), unique=True, max_size=8)


@given(categories=WORDS)
def test_a_ring_comes_back_as_it_was_encoded(categories: list[str]) -> None:
    ring = Ring.new(categories)
    again = Ring.decode(ring.encode())
    assert [again.key(name).commitment for name in categories] == [
        ring.key(name).commitment for name in categories
    ]


@given(raw=st.binary(max_size=200))
def test_bytes_that_are_no_ring_are_refused(raw: bytes) -> None:
    with suppress(SealBroken):
        assert Ring.decode(raw).encode() is not None


def test_categories_have_keys_of_their_own() -> None:
    ring = Ring.new(["identity", "contact_point"])
    assert ring.key("identity").commitment != ring.key("contact_point").commitment
    with pytest.raises(SealBroken):
        ring.key("order")


def test_what_was_sealed_before_a_renewal_opens_until_the_old_key_is_destroyed() -> None:
    first = Ring.new(["identity"])
    old = Sealed(seal(first.key("identity"), b"here", b"x"))
    both = first.renewed(["identity"])
    new = Sealed(seal(both.key("identity"), b"here", b"x"))

    assert both.opener("identity", old).commitment == first.key("identity").commitment
    one = both.reduced("identity", [both.key("identity").commitment])
    assert one.opener("identity", new)
    with pytest.raises(SealBroken):
        one.opener("identity", old)


def test_an_older_ring_without_the_successor_keeps_none_of_its_keys() -> None:
    older = Ring.new(["identity", "contact_point"])
    reduced = older.reduced("identity", [bytes(32)])
    assert reduced.key("identity").commitment != older.key("identity").commitment
    assert reduced.key("contact_point").commitment == older.key("contact_point").commitment


def test_keys_that_are_to_be_kept_stay_before_the_successor() -> None:
    held = Ring.new(["order", "contact_point"])
    gone = held.renewed(["order"])
    new = gone.renewed(["order"])
    first, second, third = (ring.key("order").commitment for ring in (held, gone, new))
    reduced = new.reduced("order", [second, third], [first])

    assert [reduced.opener("order", Sealed(b"\x01" + each)).commitment for each in (first, third)] == [
        first,
        third,
    ]
    assert reduced.key("order").commitment == third
    with pytest.raises(SealBroken):
        reduced.opener("order", Sealed(b"\x01" + second))
    assert reduced.reduced("order", [third]).only([first]).lacks(["order", "contact_point"]) == [
        "order",
        "contact_point",
    ]
    assert reduced.only([first]).lacks(["order", "contact_point"]) == ["contact_point"]


def test_an_erasure_that_comes_late_takes_no_newer_key() -> None:
    ring = Ring.new(["order"])
    first = ring.renewed(["order"])
    both = first.renewed(["order"])
    successors = [first.key("order").commitment, both.key("order").commitment]
    reduced = both.reduced("order", successors)

    assert reduced.reduced("order", successors).key("order").commitment == successors[-1]


def test_what_is_kept_of_an_older_ring_is_not_what_is_sealed_under() -> None:
    older = Ring.new(["order"])
    held = older.key("order").commitment
    reduced = older.reduced("order", [bytes(32)], [held])
    assert reduced.opener("order", Sealed(b"\x01" + held)).commitment == held
    assert reduced.key("order").commitment != held
