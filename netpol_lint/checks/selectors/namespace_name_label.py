"""NP106: a `namespaceSelector` that asks for a namespace's name under a label the namespace does not carry."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import NamespaceNameLabel, by_text
from netpol_lint.findings import NO_FIX, Fix, Problem, Related
from netpol_lint.findings.edits import for_all_places, with_key, with_value
from netpol_lint.resources.namespace import NAME_LABEL


def check(cluster: Cluster) -> Iterator[Problem]:
    for same in by_text(cluster, NamespaceNameLabel, lambda cause: (cause.placed.key_at, cause.namespace.name)):
        (policy, effect, _), cause = same[0]
        message = (
            f"{effect}: namespace {cause.namespace.name} does not have the label"
            f" {cause.placed.requirement.key}={cause.namespace.name}; the label with its name is {NAME_LABEL}"
        )
        related = tuple(Related("its labels", meta.at) for meta in cause.namespace.manifests)
        fix = for_all_places([_fix(each) for _, each in same])
        yield Problem(message, cause.placed.key_at, policy.meta.ref, related, fix)


def _fix(cause: NamespaceNameLabel) -> Fix:
    requirement, at = cause.placed.requirement, cause.placed.key_at
    others = {placed.requirement.key for placed in cause.selector.placed if placed is not cause.placed}
    if requirement.values != {cause.namespace.name} or NAME_LABEL in others:
        return NO_FIX
    description = f"select by {NAME_LABEL}"
    if not cause.placed.is_match_label:
        return with_value(at, requirement.key, NAME_LABEL, description)
    return with_key(at, requirement.key, NAME_LABEL, description)
