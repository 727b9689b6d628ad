"""Sets of small whole numbers as the bits of one integer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def from_positions(positions: Iterable[int], size: int) -> int:
    """The set of these numbers, all below `size`. Linear in `size`, where repeated `|=` would be quadratic."""
    buffer = bytearray((size + 7) >> 3)
    for position in positions:
        buffer[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(buffer, "little")


def positions(bits: int) -> Iterator[int]:
    """The members, ascending."""
    digits = format(bits, "b")[::-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)


def span(start: int, end: int) -> int:
    """The numbers from `start` up to, and without, `end`."""
    return ((1 << (end - start)) - 1) << start if end > start else 0
