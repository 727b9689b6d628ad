"""What a config file says about units and charts, in place of what would be guessed."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from typing import Any

from netpol_lint.records import NamedTuple


class SaidUnit(NamedTuple):
    """A unit that the config names."""

    name: str
    paths: tuple[str, ...]
    namespace: str = ""


class SaidChart(NamedTuple):
    """How the config has a chart rendered."""

    path: str
    release: str = ""
    namespace: str = ""
    values: tuple[str, ...] = ()


class Said(NamedTuple):
    """What the config says."""

    units: tuple[SaidUnit, ...] = ()
    charts: tuple[SaidChart, ...] = ()


def said(units: Iterable[Mapping[str, Any]], charts: Iterable[Mapping[str, Any]], base: str = "") -> Said:
    """The same from the plain data of a config that has been checked, and whose paths are relative to `base`."""

    def path(written: str) -> str:
        return posixpath.normpath(posixpath.join(base, written))

    return Said(
        tuple(SaidUnit(one["name"], tuple(map(path, one["paths"])), one.get("namespace", "")) for one in units),
        tuple(
            SaidChart(
                path(one["path"]),
                one.get("release", ""),
                one.get("namespace", ""),
                tuple(map(path, one.get("values", ()))),
            )
            for one in charts
        ),
    )
