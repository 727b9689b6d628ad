"""Two trees or git revisions, read and compared unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.config import Settings
from netpol_lint.connectivity.differences import UnitDifference, difference
from netpol_lint.connectivity.network import Network
from netpol_lint.engine.inputs import Inputs, from_paths, from_revision
from netpol_lint.engine.networks import network_of, units_of
from netpol_lint.errors import NetpolLintError

_REVISION: Final = "git:"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two trees that are compared."""

    inputs: Inputs
    settings: Settings


def side(text: str, settings: Settings, *, stdin: bytes = b"") -> Side:
    """The files at and below a path, or `git:REVISION`, or `git:REVISION:PATH`, paths relative to here.

    NetpolLintError if there is no such path, repository or revision. The work tree stays as it is.
    """
    if not text.startswith(_REVISION):
        settings = settings._replace(paths=(text,))
        return Side(from_paths(settings, stdin=stdin), settings)
    revision, _, path = text.removeprefix(_REVISION).partition(":")
    if not revision:
        raise NetpolLintError(f"{text!r} names no revision: write git:REVISION or git:REVISION:PATH")
    settings = settings._replace(paths=(path or ".",))
    return Side(from_revision(revision, settings), settings)


def compare(old: Side, new: Side, wanted: Iterable[str] = ()) -> tuple[UnitDifference, ...]:
    """What changes in each unit that is on either side; a unit that is on one side only is compared with nothing.

    Units are known by their names, which are relative to the paths given.
    NetpolLintError if one of the wanted units is on neither side.
    """
    before, after = dict(_networks(old)), dict(_networks(new))
    names = sorted({*before, *after})
    for name in wanted:
        if name not in names:
            raise NetpolLintError(f"there is no deployment unit {name!r}; there are {', '.join(map(repr, names))}")
    chosen = sorted(set(wanted)) or names
    return tuple(
        replace(
            difference(name, before.get(name) or _nothing(name, old), after.get(name) or _nothing(name, new)),
            is_new=name not in before,
            is_gone=name not in after,
        )
        for name in chosen
    )


def _networks(one: Side) -> Iterator[tuple[str, Network]]:
    if not one.inputs.files:
        return
    for unit in units_of(one.inputs):
        yield unit.name, network_of(unit, one.settings)


def _nothing(name: str, one: Side) -> Network:
    return Network.of(Cluster(name, assume=one.settings.assume))
