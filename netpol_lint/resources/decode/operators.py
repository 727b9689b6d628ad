"""Custom resources from which an operator makes pods: what is known of the pods stands in `operators.json`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping as AnyMapping
from functools import cache
from typing import Any, Final, TypeAlias

from netpol_lint.records import NamedTuple
from netpol_lint.resources.decode.meta import labels, read, text
from netpol_lint.resources.decode.pods import at_path, declared_ports
from netpol_lint.resources.metadata import Label, Metadata
from netpol_lint.resources.policy import Protocol
from netpol_lint.resources.workload import ContainerPort, Workload
from netpol_lint.source.documents import Document
from netpol_lint.source.tree import Mapping, Scalar

DATA: Final = os.path.join(os.path.dirname(__file__), "operators.json")
_ANY_GROUP: Final = "*"


class Maker(NamedTuple):
    """What is known of the pods that an operator makes from resources of one kind."""

    labels: tuple[tuple[str, str], ...] = ()
    """That all of the pods carry; `{name}` and `{namespace}` stand for those of the resource."""
    labels_at: tuple[tuple[str, ...], ...] = ()
    """Where in the resource further labels of all its pods stand."""
    ports: tuple[tuple[str, int], ...] = ()
    """Names ("" for none) and numbers of TCP ports on which some of the pods listen."""
    namespace_at: tuple[str, ...] = ()
    """Where a resource without a namespace names that of its pods; without it, its own namespace is theirs."""
    containers_at: tuple[str, ...] = ()
    """Where, under `containers` and `initContainers`, the resource gives the pods further ones, with their ports."""
    local_if: tuple[str, ...] = ()
    """The field that, where it is true, lets the program of the pods listen on no address but the loopback's."""


Makers: TypeAlias = AnyMapping[tuple[str, str], Maker]
"""By group (`*` for any) and kind."""


def _text() -> str:
    with open(DATA, encoding="utf-8") as file:
        return file.read()


@cache
def built_in() -> Makers:
    """The kinds of the data file."""
    import json

    return makers(json.loads(_text())["operators"])


@cache
def built_in_kinds() -> frozenset[str]:
    """The kinds of the data file, without a JSON parser: every run asks for them."""
    return frozenset(re.findall(r'"kind": "(\w+)"', _text()))


def makers(entries: Iterable[AnyMapping[str, Any]]) -> Makers:
    """The kinds that the data file or a config names; an entry without a group means the kind in any group."""
    return {(entry.get("group", _ANY_GROUP), entry["kind"]): _maker(entry) for entry in entries}


def kinds_of(known: Makers) -> frozenset[str]:
    """Their kinds, whatever the group."""
    return frozenset(kind for _, kind in known)


def maker_of(group: str, kind: str, added: Makers) -> Maker | tuple[()]:
    """What is known of the pods of a kind, those that the user added first; nothing of a kind that makes none."""
    for known in (added, built_in()):
        found = known.get((group, kind)) or known.get((_ANY_GROUP, kind))
        if found is not None:
            return found
    return ()


def workload(document: Document, group: str, maker: Maker) -> Workload:
    """The pods that an operator makes from a resource; they may carry more labels and have more ports than these."""
    meta = read(document, group)
    namespace = text(at_path(document.root, *maker.namespace_at)) if maker.namespace_at else ""
    if namespace:
        ref = meta.ref._replace(namespace=namespace)
        meta = Metadata(ref, meta.api_version, meta.at, True, meta.labels, meta.annotations)
    written = {label.key: label for path in maker.labels_at for label in labels(at_path(document.root, *path))}
    own = {label.key: label for label in _labels(maker, meta)}
    known = tuple((written | own).values())
    ports = tuple(_ports(document, maker, meta))
    return Workload(meta, known, ports, False, meta.at, labels_complete=False, by_operator=True)


def _ports(document: Document, maker: Maker, meta: Metadata) -> Iterator[ContainerPort]:
    """The program's own, unless it is told to listen to its pod alone, and those of containers that are given."""
    local = at_path(document.root, *maker.local_if) if maker.local_if else document.root
    if not (isinstance(local, Scalar) and (local.value is True or local.text == "true")):
        yield from (ContainerPort(name, port, Protocol.TCP, meta.at) for name, port in maker.ports)
    given = at_path(document.root, *maker.containers_at)
    if maker.containers_at and isinstance(given, Mapping):
        yield from declared_ports(given)


def _labels(maker: Maker, meta: Metadata) -> Iterator[Label]:
    """Those with known values: a resource whose name the API server makes up gives its pods no known name."""
    for key, value in maker.labels:
        is_known = "{name}" not in value or meta.at.pointer.endswith("/metadata/name")
        if is_known:
            filled_in = value.replace("{namespace}", meta.namespace).replace("{name}", meta.name)
            yield Label(key, filled_in, meta.at, meta.at)


def _maker(entry: AnyMapping[str, Any]) -> Maker:
    return Maker(
        tuple((key, str(value)) for key, value in entry.get("labels", {}).items()),
        tuple(tuple(path.split(".")) for path in entry.get("labels-at", ())),
        tuple(("", port) if isinstance(port, int) else (port["name"], port["port"]) for port in entry.get("ports", ())),
        _path(entry, "namespace-at"),
        _path(entry, "containers-at"),
        _path(entry, "local-if"),
    )


def _path(entry: AnyMapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(entry[key].split(".")) if key in entry else ()
