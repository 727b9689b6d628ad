"""The Helm charts that a kustomization takes in: where in the tree they are, and what they are rendered with."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.files import Tree
from netpol_lint.render.kustomize.references import Reference, Role, is_remote, resolve, resolve_text
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from netpol_lint.render.kustomize.kustomization import Kustomization

FIELD: Final = "helmCharts"
OLDER_FIELD: Final = "helmChartInflationGenerator"
_NAMES: Final = {FIELD: "name", OLDER_FIELD: "chartName"}
_HOME: Final = "charts"


class Entry(NamedTuple):
    """One chart as the kustomization asks for it."""

    item: Mapping
    field: str
    """The list it stands in."""
    at: Location
    """Where its name stands."""
    chart: Reference
    """The chart's directory, in the tree or not."""
    values: tuple[Reference, ...]
    """The file of values in place of the chart's own, if there is one."""
    more_values: tuple[Reference, ...]
    """Files that go over all other values."""

    def text(self, key: str, older: str = "") -> str:
        """A setting, which the older field calls differently or does not have."""
        value = self.item.get(key if self.field == FIELD else older)
        return value.text if isinstance(value, Scalar) and value.value is not None else ""

    def says(self, key: str) -> bool:
        """Whether a setting that only the newer field has is true."""
        return self.text(key) == "true"

    @property
    def inline(self) -> Mapping | None:
        """The values that stand in the kustomization itself."""
        value = self.item.get("valuesInline" if self.field == FIELD else "valuesLocal")
        return value if isinstance(value, Mapping) else None


def entries_of(kustomization: Kustomization, tree: Tree) -> Iterator[Entry]:
    """The charts of both fields, as kustomize takes them; without those that have no name."""
    home, here = _home(kustomization), kustomization.directory
    for field, item, name in _named(kustomization):
        is_new = field == FIELD
        version = _text(item, "version") if is_new and _text(item, "repo") else ""
        more = item.get("additionalValuesFiles") if is_new else ()
        files = [item.get("valuesFile" if is_new else "values")]
        others = list(more) if isinstance(more, Sequence) else []
        values, more_values = (
            tuple(resolve(file, Role.CHART, here, tree) for file in named if isinstance(file, Scalar) and file.text)
            for named in (files, others)
        )
        yield Entry(item, field, name.location, _directory(name, version, home, here, tree), values, more_values)


def unnamed(kustomization: Kustomization) -> Iterator[tuple[str, Mapping]]:
    """The charts without a name, with the field they stand in."""
    named = {item.location for _, item, _ in _named(kustomization)}
    for field in _NAMES:
        yield from ((field, item) for item in kustomization.mappings(field) if item.location not in named)


def _named(kustomization: Kustomization) -> Iterator[tuple[str, Mapping, Scalar]]:
    for field, key in _NAMES.items():
        for item in kustomization.mappings(field):
            name = item.get(key)
            if isinstance(name, Scalar) and name.text:
                yield field, item, name


def references_in(kustomization: Kustomization, tree: Tree) -> Iterator[Reference]:
    """The charts' directories and files of values, but for remote ones."""
    for entry in entries_of(kustomization, tree):
        yield entry.chart
        yield from (file for file in (*entry.values, *entry.more_values) if not is_remote(file.text))


def _home(kustomization: Kustomization) -> str:
    """The directory that holds the charts."""
    said = kustomization.fields.get("helmGlobals")
    if isinstance(said, Mapping):
        return _text(said, "chartHome") or _HOME
    older = [_text(item, "chartHome") for item in kustomization.mappings(OLDER_FIELD)]
    return next(filter(None, reversed(older)), _HOME)


def _directory(name: Scalar, version: str, home: str, directory: str, tree: Tree) -> Reference:
    """Where a chart is: newer versions of kustomize put those they fetch into directories by version."""
    paths = [posixpath.join(home, name.text)]
    if version:
        paths.insert(0, posixpath.join(home, f"{name.text}-{version}", name.text))
    found = [resolve_text(path, name.location, Role.CHART, directory, tree) for path in paths]
    return next((one for one in found if one.is_local), found[-1])


def _text(item: Mapping, key: str) -> str:
    value = item.get(key)
    return value.text if isinstance(value, Scalar) and value.value is not None else ""
