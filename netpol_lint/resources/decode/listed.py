"""How a list is written."""

from __future__ import annotations

from netpol_lint.resources.policy import NOT_LISTED, Listed
from netpol_lint.source.tree import Missing, Node, Sequence


def listed(node: Node | Missing) -> Listed:
    """Where another item may be put into a list; `NOT_LISTED` where there is no list with items."""
    if not isinstance(node, Sequence) or not len(node):
        return NOT_LISTED
    *_, last = node
    return Listed(last.location, node.dash, node.in_flow)
