"""Whose request it is when a proxy stands before the server: `X-Forwarded-For`, believed only from known proxies.

Each proxy adds the address that it heard from at the end of the header, so it is read from the end: the first address
that is not one of our own proxies is the asker. What stands before that, the asker may have written.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Proxies = tuple[IPv4Network | IPv6Network, ...]


def proxies(networks: Sequence[str]) -> Proxies:
    """Addresses or networks in CIDR form; raises ValueError that names the one which is neither."""
    return tuple(ip_network(each, strict=False) for each in networks)


def asker(peer: str, forwarded_for: Sequence[str], trusted: Proxies) -> str:
    """The address of the asker: `peer`, unless it is a trusted proxy that says on whose behalf it asks.

    forwarded_for holds the values of every `X-Forwarded-For` header, in order.
    """
    chain = [address.strip() for value in forwarded_for for address in value.split(",")]
    while chain and _is_one_of(peer, trusted):
        told = chain.pop()
        if not _is_address(told):
            break
        peer = told
    return peer


def _is_one_of(address: str, networks: Proxies) -> bool:
    try:
        return any(ip_address(address) in network for network in networks)
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
