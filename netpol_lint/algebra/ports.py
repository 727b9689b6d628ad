"""Sets of ports of TCP, UDP and SCTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from netpol_lint.algebra.intervals import IntervalSet
from netpol_lint.records import NamedTuple

PROTOCOLS: Final = ("SCTP", "TCP", "UDP")
"""In the order of every output."""
HIGHEST: Final = 65535
_STRIDE: Final = 1 << 17
"""Between the same port of two protocols: wide enough that spans of different protocols never touch."""
_OFFSET: Final = {protocol: index * _STRIDE for index, protocol in enumerate(PROTOCOLS)}


class Span(NamedTuple):
    """Consecutive ports of one protocol, both ends included."""

    protocol: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PortSet(IntervalSet):
    """Ports, each with its protocol; port numbers run from 1 to 65535."""

    def __invert__(self) -> PortSet:
        """Every other port of the three protocols."""
        return EVERY_PORT - self

    def port_spans(self) -> Iterator[Span]:
        """The set as maximal spans, sorted by protocol and port."""
        for first, last in self.spans():
            protocol, port = divmod(first, _STRIDE)
            yield Span(PROTOCOLS[protocol], port, port + last - first)

    def has(self, protocol: str, port: int) -> bool:
        """Whether it contains one port of one protocol."""
        return _OFFSET[protocol] + port in self

    def of(self, protocol: str) -> PortSet:
        """Its ports of one protocol."""
        return self & ports(protocol)


def ports(protocol: str, first: int = 1, last: int = HIGHEST) -> PortSet:
    """The ports from `first` to `last` of one protocol; all of them by default. Empty where `last` is below `first`."""
    first, last = max(first, 1), min(last, HIGHEST)
    offset = _OFFSET[protocol]
    return PortSet((offset + first, offset + last + 1)) if first <= last else NO_PORT


NO_PORT: Final = PortSet()
EVERY_PORT: Final = PortSet.spanning((offset + 1, offset + HIGHEST) for offset in _OFFSET.values())
