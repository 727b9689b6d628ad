"""Random clusters: few labels, ports and blocks, so that policies meet each other often."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

KEYS = ("app", "tier")
VALUES = ("a", "b", "")
NAMESPACES = ("red", "blue")
NAMES = ("web", "dns")
NUMBERS = (53, 80, 81, 443)
BLOCKS = ("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "172.16.0.0/12", "8.0.0.0/7")
EXCEPTIONS = {
    "0.0.0.0/0": ("10.0.0.0/8", "8.8.0.0/16"),
    "10.0.0.0/8": ("10.1.0.0/16",),
    "172.16.0.0/12": ("172.16.0.0/16",),
}
PROTOCOLS = ("TCP", "UDP", "SCTP")


def mostly(usual: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The usual in two cases of three: policies that apply to nothing show nothing."""
    return st.just(usual) | st.just(usual) | other


def several(one: st.SearchStrategy[Any], *counts: int) -> st.SearchStrategy[list[Any]]:
    """One of these numbers of them, each as often: left alone, most lists are as good as empty."""
    return st.sampled_from(counts).flatmap(lambda count: st.lists(one, min_size=count, max_size=count))


labels = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES))


@st.composite
def expressions(draw: st.DrawFn, keys: tuple[str, ...] = KEYS) -> dict[str, Any]:
    operator = draw(st.sampled_from(("In", "NotIn", "Exists", "DoesNotExist")))
    entry: dict[str, Any] = {"key": draw(st.sampled_from(keys)), "operator": operator}
    if operator in ("In", "NotIn"):
        entry["values"] = draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=2, unique=True))
    return entry


def selectors() -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        st.just({}),
        labels.map(lambda own: {"matchLabels": own}),
        st.lists(expressions(), min_size=1, max_size=2).map(lambda own: {"matchExpressions": own}),
    )


def namespace_selectors() -> st.SearchStrategy[dict[str, Any]]:
    by_name = st.sampled_from(NAMESPACES).map(lambda name: {"matchLabels": {"kubernetes.io/metadata.name": name}})
    return selectors() | by_name


pods = st.fixed_dictionaries(
    {
        "namespace": st.sampled_from((*NAMESPACES, NAMESPACES[0])),
        "labels": labels,
        "ip": st.sampled_from(("", "", "10.1.2.3", "172.16.0.9")),
        "hostNetwork": st.sampled_from((False, False, False, True)),
        "ports": st.lists(
            st.fixed_dictionaries(
                {
                    "name": st.sampled_from(NAMES),
                    "port": st.sampled_from(NUMBERS),
                    "protocol": st.sampled_from(PROTOCOLS),
                }
            ),
            max_size=2,
            unique_by=lambda port: (port["name"], port["protocol"]),
        ),
    }
)


@st.composite
def ip_blocks(draw: st.DrawFn) -> dict[str, Any]:
    cidr = draw(st.sampled_from(BLOCKS))
    exceptions = draw(st.lists(st.sampled_from(EXCEPTIONS[cidr]), unique=True)) if cidr in EXCEPTIONS else []
    return {"ipBlock": {"cidr": cidr, "except": exceptions}}


peers = st.one_of(
    st.fixed_dictionaries({"podSelector": selectors()}),
    st.fixed_dictionaries({"namespaceSelector": namespace_selectors()}),
    st.fixed_dictionaries({"podSelector": selectors(), "namespaceSelector": namespace_selectors()}),
    ip_blocks(),
)
ports: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"protocol": st.sampled_from(PROTOCOLS)}),
    st.fixed_dictionaries({"port": st.sampled_from((*NUMBERS, *NAMES)), "protocol": st.sampled_from(PROTOCOLS)}),
    st.just({"port": 53, "endPort": 81}),
)


def rules(field: str) -> st.SearchStrategy[dict[str, Any]]:
    some_ports = mostly([], st.lists(ports, max_size=2))
    return st.fixed_dictionaries({field: several(peers, 0, 1, 1, 2)}, optional={"ports": some_ports})


@st.composite
def network_policies(draw: st.DrawFn) -> dict[str, Any]:
    spec: dict[str, Any] = {"podSelector": draw(mostly({}, selectors()))}
    types = draw(st.sampled_from(((), ("Ingress",), ("Egress",), ("Ingress", "Egress"))))
    if types:
        spec["policyTypes"] = list(types)
    for direction, field in (("ingress", "from"), ("egress", "to")):
        if draw(mostly(True, st.just(False))):
            spec[direction] = draw(several(rules(field), 0, 1, 2))
    meta = {"name": "p", "namespace": draw(st.sampled_from((*NAMESPACES, NAMESPACES[0])))}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta, "spec": spec}


namespaced_pods = st.fixed_dictionaries({"namespaceSelector": namespace_selectors(), "podSelector": selectors()})
cluster_pods = st.one_of(
    st.just({"namespaces": {}}),
    st.fixed_dictionaries({"namespaces": namespace_selectors()}),
    st.fixed_dictionaries({"pods": namespaced_pods}),
)
protocol_entries: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.sampled_from(("tcp", "udp", "sctp")).flatmap(
        lambda protocol: st.one_of(
            st.just({protocol: {}}),
            st.sampled_from(NUMBERS).map(lambda number: {protocol: {"destinationPort": {"number": number}}}),
            st.just({protocol: {"destinationPort": {"range": {"start": 53, "end": 81}}}}),
        )
    ),
    st.sampled_from(NAMES).map(lambda name: {"destinationNamedPort": name}),
)


@st.composite
def cluster_rules(draw: st.DrawFn, direction: str) -> dict[str, Any]:
    choices = [cluster_pods, cluster_pods, st.just({"namespaces": {}})]
    if draw(st.integers(0, 9)) == 0:
        choices.append(st.just({"future": {}}))
    entries = protocol_entries
    if direction == "egress" and draw(st.booleans()):
        choices.append(st.sampled_from(BLOCKS).map(lambda block: {"networks": [block]}))
        entries = entries.filter(lambda entry: "destinationNamedPort" not in entry)
    rule: dict[str, Any] = {
        "action": draw(st.sampled_from(("Accept", "Deny", "Pass"))),
        "from" if direction == "ingress" else "to": draw(st.lists(st.one_of(choices), min_size=1, max_size=2)),
    }
    if draw(mostly(False, st.just(True))):
        rule["protocols"] = draw(st.lists(entries, min_size=1, max_size=2))
    return rule


@st.composite
def cluster_policies(draw: st.DrawFn) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "tier": draw(st.sampled_from(("Admin", "Baseline"))),
        "priority": draw(st.integers(0, 1)),
        "subject": draw(mostly({"namespaces": {}}, cluster_pods)),
    }
    for direction in ("ingress", "egress"):
        if draw(mostly(True, st.just(False))):
            spec[direction] = draw(several(cluster_rules(direction), 1, 2))
    kind, version = "ClusterNetworkPolicy", "policy.networking.k8s.io/v1alpha2"
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "c"}, "spec": spec}


clusters = st.fixed_dictionaries(
    {
        "namespaces": st.fixed_dictionaries(dict.fromkeys(NAMESPACES, labels)).map(
            lambda by_name: [
                {"name": name, "labels": {**own, "kubernetes.io/metadata.name": name}} for name, own in by_name.items()
            ]
        ),
        "pods": several(pods, 3, 4).map(
            lambda own: [{**pod, "name": f"p{number}", "kind": "Deployment"} for number, pod in enumerate(own)]
        ),
        "policies": st.tuples(several(network_policies(), 1, 2, 3), several(cluster_policies(), 0, 2, 3)).map(
            lambda both: [*both[0], *both[1]]
        ),
    }
)
