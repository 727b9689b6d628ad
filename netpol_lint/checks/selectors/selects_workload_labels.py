"""NP104: a selector that matches a controller's own labels, which its pods do not have."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import OnController, all_diagnoses
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import labels_text, listed, requirement_text, workload_text


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy, effect, cause in all_diagnoses(cluster):
        if not isinstance(cause, OnController):
            continue
        first = cause.controllers[0]
        missing = [p for p in cause.selector.placed if not p.requirement.matches(first.labels)]
        wanted = listed([requirement_text(placed.requirement) for placed in missing])
        names = listed([workload_text(w, outside=policy.meta.namespace) for w in cause.controllers])
        message = (
            f"{effect}: {wanted} stands on {names} itself, not in the pod template, whose pods have"
            f" {labels_text(first.pod_labels)}"
        )
        keys = {placed.requirement.key for placed in missing}
        related = [
            Related(f"a label of the {w.meta.ref.kind}, not of its pods", label.at)
            for w in cause.controllers
            for label in w.meta.labels
            if label.key in keys
        ]
        at = missing[0].values_at[0][1] if missing[0].values_at else missing[0].key_at
        yield Problem(message, at, policy.meta.ref, tuple(related))
