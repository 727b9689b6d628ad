"""The subjects and peers of cluster-tier policies: pods, nodes, networks, domain names, and what is unknown."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from netpol_lint.resources.cluster_policy import ClusterPeer, DomainNamesPeer, NetworksPeer, NodesPeer, UnknownPeer
from netpol_lint.resources.decode.cidr import NotCidr, parse_cidr
from netpol_lint.resources.decode.names import show
from netpol_lint.resources.decode.notes import ABSENT, Notes, Schema, is_absent
from netpol_lint.resources.decode.placeholders import has_placeholder
from netpol_lint.resources.decode.selectors import label_selector, no_selector
from netpol_lint.resources.policy import AnyPod, Direction, Network, PodPeer
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Missing, Node, Sequence

PEER_FIELDS: Final = {
    Direction.INGRESS: ("namespaces", "pods"),
    Direction.EGRESS: ("namespaces", "pods", "nodes", "networks", "domainNames"),
}
_LIMIT: Final = 25
"""The most entries of `networks` and `domainNames`."""
_SELECTOR_BELONGS: Final = dict.fromkeys(
    ("podSelector", "namespaceSelector"), "it belongs under `pods`"
) | dict.fromkeys(("matchLabels", "matchExpressions"), "it belongs under `namespaces`, or in a selector of `pods`")
_SUBJECT: Final = Schema(
    "`subject`",
    frozenset(("namespaces", "pods")),
    synonyms={"namespace": "namespaces", "pod": "pods"},
    belongs=_SELECTOR_BELONGS,
)
_PEER: Final = {
    direction: Schema(
        f"a peer of an {direction.field} rule",
        frozenset(fields),
        synonyms={
            "namespace": "namespaces",
            "pod": "pods",
            "node": "nodes",
            "network": "networks",
            "fqdn": "domainNames",
        },
        belongs=_SELECTOR_BELONGS
        | (
            {
                name: "an ingress rule has pods as peers only"
                for name in PEER_FIELDS[Direction.EGRESS]
                if name not in fields
            }
        ),
    )
    for direction, fields in PEER_FIELDS.items()
}
_PODS: Final = Schema(
    "`pods`",
    frozenset(("namespaceSelector", "podSelector")),
    synonyms={"namespaces": "namespaceSelector", "pods": "podSelector"},
    belongs=dict.fromkeys(("matchLabels", "matchExpressions"), "it belongs under `podSelector`"),
)
_is_domain_name: Final = re.compile(
    r"(\*\.)?([a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?"
).fullmatch


def subject_fields() -> Schema:
    """The fields of `subject`."""
    return _SUBJECT


def exactly_one(node: Mapping, fields: Collection[str], what: str, notes: Notes, *, unknown: bool) -> str:
    """The one field that is set, "" where none or several are; why is in `notes`.

    `unknown` says that a defect about an unknown field explains already why none is.
    """
    given = [name for name in fields if not is_absent(node.get(name))]
    if len(given) == 1:
        return given[0]
    if given:
        first, second = given[:2]
        related = ((f"the {first}", node.key_location(first)),)
        notes.invalid(node.key_location(second), f"{what} is either `{first}` or `{second}`, not both", related=related)
    elif unknown:
        notes.cannot_tell()
    else:
        listed = f"{', '.join(f'`{name}`' for name in tuple(fields)[:-1])} or `{tuple(fields)[-1]}`"
        notes.invalid(node.location, f"{what} needs {listed}")
    return ""


def namespaced_pods(node: Mapping, notes: Notes, everything: str) -> tuple[LabelSelector, LabelSelector | AnyPod]:
    """`namespaceSelector` and `podSelector` of a `pods` field, both of which it needs; empty ones select all."""
    notes.unknown_fields(node, _PODS, lambda _: "the API server then rejects the policy")
    namespaces, pods = (_needed(node, name, notes, everything) for name in ("namespaceSelector", "podSelector"))
    return namespaces, pods


def _needed(node: Mapping, name: str, notes: Notes, everything: str) -> LabelSelector:
    found = node.get(name)
    mapping = notes.mapping(found, "a label selector")
    if isinstance(mapping, Mapping):
        return label_selector(mapping, notes, everything)
    if mapping is ABSENT:
        if node.entries.keys() <= _PODS.fields:
            notes.invalid(found.location, f"`pods` needs a `{name}`; an empty one selects all")
        else:
            notes.cannot_tell()
    return no_selector(found.location)


def peer(item: Node, direction: Direction, notes: Notes) -> Iterator[ClusterPeer]:
    """The peer at `item`, or nothing where the API server refuses it; why is in `notes`."""
    node = notes.mapping(item, "a peer")
    if node is ABSENT:
        notes.invalid(item.location, f"an empty peer: it needs {_listed(direction)}")
    if not isinstance(node, Mapping):
        return
    schema = _PEER[direction]
    notes.unknown_fields(node, schema, _effect)
    given = {name for name in PEER_FIELDS[direction] if not is_absent(node.get(name))}
    unknown = [name for name in node.entries if name not in schema.fields]
    if not given and unknown and not any(schema.belongs.get(name) or schema.nearest(name, ()) for name in unknown):
        yield UnknownPeer(item.location)
        return
    chosen = exactly_one(node, PEER_FIELDS[direction], "a peer", notes, unknown=bool(unknown))
    if chosen:
        yield from _peer(chosen, node, item.location, notes)


def _effect(meant: str) -> str:
    if meant:
        return "the API server then rejects the policy"
    return "to a cluster that does not know it, an allow rule matches nothing and any other rule denies all"


def _listed(direction: Direction) -> str:
    names = [f"`{name}`" for name in PEER_FIELDS[direction]]
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _peer(chosen: str, node: Mapping, at: Location, notes: Notes) -> Iterator[ClusterPeer]:
    before = notes.rejections
    value = node.get(chosen)
    found: ClusterPeer
    if chosen == "networks":
        found = NetworksPeer(tuple(_networks(value, notes)), at)
    elif chosen == "domainNames":
        found = DomainNamesPeer(tuple(_domain_names(value, notes)), at)
    else:
        mapping = notes.mapping(value, "a label selector")
        if not isinstance(mapping, Mapping):
            return
        if chosen == "pods":
            found = PodPeer(*namespaced_pods(mapping, notes, "the peer then means more pods"), at)
        elif chosen == "nodes":
            found = NodesPeer(label_selector(mapping, notes, "the peer then means every node"), at)
        else:
            found = PodPeer(label_selector(mapping, notes, "the peer then means every namespace"), AnyPod(), at)
    if notes.rejections == before:
        yield found


def _strings(node: Node | Missing, what: str, notes: Notes) -> Iterator[tuple[str, Location]]:
    """The entries of a set of 1 to 25 strings."""
    items = notes.sequence(node, f"a list of {what}s")
    if not isinstance(items, Sequence):
        return
    if not 1 <= len(items) <= _LIMIT:
        notes.invalid(items.location, f"there must be 1 to {_LIMIT} {what}s, got {len(items)}")
    seen: dict[str, Location] = {}
    for item in items:
        text = notes.string(item, f"a {what} as a string")
        if isinstance(text, str):
            if text in seen:
                notes.invalid(item.location, f"{show(text)} is listed twice", related=(("the first", seen[text]),))
            seen.setdefault(text, item.location)
            yield text, item.location
        elif text is ABSENT:
            notes.invalid(item.location, f"an empty entry: it needs a {what}")


def _networks(node: Node | Missing, notes: Notes) -> Iterator[tuple[Network, Location]]:
    for text, at in _strings(node, "address block", notes):
        parsed = parse_cidr(text)
        if isinstance(parsed, NotCidr):
            if has_placeholder(text):
                notes.cannot_tell()
            else:
                notes.invalid(at, parsed.reason)
        elif ":" in text and "." in text:
            notes.invalid(at, f"{show(text)} has an IPv4 address inside an IPv6 one, which is not supported")
        else:
            yield parsed.network, at


def _domain_names(node: Node | Missing, notes: Notes) -> Iterator[tuple[str, Location]]:
    for text, at in _strings(node, "domain name", notes):
        if has_placeholder(text):
            notes.cannot_tell()
        elif not _is_domain_name(text):
            notes.invalid(at, f"{show(text)} is no domain name: `example.com`, or `*.example.com` for those below it")
        else:
            yield text, at
