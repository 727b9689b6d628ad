"""NP103: a selector whose key or value is a slip for another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import by_text
from netpol_lint.cluster.misspelt import Misspelt
from netpol_lint.findings import NO_FIX, Fix, Problem, Related
from netpol_lint.findings.edits import for_all_places, with_key, with_value
from netpol_lint.findings.wording import listed, requirement_text, workload_text

_MOST: Final = 10
"""So many of the objects that carry the label are shown with it."""


def check(cluster: Cluster) -> Iterator[Problem]:
    for same in by_text(cluster, Misspelt, lambda cause: (cause.at, cause.meant)):
        (policy, effect, _), cause = same[0]
        noun = "namespace" if cause.namespaces else f"pod in namespace {cause.pods[0].namespace}"
        message = f"{effect}: no {noun} has {requirement_text(cause.placed.requirement)}; {_carriers(cause)}"
        fix = for_all_places([_fix(each) for _, each in same])
        yield Problem(message, cause.at, policy.meta.ref, tuple(_related(cause)), fix)


def _carriers(cause: Misspelt) -> str:
    key, value = _label(cause)
    names = [workload_text(w) for w in cause.pods if w.labels[key] == value]
    names = names or [f"namespace {n.name}" for n in cause.namespaces if n.labels[key] == value]
    return f"{listed(names)} {'has' if len(names) == 1 else 'have'} {key}={value}"


def _label(cause: Misspelt) -> tuple[str, str]:
    """The label that was meant; where several values would do, the first that carries one."""
    key = cause.placed.requirement.key if cause.part == "value" else cause.meant
    return key, (cause.pods or cause.namespaces)[0].labels[key]


def _related(cause: Misspelt) -> Iterator[Related]:
    key, _ = _label(cause)
    labels = [label for w in cause.pods[:_MOST] for label in w.pod_labels]
    labels += [label for n in cause.namespaces[:_MOST] for meta in n.manifests for label in meta.labels]
    yield from (Related(f"{label.key}={label.value}", label.at) for label in labels if label.key == key)


def _fix(cause: Misspelt) -> Fix:
    others = {placed.requirement.key for placed in cause.selector.placed if placed is not cause.placed}
    if not cause.unique or (cause.part == "key" and cause.meant in others):
        return NO_FIX
    description = f"select {'='.join(_label(cause))}"
    if cause.part == "value" or not cause.placed.is_match_label:
        return with_value(cause.at, cause.written, cause.meant, description)
    return with_key(cause.at, cause.written, cause.meant, description)
