"""Sets of IPv4 and IPv6 addresses, built from blocks and taken apart into as few as possible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from netpol_lint.algebra.intervals import IntervalSet
from netpol_lint.records import NamedTuple

_WIDTH: Final = {4: 32, 6: 128}
_OFFSET: Final = {4: 0, 6: 1 << 33}
"""Both families on one line, with a gap between them, so that no interval holds addresses of both."""


class Block(NamedTuple):
    """The addresses that share the first `prefix` bits with `base`."""

    version: int
    base: int
    prefix: int

    def __str__(self) -> str:
        from ipaddress import IPv4Address, IPv6Address  # 3 ms that only an output with blocks pays

        address = IPv4Address(self.base) if self.version == 4 else IPv6Address(self.base)
        return f"{address}/{self.prefix}"


@dataclass(frozen=True, slots=True)
class AddressSet(IntervalSet):
    """Addresses of both families; the two never match each other."""

    def blocks(self) -> Iterator[Block]:
        """The fewest blocks that make up the set, IPv4 first, ascending."""
        for first, last in self.spans():
            version = 6 if first >= _OFFSET[6] else 4
            yield from _split(version, first - _OFFSET[version], last - _OFFSET[version])

    def of(self, version: int) -> AddressSet:
        """Its addresses of one family."""
        return self & family(version)

    @property
    def versions(self) -> frozenset[int]:
        """The families it has addresses of."""
        return frozenset(version for version in _WIDTH if self.of(version))

    def __str__(self) -> str:
        """The set in words: blocks joined by " + ", or one block minus others where that is shorter."""
        return " + ".join(filter(None, (_in_words(self.of(version)) for version in _WIDTH)))


def block(version: int, base: int, prefix: int) -> AddressSet:
    """The addresses of one block; bits of `base` beyond the prefix are cleared."""
    rest = _WIDTH[version] - prefix
    first = (base >> rest << rest) + _OFFSET[version]
    return AddressSet((first, first + (1 << rest)))


def address(version: int, value: int) -> AddressSet:
    """The set of one address."""
    return block(version, value, _WIDTH[version])


def family(version: int) -> AddressSet:
    """Every address of one family."""
    return _FAMILY[version]


def _split(version: int, first: int, last: int) -> Iterator[Block]:
    while first <= last:
        aligned = (first & -first).bit_length() - 1 if first else _WIDTH[version]
        rest = min(aligned, (last - first + 1).bit_length() - 1)
        yield Block(version, first, _WIDTH[version] - rest)
        first += 1 << rest


def _in_words(addresses: AddressSet) -> str:
    blocks = tuple(addresses.blocks())
    if len(blocks) < 2:
        return "".join(map(str, blocks))
    cover = _smallest_around(blocks)
    exceptions = tuple((block(*cover) - addresses).blocks())
    if 1 + len(exceptions) < len(blocks):
        return " - ".join(map(str, (cover, *exceptions)))
    return " + ".join(map(str, blocks))


def _smallest_around(blocks: tuple[Block, ...]) -> Block:
    """The smallest block that holds all of these, which are sorted and of one family."""
    first, last = blocks[0], blocks[-1]
    width = _WIDTH[first.version]
    differing = (first.base ^ (last.base + (1 << (width - last.prefix)) - 1)).bit_length()
    return Block(first.version, first.base >> differing << differing, width - differing)


NO_ADDRESS: Final = AddressSet()
_FAMILY: Final = {version: block(version, 0, 0) for version in _WIDTH}
EVERY_ADDRESS: Final = _FAMILY[4] | _FAMILY[6]
