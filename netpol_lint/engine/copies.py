"""Which files are what somebody rendered from the tree and put beside it, such as a generated `install.yaml`."""

from __future__ import annotations

from collections.abc import Sequence

from netpol_lint.cluster.units import Unit
from netpol_lint.resources.metadata import ObjectRef


class Copies:
    """The rendered files among those of the units."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = {unit.name: unit for unit in units}
        self._known: dict[str, frozenset[ObjectRef]] = {}

    def is_copy(self, path: str, unit: str, other: str) -> bool:
        """Whether a file of the one unit holds most of the objects that rendering gives for the other, and no more."""
        plain, rendered = self._units[unit], self._units[other]
        if plain.jobs or not rendered.jobs:
            return False
        held = frozenset(meta.ref for file in plain.files if file.path == path for meta in file.metas)
        made = self._made(rendered)
        return held <= made and 2 * len(held) > len(made)

    def _made(self, unit: Unit) -> frozenset[ObjectRef]:
        if unit.name not in self._known:
            self._known[unit.name] = frozenset(meta.ref for file in unit.files for meta in file.metas)
        return self._known[unit.name]
