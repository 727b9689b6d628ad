"""policy.networking.k8s.io: AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy, as their CRDs
validate them."""

from __future__ import annotations

from typing import Final

from netpol_lint.resources.cluster_policy import (
    ClusterPolicy,
    ClusterRule,
    ClusterTier,
    RejectedClusterPolicy,
    Subject,
)
from netpol_lint.resources.decode import meta as metas
from netpol_lint.resources.decode.cluster_dialects import DIALECTS, Dialect
from netpol_lint.resources.decode.cluster_peers import exactly_one, namespaced_pods, subject_fields
from netpol_lint.resources.decode.cluster_rules import rules
from netpol_lint.resources.decode.names import show
from netpol_lint.resources.decode.notes import ABSENT, Notes, Schema
from netpol_lint.resources.decode.placeholders import has_placeholder
from netpol_lint.resources.decode.selectors import label_selector
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.policy import AnyPod, Direction, Undecodable
from netpol_lint.source.documents import Document
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping

_TIERS: Final = {tier.value: tier for tier in ClusterTier}
_HIGHEST_PRIORITY: Final = 1000
_BASELINE_NAME: Final = "default"
_EVERY_POD: Final = "the policy then applies to every pod of the cluster"


def cluster_policy(document: Document, notes: Notes, meta: Metadata) -> ClusterPolicy | RejectedClusterPolicy:
    """The policy as the API server would store it, or as rejected; what is wrong with it is in `notes`."""
    dialect = DIALECTS[document.kind]
    _check_version(document, dialect, notes)
    metas.check(document, notes)
    if dialect.tier is ClusterTier.BASELINE and meta.name != _BASELINE_NAME and not has_placeholder(meta.name):
        notes.invalid(meta.at, f'a {dialect.kind} must be named "{_BASELINE_NAME}": the cluster has only one')
    root = document.root
    notes.unknown_fields(root, _object_schema(dialect), lambda _: "")
    spec_node = root.get("spec")
    spec = notes.mapping(spec_node, "a mapping with `subject` and rules")
    if not isinstance(spec, Mapping):
        if spec is ABSENT:
            notes.invalid(spec_node.location, f"a {dialect.kind} needs a `spec`")
        return RejectedClusterPolicy(meta, dialect.tier or Undecodable(), 0, Undecodable())
    return _policy(meta, spec, spec_node.location, dialect, notes)


def _policy(
    meta: Metadata, spec: Mapping, at: Location, dialect: Dialect, notes: Notes
) -> ClusterPolicy | RejectedClusterPolicy:
    tier = dialect.tier or _tier(spec, notes)
    priority = _priority(spec, notes) if dialect.has_priority else 0
    subject = _subject(spec, notes)
    ingress, egress = (
        tuple(_rules_of(spec, direction, dialect, notes)) for direction in (Direction.INGRESS, Direction.EGRESS)
    )
    notes.unknown_fields(spec, _spec_schema(dialect), _effect_in_spec)
    if notes.rejections or isinstance(tier, Undecodable) or isinstance(subject, Undecodable):
        return RejectedClusterPolicy(meta, tier, priority, subject)
    priority_at = spec.get("priority").location if dialect.has_priority else at
    return ClusterPolicy(meta, tier, priority, priority_at, subject, ingress, egress)


def _object_schema(dialect: Dialect) -> Schema:
    return Schema(
        f"a {dialect.kind}",
        frozenset(("apiVersion", "kind", "metadata", "spec", "status")),
        belongs=dict.fromkeys(_spec_schema(dialect).fields, "it belongs under `spec`")
        | dict.fromkeys(("name", "labels", "annotations"), "it belongs under `metadata`"),
    )


def _spec_schema(dialect: Dialect) -> Schema:
    fields = {"subject", "ingress", "egress"}
    if dialect.has_priority:
        fields.add("priority")
    if dialect.tier is None:
        fields.add("tier")
    return Schema(
        "`spec`",
        frozenset(fields),
        synonyms={"podSelector": "subject", "selector": "subject"},
        belongs=dict.fromkeys(("from", "to", dialect.ports_field), "it belongs in a rule of `ingress` or `egress`")
        | dict.fromkeys(("namespaces", "pods"), "it belongs under `subject`")
        | {"policyTypes": f"a {dialect.kind} isolates nothing; only its rules decide"},
    )


def _effect_in_spec(meant: str) -> str:
    if meant in ("ingress", "egress"):
        return f"the policy then decides nothing for {meant}"
    return "the API server then rejects the policy" if meant else ""


def _check_version(document: Document, dialect: Dialect, notes: Notes) -> None:
    version = document.api_version
    if version == dialect.version or has_placeholder(version):
        return
    at = document.root.get("apiVersion").location
    if not version:
        notes.invalid(at, f"`apiVersion` is missing: a {dialect.kind} is {dialect.version}")
    else:
        notes.invalid(at, f"{dialect.kind} is not served as {version}: it is {dialect.version}", dialect.version)


def _tier(spec: Mapping, notes: Notes) -> ClusterTier | Undecodable:
    node = spec.get("tier")
    name = notes.string(node, "Admin or Baseline")
    if isinstance(name, str) and name in _TIERS:
        return _TIERS[name]
    if isinstance(name, str) and has_placeholder(name):
        notes.cannot_tell()
    elif isinstance(name, str):
        meant = next((text for text in _TIERS if text.casefold() == name.strip().casefold()), "")
        notes.invalid(node.location, f"tier {show(name)} must be Admin or Baseline", meant, written=name)
    elif name is ABSENT:
        notes.invalid(node.location, "`spec` needs a `tier`: Admin or Baseline")
    return Undecodable()


def _priority(spec: Mapping, notes: Notes) -> int:
    node = spec.get("priority")
    priority = notes.integer(node)
    if isinstance(priority, int):
        if 0 <= priority <= _HIGHEST_PRIORITY:
            return priority
        notes.invalid(node.location, f"`priority` must be between 0 and {_HIGHEST_PRIORITY}, got {priority}")
    elif priority is ABSENT:
        notes.invalid(node.location, f"`spec` needs a `priority` between 0 and {_HIGHEST_PRIORITY}")
    return 0


def _subject(spec: Mapping, notes: Notes) -> Subject | Undecodable:
    before = notes.rejections
    node = notes.mapping(spec.get("subject"), "a mapping with `namespaces` or `pods`")
    if not isinstance(node, Mapping):
        if node is ABSENT:
            notes.invalid(spec.get("subject").location, "`spec` needs a `subject`: `namespaces` or `pods`")
        return Undecodable()
    schema = subject_fields()
    notes.unknown_fields(node, schema, lambda _: "")
    chosen = exactly_one(
        node, ("namespaces", "pods"), "`subject`", notes, unknown=bool(node.entries.keys() - schema.fields)
    )
    if not chosen or notes.rejections > before:
        return Undecodable()
    at = node.key_location(chosen)
    mapping = notes.mapping(node.get(chosen), "a label selector")
    if not isinstance(mapping, Mapping):
        return Undecodable()
    if chosen == "namespaces":
        found = Subject(label_selector(mapping, notes, _EVERY_POD), AnyPod(), at)
    else:
        pair = namespaced_pods(mapping, notes, _EVERY_POD)
        found = Subject(*pair, at)
    return found if notes.rejections == before else Undecodable()


def _rules_of(spec: Mapping, direction: Direction, dialect: Dialect, notes: Notes) -> tuple[ClusterRule, ...]:
    return tuple(rules(spec.get(direction.field), direction, dialect, notes))
