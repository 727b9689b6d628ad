"""Whether a rule matches all that another one does, for every label set there may be."""

from __future__ import annotations

from netpol_lint.connectivity.form import ALL_PORTS, Peers, Pods, Ports, Rule


def covers(rule: Rule, other: Rule) -> bool:
    """Whether a rule matches every connection that another one does, whatever pods there will be."""
    return peers_cover(rule.peers, other.peers) and ports_cover(rule.ports, other.ports)


def peers_cover(peers: Peers, other: Peers) -> bool:
    """Whether peers surely include all of others; nodes and domain names that nobody shows include nothing."""
    if peers.everyone:
        return True
    if other.everyone or other.perhaps_named or other.perhaps_nodes:
        return False
    pods = all(any(pods_cover(own, meant) for own in peers.pods) for meant in other.pods)
    return pods and peers.addresses.covers(other.addresses)


def pods_cover(meant: Pods, other: Pods) -> bool:
    """Whether every pod that the second may mean is one that the first means."""
    if other.host_network and not meant.host_network:
        return False
    if not other.pods.implies(meant.pods):
        return False
    if meant.namespace:
        return meant.namespace == other.namespace
    return meant.namespaces.selects_everything if other.namespace else other.namespaces.implies(meant.namespaces)


def ports_cover(ports: Ports, other: Ports) -> bool:
    """Whether ports include all of others; a name includes the same name alone."""
    if ports == ALL_PORTS:
        return True
    return ports.numbers.covers(other.numbers) and set(other.names) <= set(ports.names)
