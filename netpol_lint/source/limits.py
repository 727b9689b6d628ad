"""How much of a file is read before it counts as an attack or an accident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netpol_lint.records import NamedTuple


class Limits(NamedTuple):
    """What the files of a run may cost. What is beyond a limit is a `Failure` or a `Trouble`; the rest is read."""

    file: int = 64 * 1024 * 1024
    """Bytes of one file. Larger files are not read at all."""
    document: int = 16 * 1024 * 1024
    """Bytes of one document; its nodes take about twenty times as much memory. See `nodes`."""
    nesting: int = 250
    """Lists and mappings inside each other, aliases followed.

    kubectl allows 10,000. Comparing or serialising a value takes a stack frame of Python's 1,000 per level or two,
    so this keeps every consumer safe; the deepest published CustomResourceDefinitions reach about 60.
    """
    aliases: int = 1_000_000
    """Nodes of one document that are there because an alias repeats them. kubectl's own rule holds besides."""
    objects: int = 200_000
    """Objects of all files together, of the kinds that are analysed."""
    total: int = 2 * 1024 * 1024 * 1024
    """Bytes of all files together."""

    @property
    def nodes(self) -> int:
        """Keys, scalars, lists and mappings of one document: each takes half a kilobyte, however short its text.

        Manifests have one for every thirteen bytes or more.
        """
        return self.document // 16


DEFAULT: Final = Limits()
_DEEPEST: Final = DEFAULT.nesting


def limits_from(options: Mapping[str, int]) -> Limits:
    """The limits with some of them set otherwise; nesting is never deeper than Python can follow."""
    limits = DEFAULT._replace(**{name: value for name, value in options.items() if name in Limits._fields})
    return limits._replace(nesting=min(limits.nesting, _DEEPEST))
