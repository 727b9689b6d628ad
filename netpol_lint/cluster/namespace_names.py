"""Label keys under which people look for a namespace's name."""

from __future__ import annotations

from typing import Final

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.near import edit_distance, spelling
from netpol_lint.resources.namespace import NAME_LABEL
from netpol_lint.resources.selectors import LabelSelector

NAME_KEYS: Final = frozenset(
    (
        "name",
        "namespace",
        "ns",
        "kubernetes.io/name",
        "metadata.name",
        "k8s.io/metadata.name",
        "metadata.kubernetes.io/name",
        "namespace-name",
    )
)
_MOST_EDITS: Final = 2


def is_slip_for_name_label(key: str) -> bool:
    """Whether a key is so like the automatic one that nobody has chosen it."""
    same_part = spelling(key.rpartition("/")[2]) == spelling(NAME_LABEL.rpartition("/")[2])
    return same_part or edit_distance(spelling(key), spelling(NAME_LABEL), _MOST_EDITS) <= _MOST_EDITS


def gives_names(selector: LabelSelector, names: tuple[str, ...]) -> bool:
    """Whether a `namespaceSelector` that picks these namespaces gives their names, so that it picks no others."""
    return any(
        requirement.operator is Operator.IN
        and requirement.values <= set(names)
        and (requirement.key == NAME_LABEL or requirement.key in NAME_KEYS)
        for requirement, *_ in selector.placed
    )
