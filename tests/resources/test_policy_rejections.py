"""What the API server refuses in a NetworkPolicy, and the clause that says why."""

from __future__ import annotations

import pytest

from netpol_lint.resources.defects import DefectKind
from netpol_lint.resources.policy import Direction, NetworkPolicy, RejectedPolicy, Undecodable
from netpol_lint.resources.selectors import LabelSelector
from tests.resources.decoding import HEAD, decoded, rejections, spec

LONG = "x" * 64
IN_PORTS = "{{ingress: [{{ports: [{}]}}]}}"
IN_PEERS = "{{ingress: [{{from: [{}]}}]}}"
IN_SELECTOR = "{{podSelector: {}}}"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{port: 0}", "between 1 and 65535, got 0"),
        ("{port: 65536}", "between 1 and 65535, got 65536"),
        ("{port: 99999999999}", "beyond 32 bits"),
        ("{port: true}", "expected a port number or name, got a boolean"),
        ("{port: [80]}", "expected a port number or name, got a list"),
        ("{port: '80'}", "needs a letter: write the number without quotes"),
        ("{port: 80-90}", "`port: 80`, `endPort: 90`"),
        ("{port: ''}", "must not be empty"),
        ("{port: HTTP}", "lower-case"),
        ("{port: sixteen-letters-}", "no more than 15"),
        ("{port: a--b}", "'--'"),
        ("{port: -ab}", "begin or end"),
        ("{protocol: tcp}", 'protocol "tcp" must be TCP, UDP or SCTP'),
        ("{protocol: ''}", "must be TCP, UDP or SCTP"),
        ("{protocol: ICMP}", "must be TCP, UDP or SCTP"),
        ("{protocol: 6}", "expected a string, got a number"),
        ("{endPort: 90}", "`endPort` needs a `port`"),
        ("{port: web, endPort: 90}", "needs a numeric `port`"),
        ("{port: 90, endPort: 80}", "80 is below 90"),
        ("{port: 80, endPort: 0}", "between 1 and 65535, got 0"),
        ("{port: 80, endPort: 70000}", "between 1 and 65535, got 70000"),
        ("{port: 80, endPort: web}", "expected a port number, got a string"),
        ("80", "expected an entry with `port` and `protocol`, got a number"),
    ],
)
def test_a_wrong_port_entry_is_refused(entry: str, words: str) -> None:
    (reason,) = rejections(IN_PORTS.format(entry))
    assert words in reason


@pytest.mark.parametrize(
    ("peer", "words"),
    [
        ("{}", "an empty entry of `from`"),
        ("null", "an empty entry of `from`"),
        ("{podSelector: null}", "an empty entry of `from`"),
        ("web", "expected a peer with selectors or an `ipBlock`, got a string"),
        ("{podSelector: []}", "expected a label selector, got a list"),
        ("{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}", "both in one entry"),
        ("{ipBlock: {cidr: 10.0.0.0/8}, namespaceSelector: {}}", "both in one entry"),
        ("{ipBlock: {}}", "needs a `cidr`"),
        ("{ipBlock: {cidr: ''}}", "needs a `cidr`"),
        ("{ipBlock: {except: [10.0.0.0/8]}}", "needs a `cidr`"),
        ("{ipBlock: 10.0.0.0/8}", "expected a mapping with `cidr`, got a string"),
        ("{ipBlock: {cidr: [10.0.0.0/8]}}", "expected an address block as a string, got a list"),
        ("{ipBlock: {cidr: 10.0.0.1}}", '"10.0.0.1/32"'),
        ("{ipBlock: {cidr: 10.0.0.0/33}}", "at most 32"),
        ("{ipBlock: {cidr: 10.0.0/8}}", "no IP address"),
        ("{ipBlock: {cidr: 256.0.0.0/8}}", "no IP address"),
        ("{ipBlock: {cidr: '1:2:3:4:5:6:7:8:9/64'}}", "no IP address"),
        ("{ipBlock: {cidr: '1::2::3/64'}}", "no IP address"),
        ("{ipBlock: {cidr: 'fe80::1%eth0/64'}}", "no IP address"),
        ("{ipBlock: {cidr: 10.0.0.0/x}}", "must be a number"),
        ("{ipBlock: {cidr: 10.0.0.0/8, except: 10.1.0.0/16}}", "expected a list of address blocks, got a string"),
        ("{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}", "this one is all of it"),
        ("{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/7]}}", "is wider than"),
        ("{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}", "is not inside"),
        ("{ipBlock: {cidr: 10.0.0.0/8, except: ['::/16']}}", "IPv6 is never inside IPv4"),
        ("{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.1]}}", "not an address block"),
        ("{ipBlock: {cidr: 10.0.0.0/8, except: [null]}}", "not an address block"),
    ],
)
def test_a_wrong_peer_is_refused(peer: str, words: str) -> None:
    (reason,) = rejections(IN_PEERS.format(peer))
    assert words in reason


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ("[]", "expected a label selector, got a list"),
        ("{matchLabels: [a]}", "expected a mapping of labels, got a list"),
        ("{matchLabels: {a: 1}}", "expected a string, got a number: write it in quotes"),
        ("{matchLabels: {a: yes}}", "expected a string, got a boolean"),
        ("{matchLabels: {a: [b]}}", "expected a string, got a list"),
        ("{matchLabels: {a: b/c}}", 'label value "b/c"'),
        (f"{{matchLabels: {{a: {LONG}}}}}", "no more than 63 characters, got 64"),
        ("{matchLabels: {a b: c}}", 'label key "a b"'),
        ("{matchLabels: {'': c}}", "must not be empty"),
        ("{matchLabels: {/a: c}}", "empty prefix"),
        ("{matchLabels: {a/b/c: d}}", "more than one '/'"),
        ("{matchLabels: {a/: d}}", "has no name"),
        ("{matchLabels: {A.b/c: d}}", "prefix of a label key"),
        (f"{{matchLabels: {{{LONG}: d}}}}", "no more than 63 characters, got 64"),
        ("{matchExpressions: {}}", "expected a list of requirements, got a mapping"),
        ("{matchExpressions: [null]}", "an empty entry of `matchExpressions`"),
        ("{matchExpressions: [{key: a}]}", "needs an operator"),
        ("{matchExpressions: [{key: a, operator: in, values: [b]}]}", 'operator "in" must be In, NotIn'),
        ("{matchExpressions: [{key: a, operator: Gt, values: ['1']}]}", 'operator "Gt" must be'),
        ("{matchExpressions: [{key: a, operator: In}]}", "In needs at least one value"),
        ("{matchExpressions: [{key: a, operator: NotIn, values: []}]}", "NotIn needs at least one value"),
        ("{matchExpressions: [{key: a, operator: Exists, values: [b]}]}", "Exists takes no values, got 1"),
        ("{matchExpressions: [{operator: Exists}]}", "must not be empty"),
        ("{matchExpressions: [{key: a, operator: In, values: b}]}", "expected a list of label values, got a string"),
        ("{matchExpressions: [{key: a, operator: In, values: [1]}]}", "expected a string, got a number"),
        ("{matchExpressions: [{key: a, operator: In, values: [b c]}]}", 'label value "b c"'),
    ],
)
def test_a_wrong_selector_is_refused(selector: str, words: str) -> None:
    (reason,) = rejections(IN_SELECTOR.format(selector))
    assert words in reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "expected a mapping with `podSelector` and rules, got a list"),
        ("{ingress: {}}", "expected a list of rules, got a mapping"),
        ("{egress: {to: []}}", "expected a list of rules, got a mapping"),
        ("{ingress: [80]}", "expected a rule with `from` and `ports`, got a number"),
        ("{ingress: [{from: {}}]}", "expected a list of peers, got a mapping"),
        ("{egress: [{ports: {}}]}", "expected a list of ports, got a mapping"),
        ("{policyTypes: Ingress}", "expected a list of Ingress and Egress, got a string"),
        ("{policyTypes: [ingress]}", 'policy type "ingress" must be Ingress or Egress'),
        ("{policyTypes: ['Ingress, Egress']}", "must be Ingress or Egress"),
        ("{policyTypes: [null]}", "must be Ingress or Egress"),
        ("{policyTypes: [Ingress, Egress, Ingress]}", "no more than two entries, got 3"),
    ],
)
def test_a_spec_of_the_wrong_shape_is_refused(text: str, words: str) -> None:
    (reason,) = rejections(text)
    assert words in reason


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ("", "needs a `metadata.name`"),
        ("{}", "needs a `metadata.name`"),
        ("[]", "expected a mapping with a `name`, got a list"),
        ("{name: n}", "expected a string, got a boolean"),
        ("{name: [p]}", "expected a string, got a list"),
        ("{name: P}", "lower-case"),
        ("{name: a_b}", "lower-case"),
        (f"{{name: {'a' * 254}}}", "no more than 253 characters, got 254"),
        ("{name: p, namespace: a.b}", "`metadata.namespace`"),
        (f"{{name: p, namespace: {LONG}}}", "no more than 63 characters"),
        ("{generateName: -a}", "`metadata.generateName`"),
        ("{name: p, labels: {a: 1}}", "expected a string, got a number"),
        ("{name: p, labels: {a: b c}}", 'label value "b c"'),
        ("{name: p, labels: {a b: c}}", 'label key "a b"'),
        ("{name: p, annotations: {a: true}}", "expected a string, got a boolean"),
        ("{name: p, annotations: {a b: c}}", 'annotation key "a b"'),
        ("{name: p, annotations: [a]}", "expected a mapping of annotations, got a list"),
        ("{name: p, generation: x}", "expected a whole number, got a string"),
        ("{name: p, finalizers: [1]}", "expected a string, got a number"),
        ("{name: p, ownerReferences: [x]}", "expected a mapping, got a string"),
    ],
)
def test_wrong_metadata_is_refused(metadata: str, words: str) -> None:
    result = decoded(f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {metadata}\n")
    (found,) = result.objects
    (defect,) = result.defects
    assert isinstance(found, RejectedPolicy)
    assert DefectKind.INVALID is defect.kind
    assert words in defect.reason


@pytest.mark.parametrize(
    "metadata",
    [
        "{generateName: p-}",
        "{name: a.b-c.0}",
        "{name: p, creationTimestamp: null, labels: null, annotations: {}}",
        "{name: p, uid: u, resourceVersion: '1', generation: 1, managedFields: [{manager: m}], ownerReferences: []}",
        "{name: p, annotations: {Example.COM/A_b: 'any {text}'}}",
        "{name: '${NAME}', namespace: '${NS:=shop}', labels: {app: '${APP}'}}",
    ],
)
def test_right_metadata_is_accepted(metadata: str) -> None:
    result = decoded(f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {metadata}\n")
    (found,) = result.objects
    assert isinstance(found, NetworkPolicy)
    assert () == result.defects


def test_annotations_have_a_limit() -> None:
    metadata = f"{{name: p, annotations: {{a: {'x' * 262144}}}}}"
    text = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {metadata}\n"
    (defect,) = decoded(text).defects
    assert "no more than 262144 bytes, got 262145" in defect.reason


@pytest.mark.parametrize("version", ["v1", "networking.k8s.io/v1beta1", "extensions/v1", "apps/v1"])
def test_a_version_that_never_served_policies_is_refused(version: str) -> None:
    result = decoded(f"apiVersion: {version}\nkind: NetworkPolicy\nmetadata: {{name: p}}\n")
    (found,) = result.objects
    assert isinstance(found, RejectedPolicy)
    assert [(DefectKind.INVALID, "/apiVersion", "networking.k8s.io/v1")] == [
        (defect.kind, defect.at.pointer, defect.suggestion) for defect in result.defects
    ]


def test_a_policy_without_a_version_is_refused() -> None:
    result = decoded("kind: NetworkPolicy\nmetadata: {name: p}\n")
    (found,) = result.objects
    assert isinstance(found, RejectedPolicy)
    assert ["`apiVersion` is missing: a NetworkPolicy is networking.k8s.io/v1"] == [d.reason for d in result.defects]


def test_the_removed_version_is_decoded_and_said() -> None:
    result = decoded("apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata: {name: p}\n")
    (found,) = result.objects
    (defect,) = result.defects
    assert isinstance(found, NetworkPolicy)
    assert "networking.k8s.io" == found.meta.ref.group
    assert (DefectKind.REMOVED_API, "networking.k8s.io/v1") == (defect.kind, defect.suggestion)


def test_a_rejected_policy_keeps_the_selector_that_decodes() -> None:
    (found,) = spec("{podSelector: {matchLabels: {a: b}}, policyTypes: [Egress], egress: {}}").objects
    assert isinstance(found, RejectedPolicy)
    assert isinstance(found.pod_selector, LabelSelector)
    assert found.pod_selector.selector.matches({"a": "b"})
    assert frozenset((Direction.EGRESS,)) == found.types


@pytest.mark.parametrize("text", ["{podSelector: [], policyTypes: x}", "[]"])
def test_what_cannot_be_read_of_a_rejected_policy_is_unknown(text: str) -> None:
    (found,) = spec(text).objects
    assert isinstance(found, RejectedPolicy)
    assert (Undecodable(), frozenset(Direction)) == (found.pod_selector, found.types)


@pytest.mark.parametrize(
    "text",
    [
        "{ingress: [{from: [{ipBlock: {cidr: '${CIDR}'}}]}]}",
        "{ingress: [{ports: [{port: '${PORT}'}]}]}",
        "{ingress: [{ports: [{port: 80, endPort: '${PORT}'}]}]}",
        "{ingress: [{ports: [{protocol: '${PROTOCOL}'}]}]}",
        "{policyTypes: ['${TYPE}']}",
    ],
)
def test_a_placeholder_where_the_text_matters_is_unknown_and_no_defect(text: str) -> None:
    result = decoded(f"{HEAD}spec: {text}")
    (found,) = result.objects
    assert isinstance(found, RejectedPolicy)
    assert () == result.defects
