"""From paths to the networks of their deployment units, and what in the files those who ask must be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netpol_lint.cluster.units import FileObjects, Unit
from netpol_lint.config import Settings
from netpol_lint.connectivity.network import Network
from netpol_lint.engine.inputs import Inputs
from netpol_lint.engine.judging import cluster_of
from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import Notification
from netpol_lint.resources.defects import DefectKind
from netpol_lint.resources.metadata import Metadata
from netpol_lint.source.documents import Failure, FailureKind


def units_of(inputs: Inputs, unit: str = "") -> tuple[Unit, ...]:
    """The units of the files, or the one of this name; NetpolLintError, which lists them, if there is none."""
    units = inputs.units or (Unit(".", (), "nothing"),)
    if not unit:
        return units
    chosen = tuple(one for one in units if one.name == unit)
    if not chosen:
        names = ", ".join(repr(one.name) for one in units)
        raise NetpolLintError(f"there is no deployment unit {unit!r}; there are {names}")
    return chosen


def network_of(unit: Unit, settings: Settings) -> Network:
    """The network of one unit."""
    return Network.of(cluster_of(unit, settings))


def warnings(inputs: Inputs) -> tuple[Notification, ...]:
    """What could not be read, and the policies that are not in a cluster although they are in the files.

    Nothing of it is dropped in silence: what a rejected policy could change is unknown (SEMANTICS 5).
    """
    found = [*inputs.notifications]
    templates: list[Failure] = []
    for file in inputs.files:
        templates += (failure for failure in file.failures if failure.kind is FailureKind.TEMPLATE)
        unread = (failure for failure in file.failures if failure.kind is not FailureKind.TEMPLATE)
        found += (Notification("warning", failure.message, failure.at) for failure in unread)
        found += _rejected(file)
    if templates:
        others = f"; so are {len(templates) - 1} others" if len(templates) > 1 else ""
        found.append(Notification("warning", f"{templates[0].message}{others}", templates[0].at))
    return tuple(dict.fromkeys(found))


def _rejected(file: FileObjects) -> Iterator[Notification]:
    rejected: Iterable[Metadata] = (*(p.meta for p in file.rejected), *(p.meta for p in file.rejected_cluster_policies))
    for meta in rejected:
        reasons = [d for d in file.defects if d.about == meta.ref and d.kind is DefectKind.INVALID]
        why = f"the API server rejects it: {reasons[0].reason}" if reasons else "it cannot be read"
        at = reasons[0].at if reasons else meta.at
        yield Notification("warning", f"{meta.ref}: {why}; what it could change is unknown", at)


def with_namespaces(settings: Settings, namespaces: Iterable[tuple[str, dict[str, str]]]) -> Settings:
    """The settings with more namespaces declared."""
    from types import MappingProxyType

    return settings._replace(namespaces=MappingProxyType({**settings.namespaces, **dict(namespaces)}))
