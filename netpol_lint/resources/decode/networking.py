"""networking.k8s.io/v1 NetworkPolicy: SetDefaults_NetworkPolicy and ValidateNetworkPolicy over what decodes."""

from __future__ import annotations

from typing import Final

from netpol_lint.resources.decode import meta as metas
from netpol_lint.resources.decode.listed import listed
from netpol_lint.resources.decode.notes import ABSENT, Notes, Schema
from netpol_lint.resources.decode.placeholders import has_placeholder
from netpol_lint.resources.decode.rules import rule_list
from netpol_lint.resources.decode.selectors import label_selector, no_selector
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.policy import Direction, NetworkPolicy, RejectedPolicy, RuleList, Undecodable
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.source.documents import Document
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Missing, Sequence

GROUP: Final = "networking.k8s.io"
VERSION: Final = "networking.k8s.io/v1"
REMOVED: Final = "extensions/v1beta1"
_SPEC_FIELDS: Final = ("podSelector", "policyTypes", "ingress", "egress")
_OBJECT: Final = Schema(
    "a NetworkPolicy",
    frozenset(("apiVersion", "kind", "metadata", "spec")),
    belongs=dict.fromkeys(_SPEC_FIELDS, "it belongs under `spec`")
    | dict.fromkeys(("name", "namespace", "labels", "annotations"), "it belongs under `metadata`")
    | {"status": "it had a status in Kubernetes 1.24 to 1.27 only; nothing is lost"},
)
_SPEC: Final = Schema(
    "`spec`",
    frozenset(_SPEC_FIELDS),
    synonyms={"policyType": "policyTypes", "types": "policyTypes", "selector": "podSelector"},
    belongs=dict.fromkeys(("from", "to", "ports"), "it belongs in a rule of `ingress` or `egress`")
    | dict.fromkeys(("matchLabels", "matchExpressions"), "it belongs under `podSelector`"),
)
_EVERY_POD: Final = "the policy then selects every pod of its namespace"
_NO_SPEC: Final = "without `spec` the policy selects every pod of its namespace and admits no ingress"
_BOTH: Final = frozenset(Direction)
_TYPES: Final = {direction.value: direction for direction in Direction}


def network_policy(document: Document, notes: Notes, meta: Metadata) -> NetworkPolicy | RejectedPolicy:
    """The policy as the API server would store it, or as rejected; what is wrong with it is in `notes`."""
    root = document.root
    _check_version(document, notes)
    metas.check(document, notes)
    spec_node = root.get("spec")
    if not root.entries.keys() <= _OBJECT.fields:
        has_spec = not isinstance(spec_node, Missing)
        notes.unknown_fields(root, _OBJECT, lambda _: "" if has_spec else _NO_SPEC)
    spec = notes.mapping(spec_node, "a mapping with `podSelector` and rules")
    if not isinstance(spec, Mapping):
        return _without_spec(meta, spec_node.location, notes, decoded=spec is ABSENT)
    return _policy(meta, spec, spec_node.location, notes)


def _policy(meta: Metadata, spec: Mapping, at: Location, notes: Notes) -> NetworkPolicy | RejectedPolicy:
    pod_selector = _pod_selector(spec, at, notes)
    written_types = _policy_types(spec, notes)
    ingress = rule_list(spec, at, Direction.INGRESS, notes)
    egress = rule_list(spec, at, Direction.EGRESS, notes)
    types = written_types or _default_types(spec)
    notes.unknown_fields(spec, _SPEC, lambda meant: _effect_in_spec(meant, types))
    if notes.rejections:
        return RejectedPolicy(meta, pod_selector, types)
    assert isinstance(pod_selector, LabelSelector)
    types_at = spec.key_location("policyTypes") if "policyTypes" in spec else at
    spec_at = Location(spec.path, spec.span, spec.pointer)
    types_listed = listed(spec.get("policyTypes"))
    return NetworkPolicy(
        meta, pod_selector, types, bool(written_types), types_at, ingress, egress, spec_at, spec.in_flow, types_listed
    )


def _without_spec(meta: Metadata, at: Location, notes: Notes, *, decoded: bool) -> NetworkPolicy | RejectedPolicy:
    """An absent `spec` is one without any field: it selects every pod and admits no ingress."""
    selector = no_selector(at) if decoded else Undecodable()
    types = frozenset((Direction.INGRESS,)) if decoded else _BOTH
    if notes.rejections or isinstance(selector, Undecodable):
        return RejectedPolicy(meta, selector, types)
    no_rules = RuleList((), written=False, at=at)
    return NetworkPolicy(meta, selector, types, False, at, no_rules, no_rules, at)


def _check_version(document: Document, notes: Notes) -> None:
    version = document.api_version
    if version == VERSION or has_placeholder(version):
        return
    at = document.root.get("apiVersion").location
    if version == REMOVED:
        notes.removed_api(at, f"NetworkPolicy is no longer served as {REMOVED} since Kubernetes 1.16", VERSION, version)
    elif not version:
        notes.invalid(at, f"`apiVersion` is missing: a NetworkPolicy is {VERSION}")
    else:
        notes.invalid(at, f"no Kubernetes serves NetworkPolicy as {version}: it is {VERSION}", VERSION, written=version)


def _pod_selector(spec: Mapping, at: Location, notes: Notes) -> LabelSelector | Undecodable:
    before = notes.rejections
    node = notes.mapping(spec.get("podSelector"), "a label selector")
    if isinstance(node, Mapping):
        selector = label_selector(node, notes, _EVERY_POD)
        return selector if notes.rejections == before else Undecodable()
    if node is not ABSENT:
        return Undecodable()
    return no_selector(spec.get("podSelector").location if "podSelector" in spec else at)


def _policy_types(spec: Mapping, notes: Notes) -> frozenset[Direction]:
    """The types written, empty where the default applies; both directions where they cannot be read."""
    node = notes.sequence(spec.get("policyTypes"), "a list of Ingress and Egress")
    if not isinstance(node, Sequence):
        return frozenset() if node is ABSENT else _BOTH
    if len(node) > 2:
        notes.invalid(node.location, f"`policyTypes` must have no more than two entries, got {len(node)}")
        return _BOTH
    before = notes.rejections
    types: set[Direction] = set()
    for item in node:
        name = notes.string(item)
        if isinstance(name, str) and name in _TYPES:
            types.add(_TYPES[name])
        elif isinstance(name, str) and has_placeholder(name):
            notes.cannot_tell()
        elif isinstance(name, str):
            meant = next((text for text in _TYPES if text.casefold() == name.strip().casefold()), "")
            notes.invalid(item.location, f'policy type "{name}" must be Ingress or Egress', meant, written=name)
        elif name is ABSENT:
            notes.invalid(item.location, "an empty entry of `policyTypes` must be Ingress or Egress")
    return frozenset(types) if notes.rejections == before else _BOTH


def _default_types(spec: Mapping) -> frozenset[Direction]:
    """Ingress always, Egress where there are egress rules; an empty list is none (SetDefaults_NetworkPolicy)."""
    egress = spec.get("egress")
    return _BOTH if isinstance(egress, Sequence) and len(egress) else frozenset((Direction.INGRESS,))


def _effect_in_spec(meant: str, types: frozenset[Direction]) -> str:
    if meant == "podSelector":
        return _EVERY_POD
    if meant == "policyTypes":
        return f"the policy then isolates {' and '.join(d.field for d in Direction if d in types)} by default"
    for direction in Direction:
        if meant == direction.field:
            admits = "admits none" if direction in types else f"does not restrict {meant}"
            return f"the policy then has no {meant} rules and {admits}"
    return ""
