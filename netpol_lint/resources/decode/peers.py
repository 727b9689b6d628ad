"""The peers of a rule, with the checks of ValidateNetworkPolicyPeer and ValidateIPBlock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.resources.decode.cidr import Block, NotCidr, parse_cidr
from netpol_lint.resources.decode.listed import listed
from netpol_lint.resources.decode.notes import ABSENT, Absence, Notes, Schema, is_absent
from netpol_lint.resources.decode.placeholders import has_placeholder
from netpol_lint.resources.decode.selectors import label_selector
from netpol_lint.resources.policy import NOWHERE, AnyPod, IPBlock, Network, Peer, PodPeer, SameNamespace
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Missing, Node, Sequence, text_span

_UNDER_A_SELECTOR: Final = "it belongs under `podSelector` or `namespaceSelector`"
_PEER: Final = Schema(
    "a peer",
    frozenset(("podSelector", "namespaceSelector", "ipBlock")),
    synonyms={"namespace": "namespaceSelector", "namespaces": "namespaceSelector", "pods": "podSelector"},
    belongs=dict.fromkeys(("ports", "port", "protocol"), "ports stand in the rule, beside its peers")
    | dict.fromkeys(("matchLabels", "matchExpressions"), _UNDER_A_SELECTOR)
    | dict.fromkeys(("cidr", "except"), "it belongs under `ipBlock`"),
)
_IP_BLOCK: Final = Schema(
    "an ipBlock",
    frozenset(("cidr", "except")),
    synonyms={
        "cidrs": "cidr",
        "ip": "cidr",
        "block": "cidr",
        "exceptions": "except",
        "exclude": "except",
        "excludes": "except",
    },
    belongs=dict.fromkeys(("ports", "port", "protocol"), "ports stand in the rule, beside its peers"),
)
_SAME_NAMESPACE: Final = SameNamespace()
_ANY_POD: Final = AnyPod()


def peer(item: Node, field: str, notes: Notes, *, every_port: bool, in_flow: bool, dash: int) -> Iterator[Peer]:
    """The peer at `item`, or nothing where the API server refuses it; why is in `notes`."""
    node = notes.mapping(item, "a peer with selectors or an `ipBlock`")
    if node is ABSENT:
        notes.invalid(item.location, _empty(field))
    if not isinstance(node, Mapping):
        return
    before = notes.rejections
    of_all = "of the policy's namespace" if is_absent(node.get("namespaceSelector")) else "of those namespaces"
    pods = _selector(node.get("podSelector"), notes, f"the peer then means every pod {of_all}")
    namespaces = _selector(node.get("namespaceSelector"), notes, "the peer then means every namespace")
    block = notes.mapping(node.get("ipBlock"), "a mapping with `cidr`")
    nothing = pods is ABSENT and namespaces is ABSENT and block is ABSENT
    unknown = not node.entries.keys() <= _PEER.fields
    if unknown:
        notes.unknown_fields(node, _PEER, lambda meant: _effect(meant, pods, namespaces, nothing, every_port))
    if nothing:
        if unknown:
            notes.cannot_tell()
        else:
            notes.invalid(item.location, _empty(field))
    if block is not ABSENT and not (pods is ABSENT and namespaces is ABSENT):
        beside = "podSelector" if pods is not ABSENT else "namespaceSelector"
        related = ((f"the {beside}", node.key_location(beside)),)
        reason = "a peer is either an `ipBlock` or pods, and this one has both in one entry"
        notes.invalid(node.key_location("ipBlock"), reason, related=related)
    ip_block = tuple(_ip_block(block, notes)) if isinstance(block, Mapping) else ()
    if notes.rejections > before:
        return
    yield from (block._replace(whole=text_span(item), in_flow=in_flow, dash=dash) for block in ip_block)
    if not ip_block:
        yield PodPeer(
            namespaces if isinstance(namespaces, LabelSelector) else _SAME_NAMESPACE,
            pods if isinstance(pods, LabelSelector) else _ANY_POD,
            item.location,
            text_span(item),
            in_flow,
            node.in_flow,
        )


def _empty(field: str) -> str:
    return f"an empty entry of `{field}`: a peer needs a `podSelector`, a `namespaceSelector` or an `ipBlock`"


def _selector(node: Node | Missing, notes: Notes, everything: str) -> LabelSelector | Absence:
    mapping = notes.mapping(node, "a label selector")
    return label_selector(mapping, notes, everything) if isinstance(mapping, Mapping) else mapping


def _effect(
    meant: str, pods: LabelSelector | Absence, namespaces: LabelSelector | Absence, nothing: bool, every_port: bool
) -> str:
    if nothing:
        return "the peer is then empty, and the API server rejects the policy"
    if meant == "namespaceSelector" and pods is not ABSENT:
        return "the peer then means pods of the policy's own namespace"
    if meant == "podSelector" and namespaces is not ABSENT:
        return "the peer then means every pod of those namespaces"
    if not meant and every_port:
        return "the rule then admits its peers on every port"
    return ""


def _ip_block(node: Mapping, notes: Notes) -> Iterator[IPBlock]:
    lost: list[str] = []
    notes.unknown_fields(node, _IP_BLOCK, lambda meant: _lost(meant, lost))
    cidr_node = node.get("cidr")
    text = notes.string(cidr_node, "an address block as a string")
    block: Block | Absence = Absence.ABSENT
    if isinstance(text, str) and text:
        block = _block(text, cidr_node.location, notes)
    elif text is not Absence.WRONG:
        if lost:
            notes.cannot_tell()
        else:
            notes.invalid(cidr_node.location, "an `ipBlock` needs a `cidr`")
    except_node = node.get("except")
    exceptions = tuple(_exceptions(except_node, block, cidr_node.location, notes))
    if isinstance(block, Block):
        yield IPBlock(
            block.network,
            exceptions,
            cidr_node.location,
            in_braces=node.in_flow,
            cidr_key=node.key_location("cidr"),
            except_key=NOWHERE if isinstance(except_node, Missing) else node.key_location("except"),
            excepted=listed(except_node),
        )


def _lost(meant: str, lost: list[str]) -> str:
    if meant == "cidr":
        lost.append(meant)
        return "the block then has no `cidr`, and the API server rejects the policy"
    return "the exceptions are then admitted too" if meant == "except" else ""


def _exceptions(
    node: Node | Missing, block: Block | Absence, cidr_at: Location, notes: Notes
) -> Iterator[tuple[Network, Location]]:
    items = notes.sequence(node, "a list of address blocks")
    if not isinstance(items, Sequence):
        return
    for item in items:
        text = notes.string(item, "an address block as a string")
        if text is Absence.WRONG:
            continue
        at = item.location
        inner = _block(text if isinstance(text, str) else "", at, notes)
        if not isinstance(inner, Block) or not isinstance(block, Block):
            continue
        if block.excepts(inner):
            yield inner.network, at
        else:
            notes.invalid(at, _why_not_inside(inner, block), related=(("the block", cidr_at),))


def _why_not_inside(inner: Block, block: Block) -> str:
    if inner.version != block.version:
        return f"an exception must be inside `cidr`, and IPv{inner.version} is never inside IPv{block.version}"
    if inner.network == block.network:
        return "an exception must be smaller than `cidr`, and this one is all of it"
    if inner.contains(block) and inner.prefix < block.prefix:
        return f"an exception must be inside `cidr`, and {inner.network} is wider than {block.network}"
    return f"an exception must be inside `cidr`, and {inner.network} is not inside {block.network}"


def _block(text: str, at: Location, notes: Notes) -> Block | Absence:
    parsed = parse_cidr(text)
    if isinstance(parsed, NotCidr):
        if has_placeholder(text):
            notes.cannot_tell()
            return Absence.WRONG
        notes.invalid(at, parsed.reason)
        return Absence.WRONG
    if parsed.strict_reason:
        network = parsed.network
        reason = f"{text} means {network}; Kubernetes 1.36 and later refuse it, because {parsed.strict_reason}"
        notes.strict_cidr(at, reason, str(network), written=text)
    return parsed
