"""Port sets as small integers: a bit for each class of ports that no rule of a network tells apart."""

from __future__ import annotations

from collections.abc import Iterable

from netpol_lint.algebra.bitsets import from_positions, positions, span
from netpol_lint.algebra.intervals import partition
from netpol_lint.algebra.ports import EVERY_PORT, NO_PORT, PortSet


class PortCells:
    """The cells into which some port sets cut all ports. A mask is a set of cells."""

    def __init__(self, sets: Iterable[PortSet]) -> None:
        ordered = sorted(set(sets), key=lambda ports: ports.bounds)
        parts = partition(EVERY_PORT, ordered)
        self._cells = tuple(ports for ports, _ in parts)
        within: list[list[int]] = [[] for _ in ordered]
        for number, (_, inside) in enumerate(parts):
            for one in inside:
                within[one].append(number)
        self._masks = {
            ports: from_positions(numbers, len(parts)) for ports, numbers in zip(ordered, within, strict=True)
        }
        self._ports: dict[int, PortSet] = {}
        self._cuts: dict[frozenset[int], tuple[int, ...]] = {}
        self.all = span(0, len(parts))

    def mask(self, ports: PortSet) -> int:
        """The cells of a union of the sets."""
        found = self._masks.get(ports)
        if found is None:
            inside = (number for number, cell in enumerate(self._cells) if ports.covers(cell))
            found = self._masks[ports] = from_positions(inside, len(self._cells))
        return found

    def ports(self, mask: int) -> PortSet:
        """The ports of some cells."""
        found = self._ports.get(mask)
        if found is None:
            found = NO_PORT
            for number in positions(mask):
                found |= self._cells[number]
            self._ports[mask] = found
        return found

    def cut(self, masks: Iterable[int]) -> tuple[int, ...]:
        """All cells, cut where one of the masks begins or ends: each part is inside a mask or outside it."""
        key = frozenset(masks)
        found = self._cuts.get(key)
        if found is None:
            parts = [self.all]
            for mask in sorted(key):
                parts = [part for whole in parts for part in (whole & mask, whole & ~mask) if part]
            found = self._cuts[key] = tuple(parts)
        return found
