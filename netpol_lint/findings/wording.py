"""How messages name things: selectors as kubectl writes them, workloads, lists that stay short."""

from __future__ import annotations

from collections.abc import Iterable

from netpol_lint.algebra.labels import Operator, Requirement
from netpol_lint.resources.metadata import Label, ObjectRef
from netpol_lint.resources.policy import AllOfProtocol, NamedPort, NetworkPolicy, PortEntry, PortRange
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.resources.workload import Workload

_MOST = 3


def listed(items: Iterable[str], conjunction: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`, `a, b, c and 4 more`."""
    names = list(items)
    if len(names) > _MOST:
        names = [*names[:_MOST], f"{len(names) - _MOST} more"]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def policy_text(policy: NetworkPolicy) -> str:
    """`policy shop/backend`."""
    return f"policy {policy.meta.namespace}/{policy.meta.name}"


def object_text(ref: ObjectRef) -> str:
    """`policy shop/backend`, `Deployment shop/web`, `Namespace shop`; `a NetworkPolicy without a name`."""
    if not ref.name:
        return f"a {ref.kind} without a name"
    return f"policy {ref.namespace}/{ref.name}" if ref.kind == "NetworkPolicy" else str(ref)


def workload_text(workload: Workload, *, outside: str = "") -> str:
    """`Deployment backend`; `Deployment shop/backend` if a namespace is given and the workload is outside it."""
    ref = workload.meta.ref
    if outside and ref.namespace != outside:
        return f"{ref.kind} {ref.namespace}/{ref.name}"
    return f"{ref.kind} {ref.name}"


def requirement_text(requirement: Requirement) -> str:
    """A requirement in kubectl's syntax: `app=web`, `app in (a, b)`, `app!=web`, `app`, `!app`; `app=""`."""
    key, values = requirement.key, [_value_text(value) for value in sorted(requirement.values)]
    shown = ", ".join([*values[:_MOST], *(["…"] if len(values) > _MOST else [])])
    match requirement.operator:
        case Operator.IN:
            return f"{key}={shown}" if len(values) == 1 else f"{key} in ({shown})"
        case Operator.NOT_IN:
            return f"{key}!={shown}" if len(values) == 1 else f"{key} notin ({shown})"
        case Operator.EXISTS:
            return key
        case Operator.DOES_NOT_EXIST:
            return f"!{key}"


def _value_text(value: str) -> str:
    return value or '""'


def selector_text(selector: LabelSelector) -> str:
    """All requirements of a selector, in the order they are written."""
    return ",".join(dict.fromkeys(requirement_text(placed.requirement) for placed in selector.placed))


def having_text(selector: LabelSelector) -> str:
    """`has app=web` of a pod or namespace; `matches app!=web` where that is not about labels it has alone."""
    asked = all(placed.requirement.operator in (Operator.IN, Operator.EXISTS) for placed in selector.placed)
    return f"{'has' if asked else 'matches'} {selector_text(selector)}"


def labels_text(labels: Iterable[Label]) -> str:
    """`app=web, tier=front`; `no labels` without any."""
    return listed([f"{label.key}={_value_text(label.value)}" for label in labels]) or "no labels"


def port_text(entry: PortEntry) -> str:
    """`TCP 80`, `UDP 5000-5010`, `TCP http`, `every TCP port`."""
    match entry.target:
        case PortRange(first, last):
            return f"{entry.protocol.value} {first}" if first == last else f"{entry.protocol.value} {first}-{last}"
        case NamedPort(name):
            return f"{entry.protocol.value} {name}"
        case AllOfProtocol():
            return f"every {entry.protocol.value} port"
