"""Network plugins: what each implements stands in `plugins.json`, a source beside every answer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.source.location import Location

DATA: Final = Path(__file__).with_suffix(".json")
ANOTHER: Final = ""
"""In place of a plugin's name: one that is not known, so whether policies are enforced is not known either."""
LEFT: Final = "-"
"""In place of a plugin's name: none yet, somebody else installs one."""
POLICIES: Final = "network-policy"
END_PORT: Final = "end-port"
SCTP: Final = "sctp"
NAMED_PORTS: Final = "named-ports"
EXCEPT: Final = "except"
IPV6_BLOCK: Final = "ipv6-block"
FEATURES: Final = {
    POLICIES: "NetworkPolicy",
    "ingress": "ingress rules",
    "egress": "egress rules",
    END_PORT: "`endPort`",
    SCTP: "SCTP",
    NAMED_PORTS: "named ports",
    EXCEPT: "`except` of an `ipBlock`",
    IPV6_BLOCK: "an `ipBlock` of IPv6",
    "admin-network-policy": "AdminNetworkPolicy",
    "baseline-admin-network-policy": "BaselineAdminNetworkPolicy",
    "cluster-network-policy": "ClusterNetworkPolicy",
}
"""What is asked of each plugin, in words."""


class Answer(NamedTuple):
    """Whether a plugin implements something."""

    word: str = "unknown"
    """`yes`, `no`, `optional` (it must be switched on) or `unknown` (no public source was found)."""
    source: str = ""
    note: str = ""
    instead: str = ""
    """What the plugin does with it where it does not implement it, as the rest of a sentence; "" if not known."""


_UNKNOWN: Final = Answer()


class Plugin(NamedTuple):
    """A network plugin, or one in a configuration that decides about policies."""

    name: str
    title: str
    images: tuple[str, ...]
    """Ends of the image names of its agent, without registry and tag."""
    names: tuple[str, ...]
    """Names of the DaemonSet that runs its agent."""
    charts: tuple[str, ...]
    cnis: tuple[str, ...]
    """What the CNI configuration of a node calls it, as a `type`."""
    cells: Mapping[str, Answer]

    def answer(self, feature: str) -> Answer:
        """Whether it implements one of the `FEATURES`."""
        return self.cells.get(feature, _UNKNOWN)


class Sign(NamedTuple):
    """A place that shows which network plugin a cluster has."""

    plugin: str
    """Its name, `ANOTHER` or `LEFT`."""
    why: str
    """The object and what it does: `DaemonSet kube-flannel-ds runs docker.io/flannel/flannel:v0.26.0`."""
    about: ObjectRef
    at: Location


@cache
def known() -> Mapping[str, Plugin]:
    """The plugins of the data file by name, in its order."""
    import json

    entries = json.loads(DATA.read_text(encoding="utf-8"))["plugins"]
    return {
        entry["name"]: Plugin(
            entry["name"],
            entry["title"],
            tuple(entry.get("images", ())),
            tuple(entry.get("names", ())),
            tuple(entry.get("charts", ())),
            tuple(entry.get("cnis", ())),
            {
                feature: Answer(cell["is"], cell["source"], cell.get("note", ""), cell.get("instead", ""))
                for feature, cell in entry["cells"].items()
            },
        )
        for entry in entries
    }
