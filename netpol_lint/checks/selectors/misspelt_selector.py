"""NP103: a selector whose key or value is a slip for another."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import all_diagnoses
from netpol_lint.cluster.misspelt import Misspelt
from netpol_lint.findings import NO_FIX, Fix, Problem, Related
from netpol_lint.findings.edits import with_key, with_value
from netpol_lint.findings.wording import listed, requirement_text, workload_text


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy, effect, cause in all_diagnoses(cluster):
        if isinstance(cause, Misspelt):
            noun = "namespace" if cause.namespaces else f"pod in namespace {cause.pods[0].namespace}"
            message = f"{effect}: no {noun} has {requirement_text(cause.placed.requirement)}; {_carriers(cause)}"
            yield Problem(message, cause.at, policy.meta.ref, tuple(_related(cause)), _fix(cause))


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
    labels = [label for w in cause.pods for label in w.pod_labels]
    labels += [label for n in cause.namespaces for meta in n.manifests for label in meta.labels]
    yield from (Related(f"{label.key}={label.value}", label.at) for label in labels[:50] if label.key == key)


def _fix(cause: Misspelt) -> Fix:
    others = {placed.requirement.key for placed in cause.selector.placed if placed is not cause.placed}
    if not cause.unique or (cause.part == "key" and cause.meant in others):
        return NO_FIX
    description = f"select {'='.join(_label(cause))}"
    if cause.part == "value" or not cause.placed.is_match_label:
        return with_value(cause.at, cause.written, cause.meant, description)
    return with_key(cause.at, cause.written, cause.meant, description)
