"""Tables of connections with other groups: split, or only some of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from netpol_lint.algebra.bitsets import from_positions, positions
from netpol_lint.connectivity.connections import Flow, Row, Table


def apart(table: Table, key: Callable[[int], Hashable]) -> Table:
    """The same connections with endpoints in one group only where the key of their places is the same too."""
    groups: list[tuple[int, ...]] = []
    parts: list[tuple[int, ...]] = []
    """For each old group the new ones."""
    for group in table.groups:
        by_key: dict[Hashable, list[int]] = {}
        for place in group:
            by_key.setdefault(key(place), []).append(place)
        parts.append(tuple(range(len(groups), len(groups) + len(by_key))))
        groups += map(tuple, by_key.values())
    if len(groups) == len(table.groups):
        return table

    def split(flow: Flow) -> Flow:
        return flow._replace(to=from_positions((new for old in positions(flow.to) for new in parts[old]), len(groups)))

    rows = _each(table.rows, lambda row: tuple(map(split, row)))
    return Table(table.endpoints, tuple(groups), tuple(rows[old] for old, new in enumerate(parts) for _ in new))


def only(table: Table, keep: Sequence[int]) -> Table:
    """A table with some of its groups, in the order given."""
    place_of = {place: new for new, place in enumerate(sorted(p for group in keep for p in table.groups[group]))}
    number_of = {group: new for new, group in enumerate(keep)}

    def kept(flow: Flow) -> Flow:
        numbers = [number_of[group] for group in positions(flow.to) if group in number_of]
        return flow._replace(to=from_positions(numbers, len(keep)))

    rows = [table.rows[group] for group in keep]
    return Table(
        tuple(table.endpoints[place] for place in place_of),
        tuple(tuple(place_of[place] for place in table.groups[group]) for group in keep),
        tuple(_each(rows, lambda row: tuple(flow for flow in map(kept, row) if flow.to))),
    )


def _each(rows: Iterable[Row], change: Callable[[Row], Row]) -> list[Row]:
    """The rows changed, those that are one object only once."""
    changed: dict[int, Row] = {}
    result = []
    for row in rows:
        if id(row) not in changed:
            changed[id(row)] = change(row)
        result.append(changed[id(row)])
    return result
