"""Address sets against the standard library's networks."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from hypothesis import given, strategies as st

from netpol_lint.algebra.addresses import EVERY_ADDRESS, NO_ADDRESS, AddressSet, block, family

_IPV4 = st.builds(
    lambda base, prefix: IPv4Network((base >> (32 - prefix) << (32 - prefix), prefix)),
    st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)
_IPV6 = st.builds(
    lambda base, prefix: IPv6Network((base >> (128 - prefix) << (128 - prefix), prefix)),
    st.integers(0, 2**128 - 1),
    st.integers(0, 128),
)
_NETWORKS = st.lists(_IPV4 | _IPV6, max_size=6)


def of(networks: list[IPv4Network | IPv6Network]) -> AddressSet:
    result = NO_ADDRESS
    for network in networks:
        result |= block(network.version, int(network.network_address), network.prefixlen)
    return result


@given(_NETWORKS)
def test_a_union_is_taken_apart_into_as_few_blocks_as_possible(networks: list[IPv4Network | IPv6Network]) -> None:
    four = collapse_addresses([network for network in networks if isinstance(network, IPv4Network)])
    six = collapse_addresses([network for network in networks if isinstance(network, IPv6Network)])
    assert [*map(str, four), *map(str, six)] == [*map(str, blocks_as_networks(of(networks)))]


def blocks_as_networks(addresses: AddressSet) -> list[IPv4Network | IPv6Network]:
    return [
        (IPv4Network if version == 4 else IPv6Network)((base, prefix)) for version, base, prefix in addresses.blocks()
    ]


@given(_IPV4, _IPV4)
def test_a_block_minus_one_inside_is_what_the_library_leaves(outer: IPv4Network, inner: IPv4Network) -> None:
    left = of([outer]) - of([inner])
    if inner.subnet_of(outer):
        assert sorted(outer.address_exclude(inner)) == blocks_as_networks(left)
    elif not inner.overlaps(outer):
        assert of([outer]) == left
    else:
        assert NO_ADDRESS == left


@given(_NETWORKS)
def test_the_blocks_make_up_the_set(networks: list[IPv4Network | IPv6Network]) -> None:
    complement = EVERY_ADDRESS - of(networks)
    assert complement == of(blocks_as_networks(complement))


@given(_NETWORKS)
def test_the_families_never_mix(networks: list[IPv4Network | IPv6Network]) -> None:
    one = of(networks)
    assert one == one.of(4) | one.of(6)
    assert NO_ADDRESS == one.of(4) & family(6)
    assert {network.version for network in networks} == one.versions


def test_a_set_is_put_in_the_fewest_words() -> None:
    ten, private = IPv4Network("10.0.0.0/8"), IPv4Network("192.168.0.0/16")
    everything: list[IPv4Network | IPv6Network] = [IPv4Network("0.0.0.0/0")]
    assert "0.0.0.0/0 - 10.0.0.0/8" == str(of(everything) - of([ten]))
    assert "10.0.0.0/8 + 192.168.0.0/16" == str(of([ten, private]))
    assert "0.0.0.0/0 + ::/0" == str(EVERY_ADDRESS)
    assert "" == str(NO_ADDRESS)
