"""Which network plugin the files of installers say that are no objects: of k3s, RKE2, Talos and talhelper."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.resources.decode.meta import text
from netpol_lint.resources.decode.pods import at_path
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.resources.plugins import ANOTHER, LEFT, Sign
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

_K3S: Final = ("k3s/config.yaml", "k3s-config.yaml")
_RKE2: Final = ("rke2/config.yaml", "rke2-config.yaml")
_OF_RKE2: Final = {"canal": "canal", "calico": "calico", "cilium": "cilium", "none": LEFT}
"""RKE2 has a Flannel of its own making too, of which no source says whether something enforces policies beside it."""
_NOWHERE_NAMED: Final = ObjectRef("", "", "", "")


class _Said(NamedTuple):
    plugin: str
    words: str
    at: Location


def cluster_signs(root: Node, path: str) -> Iterator[Sign]:
    """What a file that is no object says; nothing for any other."""
    if not isinstance(root, Mapping) or "kind" in root:
        return
    if path.endswith(_K3S):
        found = _k3s(root)
    elif path.endswith(_RKE2):
        found = _rke2(root)
    else:
        found = _talos(root, path)
    for said in found:
        yield Sign(said.plugin, f"{path} {said.words}", _NOWHERE_NAMED, said.at)


def k3s_plugin(backend: str, *, is_off: bool) -> str:
    """Who enforces policies: k3s's own controller unless it is off, and then who brings the network."""
    if not is_off:
        return "k3s"
    return LEFT if backend == "none" else "flannel"


def k3s_words(backend: str, *, is_off: bool) -> str:
    """What the configuration does, as a sentence without a subject."""
    if not is_off:
        return "leaves policies to k3s's own controller"
    if backend == "none":
        return "leaves the network plugin and policies to others"
    return "switches k3s's policy controller off (disable-network-policy) and keeps its Flannel"


def _k3s(root: Mapping) -> Iterator[_Said]:
    backend, off = text(root.get("flannel-backend")), root.get("disable-network-policy")
    is_off = text(off) == "true"
    yield _Said(k3s_plugin(backend, is_off=is_off), k3s_words(backend, is_off=is_off), _place(off, root))


def _rke2(root: Mapping) -> Iterator[_Said]:
    """The `cni`, also as a list with Multus first. Without one it is Canal; a node that joins may not repeat it."""
    written = root.get("cni")
    if isinstance(written, Missing):
        if "server" not in root:
            yield _Said("canal", "leaves the network plugin to RKE2, which installs Canal", root.location)
        return
    names = [text(item) for item in written] if isinstance(written, Sequence) else text(written).split(",")
    for name in [name.strip() for name in names if name.strip() not in ("", "multus")][:1]:
        plugin = _OF_RKE2.get(name, ANOTHER)
        words = "leaves the network plugin to others" if plugin == LEFT else f"has RKE2 install {name}"
        yield _Said(plugin, words, _place(written, root))


def _talos(root: Mapping, path: str) -> Iterator[_Said]:
    """The `cni` that a machine configuration or its patch names, or talhelper's for all machines.

    Without one Talos installs Flannel; but a file may be a part of the configuration, so nothing is concluded.
    """
    cni = at_path(root, "cluster", "network", "cni")
    is_talos = "machine" in root or "talos" in posixpath.dirname(path).lower()
    if "nodes" in root and isinstance(root.get("cniConfig"), Mapping):
        cni, is_talos = root.get("cniConfig"), True
    name = at_path(cni, "name")
    if not is_talos or not isinstance(name, Scalar):
        return
    if text(at_path(cni, "flannel", "kubeNetworkPoliciesEnabled")) == "true":
        yield _Said("kube-network-policies", "has Talos enforce policies beside Flannel", name.location)
    elif text(name) == "flannel":
        yield _Said("flannel", "has Talos install Flannel", name.location)
    elif text(name) == "none":
        yield _Said(LEFT, "leaves the network plugin to others", name.location)
    elif text(name) == "custom":
        yield _Said(ANOTHER, "has Talos install manifests of other network plugins", name.location)


def _place(node: Node | Missing, otherwise: Node) -> Location:
    return otherwise.location if isinstance(node, Missing) else node.location
