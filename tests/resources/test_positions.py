"""Everything decoded points at its own text."""

from __future__ import annotations

from netpol_lint.resources.policy import Everyone, EveryPort, IPBlock, NetworkPolicy, PodPeer
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.resources.service import Service
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location
from tests.resources.decoding import decoded, only, text_at, workload

POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: "web"
  labels:
    team: a
spec:
  podSelector:
    matchLabels:
      app: web
    matchExpressions:
    - key: tier
      operator: In
      values: [front, "back"]
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - podSelector:
        matchLabels: {}
    - ipBlock:
        cidr: 10.0.0.0/8
        except:
        - 10.1.0.0/16
    ports:
    - protocol: TCP
      port: 80
    - protocol: UDP
  - {}
  egress: []
"""


def policy() -> NetworkPolicy:
    found = only(POLICY)
    assert isinstance(found, NetworkPolicy)
    return found


def pointed(at: Location) -> tuple[str, int, str]:
    return text_at(POLICY, at), at.span.line, at.pointer


def test_the_policys_own_places() -> None:
    found = policy()
    (label,) = found.meta.labels
    assert ('"web"', 4, "/metadata/name") == pointed(found.meta.at)
    assert ("team", 6, "/metadata/labels/team") == pointed(label.key_at)
    assert ("a", 6, "/metadata/labels/team") == pointed(label.at)
    assert ("podSelector", 8, "/spec/podSelector") == pointed(found.pod_selector.at)
    assert ("policyTypes", 15, "/spec/policyTypes") == pointed(found.types_at)
    assert ("ingress", 16, "/spec/ingress") == pointed(found.ingress.at)
    assert ("egress", 29, "/spec/egress") == pointed(found.egress.at)


def test_each_requirement_and_value() -> None:
    equal, among = policy().pod_selector.placed
    assert ("app", 10, "/spec/podSelector/matchLabels/app") == pointed(equal.key_at)
    assert [("web", 10, "/spec/podSelector/matchLabels/app")] == [pointed(at) for _, at in equal.values_at]
    assert ("tier", 12, "/spec/podSelector/matchExpressions/0/key") == pointed(among.key_at)
    values = "/spec/podSelector/matchExpressions/0/values"
    assert [("front", 14, f"{values}/0"), ('"back"', 14, f"{values}/1")] == [pointed(at) for _, at in among.values_at]


def test_rules_peers_and_ports() -> None:
    first, second = policy().ingress.rules
    assert ("from", 17, "/spec/ingress/0") == pointed(first.at)
    assert ("{}", 28, "/spec/ingress/1") == pointed(second.at)
    assert isinstance(first.peers, tuple)
    pods, block = first.peers
    assert isinstance(pods, PodPeer)
    assert isinstance(pods.pods, LabelSelector)
    assert isinstance(block, IPBlock)
    assert ("podSelector", 18, "/spec/ingress/0/from/0") == pointed(pods.at)
    assert ("podSelector", 18, "/spec/ingress/0/from/0/podSelector") == pointed(pods.pods.at)
    assert ("10.0.0.0/8", 21, "/spec/ingress/0/from/1/ipBlock/cidr") == pointed(block.at)
    assert [("10.1.0.0/16", 23, "/spec/ingress/0/from/1/ipBlock/except/0")] == [
        pointed(at) for _, at in block.exceptions
    ]
    assert isinstance(first.ports, tuple)
    numbered, every = first.ports
    assert ("80", 26, "/spec/ingress/0/ports/0/port") == pointed(numbered.at)
    assert ("protocol", 27, "/spec/ingress/0/ports/1") == pointed(every.at)


def test_what_is_missing_points_at_its_parent() -> None:
    text = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec:\n  ingress:\n  - from:\n"
    found = only(text)
    assert isinstance(found, NetworkPolicy)
    (rule,) = found.ingress.rules
    assert isinstance(rule.peers, Everyone)
    assert isinstance(rule.ports, EveryPort)
    places = [found.types_at, found.pod_selector.at, found.egress.at, rule.at, rule.peers.at, rule.ports.at]
    assert ["spec", "spec", "spec", "from", "from", "from"] == [text_at(text, at) for at in places]


def test_defects_point_at_the_smallest_text() -> None:
    text = (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec:\n"
        "  podSelector: {matchLabels: {a b: c/d}}\n"
        "  policyTypes: [ingress]\n"
        "  ingress:\n  - ports: [{port: 0, protocol: tcp}]\n    from: [{ipBlock: {cidr: 10.0.0.1}}]\n"
        "  egress: {}\n"
    )
    expected = ["a b", "c/d", "ingress", "0", "tcp", "10.0.0.1", "egress"]
    assert expected == [text_at(text, defect.at) for defect in decoded(text).defects]


def test_workloads_and_services_point_at_labels_and_ports() -> None:
    text = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n"
        "spec:\n  template:\n    metadata:\n      labels:\n"
        "        app: front\n    spec:\n      hostNetwork: true\n"
        "      containers:\n      - ports:\n        - containerPort: 80\n"
    )
    found: Workload = workload(text)
    (label,) = found.pod_labels
    (port,) = found.ports
    places = [found.meta.at, label.key_at, label.at, found.host_network_at, port.at]
    assert ["web", "app", "front", "true", "80"] == [text_at(text, at) for at in places]
    spec = "{selector: {app: web}, ports: [{port: 80, targetPort: http}]}"
    text = f"apiVersion: v1\nkind: Service\nmetadata: {{name: s}}\nspec: {spec}\n"
    service = only(text)
    assert isinstance(service, Service)
    (entry,) = service.ports
    assert ["selector", "80", "http"] == [text_at(text, at) for at in (service.selector.at, entry.at, entry.target_at)]
