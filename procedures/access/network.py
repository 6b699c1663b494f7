"""The networks that a partner's clients come from."""

import ipaddress

#: An address of a network, or a whole one.
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Addresses of the older kind in the form of the newer; they are compared in their own.
_MAPPED = ipaddress.ip_network("::ffff:0:0/96")


def parsed(text: str) -> Network:
    """A network in CIDR notation, or one address.

    Raises:
        ValueError: it is neither, has bits beyond its prefix, is everybody, or is of the older kind in the form of the newer.
    """
    network = ipaddress.ip_network(text.strip())
    if network.prefixlen == 0:
        raise ValueError("everybody is nobody's network")
    if network.version == 6 and network.overlaps(_MAPPED):
        raise ValueError("it does not appear in its own form")
    return network


def within(address: str, networks: str | None) -> bool:
    """Whether an address lies in one of some networks that are separated by blanks; what is no address lies in none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in ipaddress.ip_network(each) for each in (networks or "").split())
