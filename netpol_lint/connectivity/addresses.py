"""Addresses as text, as manifests and users write them, to sets and back."""

from __future__ import annotations

from functools import lru_cache

from netpol_lint.algebra.addresses import NO_ADDRESS, AddressSet, block


@lru_cache(maxsize=4096)
def address_set(text: str) -> AddressSet:
    """The addresses a text means: one address, or a block (host bits are cleared); none if it is neither."""
    from ipaddress import ip_network

    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return NO_ADDRESS
    mapped = network.network_address.ipv4_mapped if network.version == 6 and network.prefixlen >= 96 else None
    if mapped is not None:
        return block(4, int(mapped), network.prefixlen - 96)
    return block(network.version, int(network.network_address), network.prefixlen)
