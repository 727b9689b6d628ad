"""What changes between two networks: connections opened and closed, endpoints that came and went."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from netpol_lint.algebra.bitsets import from_positions, positions, span
from netpol_lint.algebra.ports import NO_PORT, PortSet
from netpol_lint.connectivity.connections import Endpoint, Flow, Row, Table, ports_of
from netpol_lint.connectivity.mapping import Joining, Together, endpoint_of
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.reach import Reach
from netpol_lint.connectivity.tables import apart
from netpol_lint.records import NamedTuple

_ABSENT: Final = -1


class Risk(enum.Enum):
    """What kind of connection it is, the most dangerous first."""

    FROM_OUTSIDE = "from outside"
    TO_OUTSIDE = "to addresses outside"
    ACROSS = "across namespaces"
    INSIDE = "inside a namespace"


@dataclass(frozen=True, slots=True)
class UnitDifference:
    """What changes in one unit. All tables have the same endpoints and groups, those of either side.

    What changes has three ends: a port may become allowed, it may be allowed no longer, and it may become unknown,
    which is neither. So what was allowed, with `opened` and without `closed`, is what is allowed.
    """

    unit: str
    added: tuple[Endpoint, ...]
    removed: tuple[Endpoint, ...]
    opened: Table
    """Ports that are allowed and were not."""
    closed: Table
    """Ports that were allowed and are not; some of them may be unknown now."""
    in_doubt: Table
    """Ports that are unknown and were not."""
    decided: Table
    """Ports that were unknown and are not."""
    is_new: bool = False
    """Whether the unit is on the new side only."""
    is_gone: bool = False

    def __bool__(self) -> bool:
        """Whether anything changes."""
        tables = (self.opened, self.closed, self.in_doubt, self.decided)
        return bool(self.is_new or self.is_gone or self.added or self.removed or any(table.count for table in tables))


class _Cells(NamedTuple):
    """The four parts of a difference about some destinations."""

    opened: PortSet
    closed: PortSet
    in_doubt: PortSet
    decided: PortSet


def difference(unit: str, old: Network, new: Network) -> UnitDifference:
    """What changes from one network to the other; addresses are told apart as either of them does."""
    finer = {*old.told_apart, *new.told_apart}
    before, after = Reach(old.refined(finer)), Reach(new.refined(finer))
    common = _Common(before, after)
    rows = tuple(common.rows())

    def table(part: int) -> Table:
        whole = Table(common.endpoints, common.groups, tuple(_row(row, part) for row in rows))
        return apart(whole, lambda place: common.endpoints[place].namespace)

    opened, closed, in_doubt, decided = map(table, range(len(_Cells._fields)))
    return UnitDifference(
        unit,
        tuple(endpoint_of(pod) for pod in new.pods.values() if pod.id not in old.pods),
        tuple(endpoint_of(pod) for pod in old.pods.values() if pod.id not in new.pods),
        opened,
        closed,
        in_doubt,
        decided,
    )


def risk_of(source: Endpoint, destination: Endpoint) -> Risk:
    """How dangerous a connection is that did not exist before."""
    if source.is_outside:
        return Risk.FROM_OUTSIDE
    if destination.is_outside:
        return Risk.TO_OUTSIDE
    return Risk.INSIDE if source.namespace == destination.namespace else Risk.ACROSS


def by_risk(table: Table) -> Iterator[tuple[Risk, Table]]:
    """The connections of a table in parts, the most dangerous first; parts without connections are left out."""
    ends = [table.endpoints[group[0]] for group in table.groups]
    for risk in Risk:
        rows = []
        for number, row in enumerate(table.rows):
            flows = []
            for flow in row:
                to = [group for group in positions(flow.to) if risk_of(ends[number], ends[group]) is risk]
                if to:
                    flows.append(flow._replace(to=from_positions(to, len(ends))))
            rows.append(tuple(flows))
        part = Table(table.endpoints, table.groups, tuple(rows))
        if part.count:
            yield risk, part


class _Common:
    """The endpoints of two networks in groups that neither tells apart."""

    def __init__(self, before: Reach, after: Reach) -> None:
        self._before, self._after = before, after
        old, new = (_class_of(reach) for reach in (before, after))
        ids = sorted({*before.network.pods, *after.network.pods})
        outside = tuple(one.id for one in before.classes.outside)
        assert outside == tuple(one.id for one in after.classes.outside)
        pods = {**before.network.pods, **after.network.pods}
        self.endpoints = (*(endpoint_of(pods[name]) for name in ids), *map(endpoint_of, before.classes.outside))
        members: dict[tuple[int, int], list[int]] = {}
        for place, name in enumerate((*ids, *outside)):
            members.setdefault((old.get(name, _ABSENT), new.get(name, _ABSENT)), []).append(place)
        self._classes = sorted(members)
        self.groups = tuple(tuple(members[pair]) for pair in self._classes)

    def rows(self) -> Iterator[dict[_Cells, int]]:
        """For each group of sources what changes, with the groups of destinations."""
        joining = Joining()
        old, new = ([joining.row(one.reached) for one in reach.all()] for reach in (self._before, self._after))
        from_old, from_new = (_Translation(classes) for classes in zip(*self._classes, strict=True))
        known: dict[tuple[int, int], dict[_Cells, int]] = {}
        for old_class, new_class in self._classes:
            first = from_old.of(old[old_class]) if old_class != _ABSENT else ()
            second = from_new.of(new[new_class]) if new_class != _ABSENT else ()
            pair = id(first), id(second)
            if pair not in known:
                known[pair] = dict(_changes(first, second))
            yield known[pair]


class _Translation:
    """Sets of classes of one side as sets of common groups; equal rows are translated once."""

    def __init__(self, classes: Iterable[int]) -> None:
        self._runs = tuple(_runs(tuple(classes)))
        self._known: dict[tuple[Together, ...], tuple[Together, ...]] = {}

    def of(self, row: tuple[Together, ...]) -> tuple[Together, ...]:
        """A row with its destinations translated."""
        found = self._known.get(row)
        if found is None:
            found = self._known[row] = tuple((allowed, unknown, self._set(to)) for allowed, unknown, to in row)
        return found

    def _set(self, bits: int) -> int:
        found = 0
        for first, length, group in self._runs:
            found |= (bits >> first & span(0, length)) << group
        return found


class _Run(NamedTuple):
    """Classes that follow each other, and so do their groups."""

    first: int
    length: int
    group: int


def _runs(classes: tuple[int, ...]) -> Iterator[_Run]:
    """The classes of the groups in order, in as few runs as there are."""
    start = 0
    for group in range(1, len(classes) + 1):
        if group == len(classes) or classes[group] != classes[group - 1] + 1 or classes[start] == _ABSENT:
            if classes[start] != _ABSENT:
                yield _Run(classes[start], group - start, start)
            start = group


def _class_of(reach: Reach) -> dict[str, int]:
    """The number of the class by the id of its members."""
    classes = reach.classes
    numbers = {pod.id: number for number, one in enumerate(classes.pods) for pod in one.members}
    return numbers | {one.id: number for number, one in enumerate(classes.outside, len(classes.pods))}


def _changes(old: tuple[Together, ...], new: tuple[Together, ...]) -> Iterator[tuple[_Cells, int]]:
    if old == new:
        return
    found: dict[_Cells, int] = {}
    for before, after, to in _overlaid(old, new):
        if before != after:
            (allowed, unknown), (allows, doubts) = before, after
            cells = _Cells(allows - allowed, allowed - allows, doubts - unknown, unknown - doubts)
            found[cells] = found.get(cells, 0) | to
    yield from found.items()


_State = tuple[PortSet, PortSet]


def _overlaid(old: tuple[Together, ...], new: tuple[Together, ...]) -> Iterator[tuple[_State, _State, int]]:
    """Destinations with what is allowed and unknown on the one side and on the other."""
    nothing = NO_PORT, NO_PORT
    left = {number: to for number, (_, _, to) in enumerate(new)}
    for allowed, unknown, to in old:
        rest = to
        for number, (allows, doubts, there) in enumerate(new):
            common = to & there
            if common:
                yield (allowed, unknown), (allows, doubts), common
                rest &= ~common
                left[number] &= ~common
        if rest:
            yield (allowed, unknown), nothing, rest
    for number, to in left.items():
        if to:
            yield nothing, new[number][:2], to


def _row(changes: dict[_Cells, int], part: int) -> Row:
    found: dict[PortSet, int] = {}
    for cells, to in changes.items():
        ports = cells[part]
        if ports:
            found[ports] = found.get(ports, 0) | to
    flows = (Flow(to, ports_of(ports)) for ports, to in found.items())
    return tuple(sorted(flows, key=lambda flow: flow.to & -flow.to))
