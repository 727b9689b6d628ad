"""What sets the three kinds of cluster-tier policies apart: versions, words and limits (network-policy-api)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from netpol_lint.resources.cluster_policy import Action, ClusterTier

GROUP: Final = "policy.networking.k8s.io"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of cluster-tier policy."""

    kind: str
    version: str
    actions: Mapping[str, Action]
    limit: int
    """The most rules of a direction, and the most peers and ports of a rule."""
    ports_field: str
    tier: ClusterTier | None
    """Where every policy of the kind stands; None where `spec.tier` says it."""
    has_priority: bool = True

    @property
    def allow(self) -> str:
        """How the kind spells the action that admits."""
        return next(word for word, action in self.actions.items() if action is Action.ALLOW)


ADMIN: Final = Dialect(
    "AdminNetworkPolicy",
    "policy.networking.k8s.io/v1alpha1",
    {"Allow": Action.ALLOW, "Deny": Action.DENY, "Pass": Action.PASS},
    100,
    "ports",
    ClusterTier.ADMIN,
)
BASELINE: Final = Dialect(
    "BaselineAdminNetworkPolicy",
    "policy.networking.k8s.io/v1alpha1",
    {"Allow": Action.ALLOW, "Deny": Action.DENY},
    100,
    "ports",
    ClusterTier.BASELINE,
    has_priority=False,
)
CLUSTER: Final = Dialect(
    "ClusterNetworkPolicy",
    "policy.networking.k8s.io/v1alpha2",
    {"Accept": Action.ALLOW, "Deny": Action.DENY, "Pass": Action.PASS},
    25,
    "protocols",
    None,
)
DIALECTS: Final = {dialect.kind: dialect for dialect in (ADMIN, BASELINE, CLUSTER)}
