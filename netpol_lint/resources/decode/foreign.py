"""Policies of dialects whose rules are not decoded: who they are and how far they may reach."""

from __future__ import annotations

from typing import Final

from netpol_lint.resources.decode.meta import read
from netpol_lint.resources.policy import ForeignPolicy
from netpol_lint.source.documents import Document

CLUSTER_WIDE: Final = frozenset(
    (
        "AdminNetworkPolicy",
        "BaselineAdminNetworkPolicy",
        "CiliumClusterwideNetworkPolicy",
        "ClusterNetworkPolicy",
        "GlobalNetworkPolicy",
        "StagedGlobalNetworkPolicy",
    )
)
NAMESPACED: Final = frozenset(
    ("CiliumNetworkPolicy", "NetworkPolicy", "StagedKubernetesNetworkPolicy", "StagedNetworkPolicy")
)


def foreign_policy(document: Document, group: str) -> ForeignPolicy:
    """A policy of Cilium, Calico, Antrea, the network-policy-api or a plugin we do not know."""
    cluster_wide = document.kind in CLUSTER_WIDE
    return ForeignPolicy(read(document, group, cluster_wide=cluster_wide), cluster_wide)
