"""What policies use that the network plugin of their cluster does not implement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.plugins import plugins
from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.resources.plugins import END_PORT, EXCEPT, IPV6_BLOCK, NAMED_PORTS, SCTP, Plugin
from netpol_lint.resources.policy import (
    Direction,
    EveryPort,
    IPBlock,
    NamedPort,
    NetworkPolicy,
    PortEntry,
    PortRange,
    Protocol,
)
from netpol_lint.source.location import Location

_TIER_KINDS: Final = {
    "AdminNetworkPolicy": "admin-network-policy",
    "BaselineAdminNetworkPolicy": "baseline-admin-network-policy",
    "ClusterNetworkPolicy": "cluster-network-policy",
}
_INSTEAD: Final = {END_PORT: "it admits only the first port"}
"""What Kubernetes' documentation says of plugins without a feature, where nothing is known of the plugin itself."""


class Unsupported(NamedTuple):
    """A use of a feature that the plugin does not have (NP702)."""

    plugin: Plugin
    feature: str
    about: ObjectRef
    at: Location
    written: str
    """What the manifest says, as far as it has words of its own."""

    @property
    def instead(self) -> str:
        """What the plugin does with it; "" if not known."""
        return self.plugin.answer(self.feature).instead or _INSTEAD.get(self.feature, "")


def unsupported(cluster: Cluster) -> Iterator[Unsupported]:
    """The uses by policy, where the unit's plugin is known; of one that enforces nothing no more is said."""
    for plugin in plugins(cluster):
        for policy in cluster.policies:
            for direction in Direction:
                for feature, at, written in _uses(policy, direction):
                    if plugin.answer(feature).word == "no":
                        yield Unsupported(plugin, feature, policy.meta.ref, at, written)
                        if feature == direction.field:
                            break  # nothing in it counts
        for tier in cluster.cluster_policies:
            feature = _TIER_KINDS.get(tier.meta.ref.kind, "")
            if plugin.answer(feature).word == "no":
                yield Unsupported(plugin, feature, tier.meta.ref, tier.meta.at, "")


def _uses(policy: NetworkPolicy, direction: Direction) -> Iterator[tuple[str, Location, str]]:
    """The direction itself, then what its rules use."""
    written = policy.rule_list(direction)
    if policy.isolates(direction):
        yield direction.field, written.at if written.written else policy.types_at, ""
    for rule in policy.rules(direction):
        for peer in rule.peers if isinstance(rule.peers, tuple) else ():
            if isinstance(peer, IPBlock):
                if peer.cidr.version == 6:
                    yield IPV6_BLOCK, peer.at, str(peer.cidr)
                yield from ((EXCEPT, at, str(network)) for network, at in peer.exceptions[:1])
        for entry in () if isinstance(rule.ports, EveryPort) else rule.ports:
            yield from _uses_of(entry)


def _uses_of(entry: PortEntry) -> Iterator[tuple[str, Location, str]]:
    match entry.target:
        case PortRange(first, last) if first != last:
            yield END_PORT, entry.at, f"{first}-{last}"
        case NamedPort(name):
            yield NAMED_PORTS, entry.at, name
        case _:
            pass
    if entry.protocol is Protocol.SCTP:
        yield SCTP, entry.protocol_at, ""
