"""What a workload's containers are told, each text with where it stands and in what words it may be spoken of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.records import NamedTuple
from netpol_lint.resources.evidence import ConfigData, Entry
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.workload import DataRef, Workload
from netpol_lint.source.location import Location

_REFERENCE: Final = re.compile(r"\$[({]([A-Za-z_.-][\w.-]*)[)}]")
_LONGEST: Final = 200_000


class Told(NamedTuple):
    """One text. `secret` is that some of it comes from a Secret, so that nothing of it may be shown."""

    key: str
    text: str
    source: str
    """`variable SHOP_URL`, `argument --shop-url`, `url of ConfigMap shop/settings`."""
    at: Location
    about: Metadata
    container: str
    """"" for all of them."""
    secret: bool = False


_ByName: TypeAlias = Mapping[tuple[str, str, str], ConfigData]
"""By kind, namespace and name."""


def texts_of(cluster: Cluster, workload: Workload) -> tuple[Told, ...]:
    """What the containers of a workload are told: by their own text, and by the ConfigMaps and Secrets they read."""
    read = tuple(_read(cluster.once(_data), workload)) if workload.data_from else ()
    told = [Told(one.key, one.text, one.source, one.at, workload.meta, one.container) for one in workload.mentions]
    variables = {(one.container, one.key): one for one in read}
    return (*(_filled_in(one, variables) if "$" in one.text and variables else one for one in told), *read)


def _filled_in(told: Told, variables: Mapping[tuple[str, str], Told]) -> Told:
    """The text with the variables that come from data in place of their names."""
    secret = False

    def replaced(found: re.Match[str]) -> str:
        nonlocal secret
        known = variables.get((told.container, found[1]))
        if known is None or len(known.text) > len(told.text) + 1000:
            return found[0]
        secret = secret or known.secret
        return known.text

    text = _REFERENCE.sub(replaced, told.text)
    return told._replace(text=text, secret=secret) if len(text) < _LONGEST else told


def _data(cluster: Cluster) -> _ByName:
    return {
        (found.meta.ref.kind, found.meta.namespace, found.meta.name): found
        for found in cluster.evidence
        if isinstance(found, ConfigData)
    }


def _read(data: _ByName, workload: Workload) -> Iterator[Told]:
    for reference in workload.data_from:
        found = data.get((reference.kind, workload.namespace, reference.name))
        for entry in found.entries if found is not None else ():
            if found is not None and (not reference.key or reference.key == entry.key):
                yield _told(reference, found, entry, workload)


def _told(reference: DataRef, found: ConfigData, entry: Entry, workload: Workload) -> Told:
    is_secret = reference.kind == "Secret"
    is_variable = reference.source.startswith("variable ")
    variable = reference.source.removeprefix("variable ") if is_variable else entry.key
    source = f"{entry.key} of {found.meta.ref}"
    if is_secret:  # pointed at where it is read: what stands beside a Secret's values is nobody's business
        return Told(variable, entry.text, source, reference.at, workload.meta, reference.container, secret=True)
    return Told(variable, entry.text, source, entry.at, found.meta, reference.container)
