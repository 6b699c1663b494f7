"""Which addresses lie in a partner's networks."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.access.network import parsed, within

MAPPED = ipaddress.ip_network("::ffff:0:0/96")
ADDRESSES = st.ip_addresses().filter(lambda address: address not in MAPPED)
NETWORKS = (
    st.ip_addresses()
    .flatmap(
        lambda address: st.integers(1, address.max_prefixlen).map(
            lambda length: ipaddress.ip_network((address, length), strict=False)
        )
    )
    .filter(lambda network: network.version == 4 or not network.overlaps(MAPPED))
)


@given(st.lists(NETWORKS, max_size=4), ADDRESSES)
def test_an_address_is_within_what_contains_it(
    networks: list[ipaddress.IPv4Network], address: object
) -> None:
    known = " ".join(map(str, networks))

    assert within(str(address), known) == any(address in network for network in networks)


@given(NETWORKS)
def test_what_was_read_is_read_again(network: ipaddress.IPv4Network) -> None:
    assert str(parsed(str(network))) == str(network)


@pytest.mark.parametrize(
    "address", ["", "testclient", "/run/savas.sock", "192.0.2.7, 192.0.2.8", "192.0.2.07"]
)
def test_what_is_no_address_lies_in_no_network(address: str) -> None:
    assert not within(address, "192.0.2.0/24")


def test_an_address_of_the_older_kind_is_the_same_in_the_form_of_the_newer() -> None:
    assert within("::ffff:192.0.2.7", "192.0.2.0/24")
    assert not within("::ffff:192.0.3.7", "192.0.2.0/24")


@pytest.mark.parametrize(
    "text", ["0.0.0.0/0", "::/0", "192.0.2.1/24", "savas.example", "", "192.0.2.0/33", "::ffff:192.0.2.0/120"]
)
def test_everybody_and_what_is_no_network_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"everybody|does not appear|has host bits"):
        parsed(text)


def test_from_no_networks_nobody_comes() -> None:
    assert not within("192.0.2.7", "")
    assert not within("192.0.2.7", None)
