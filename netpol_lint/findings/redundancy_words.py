"""How findings name a part of a policy that another one covers, where it stands, and the fix that removes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from netpol_lint.findings import Fix
from netpol_lint.findings.removals import without_item
from netpol_lint.findings.wording import port_text, selector_text
from netpol_lint.resources.policy import AnyPod, IPBlock, PodPeer, PortEntry, Rule, SameNamespace
from netpol_lint.source.location import Span

Part: TypeAlias = Rule | PodPeer | IPBlock | PortEntry


def part_text(part: Part) -> str:
    """`ingress rule 2`, `peer app=web`, `peer 10.0.0.0/8`, `port TCP 80`."""
    match part:
        case Rule():
            return f"{part.direction.field} rule {part.position + 1}"
        case PortEntry():
            return f"port {port_text(part)}"
        case IPBlock():
            exceptions = " with exceptions" if part.exceptions else ""
            return f"peer {part.cidr}{exceptions}"
        case PodPeer():
            return f"peer {_peer_text(part)}"


def _peer_text(peer: PodPeer) -> str:
    pods = "" if isinstance(peer.pods, AnyPod) else selector_text(peer.pods)
    whom = f"pods with {pods}" if pods else "every pod"
    if isinstance(peer.namespaces, SameNamespace):
        return f"{whom} of this namespace"
    namespaces = selector_text(peer.namespaces)
    return f"{whom} of {f'namespaces with {namespaces}' if namespaces else 'every namespace'}"


def removal(part: Part, siblings: Sequence[Part]) -> Fix:
    """The safe fix that takes the part out of its list."""
    at = part.at
    if isinstance(part, PortEntry):
        at = part.entry_at
    elif isinstance(part, IPBlock):
        at = at._replace(pointer=at.pointer.removesuffix("/ipBlock/cidr"))
    own: Span = part.whole
    spans = [one.whole for one in siblings]
    return without_item(at, own, spans, f"remove {part_text(part)}", in_flow=part.in_flow)
