"""Verdicts nobody of this project wrote: upstream's end-to-end tests, other analysers' tests, independent engines."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from netpol_lint.algebra.addresses import AddressSet
from netpol_lint.algebra.ports import EVERY_PORT, PortSet, ports
from netpol_lint.config import Assumptions
from netpol_lint.connectivity.addresses import address_set
from netpol_lint.connectivity.endpoints import End, Outside, Pod
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.verdicts import Answer, Side, Traffic
from tests.connectivity.making import cluster

VECTORS = Path(__file__).parents[3] / "shared" / "vectors"
PROBED = (
    "a_k8s_e2e_current",
    "a_k8s_e2e_9pods",
    "d_npapi_cnp_v1alpha2",
    "d_npapi_anp_banp_v1alpha1",
    "d_policy_assistant",
    "e_kube_network_policies",
    "g_random_networkpolicy",
    "g_random_anp_banp",
    "g_random_cnp",
)
LISTED = ("c_npguard_plain", "c_npguard_anp")
ANY_PORT = 1
"""For the packets of which a table gives no port."""
PLAIN = Assumptions()
NP_GUARD = Assumptions(host_network="pod", ip_blocks_select_pods=False)
NO_NODES = ({"name": "none", "labels": {}, "ips": []},)
"""np-guard's clusters have no nodes that a selector could pick, and know it."""

pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason="the vectors are not part of the project")


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(gzip.decompress((VECTORS / f"{name}.json.gz").read_bytes()))
    assert found
    return found


def network(case: dict[str, Any], nodes: Iterable[dict[str, Any]], assume: Assumptions) -> Network:
    policies = [repaired(policy, index) for index, policy in enumerate(case["policies"])]
    made = cluster(namespaces=case["namespaces"], pods=case["pods"], policies=policies, nodes=nodes, assume=assume)
    assert () == (*made.rejected, *made.rejected_cluster_policies, *made.foreign)
    return Network.of(made)


def repaired(manifest: dict[str, Any], index: int) -> dict[str, Any]:
    """The manifest with what only validation objects to mended: some tests hand it to their engine unvalidated.

    Names that are missing or wrong, an `endPort` beyond the last port, `pods` without the `podSelector` they need.
    """
    copy: dict[str, Any] = json.loads(json.dumps(manifest))
    name = copy["metadata"].get("name") or f"unnamed-{index}"
    copy["metadata"]["name"] = "default" if copy["kind"] == "BaselineAdminNetworkPolicy" else name.lower()
    for field in ("ingress", "egress"):
        for rule in filter(None, copy.get("spec", {}).get(field) or ()):
            for port in filter(None, rule.get("ports") or ()):
                if port.get("endPort", 0) > 65535:
                    port["endPort"] = 65535
            for peer in filter(None, (*(rule.get("from") or ()), *(rule.get("to") or ()))):
                if "pods" in peer:
                    peer["pods"].setdefault("podSelector", {})
    return copy


def ends(case: dict[str, Any], net: Network) -> dict[str, Pod]:
    ids = {
        f"{p['namespace']}/{p['name']}": f"{p['namespace']}/{p.get('kind', 'Pod')}/{p['name']}" for p in case["pods"]
    }
    return {name: net.pods[identity] for name, identity in ids.items()}


def end(name: str, pods: dict[str, Pod], net: Network) -> End:
    if "/" in name:
        return pods[name]
    (outside,) = net.addresses(name)
    return outside


@pytest.mark.parametrize("name", PROBED)
def test_every_probe_ends_as_it_did(name: str) -> None:
    wrong = []
    for case in cases(name):
        net = network(case, case.get("nodes", ()), PLAIN)
        pods = ends(case, net)
        for expected in case["expect"]:
            traffic = net.traffic(end(expected["from"], pods, net), end(expected["to"], pods, net))
            found = answers(traffic, expected["protocol"], expected["port"] or ANY_PORT)
            wrong += [
                (case["name"], expected, found) for what in found if expected.get(what, found[what]) != found[what]
            ]
    assert [] == wrong


def answers(traffic: Traffic, protocol: str, port: int) -> dict[str, bool | Answer]:
    """The verdict and its two sides as the vectors give them; what is unknown is neither True nor False."""
    words: dict[Answer, bool | Answer] = {Answer.ALLOWED: True, Answer.DENIED: False}
    sides = {"ingress": Traffic(Side(), traffic.ingress), "egress": Traffic(traffic.egress, Side())}
    found = {what: one.answer(protocol, port) for what, one in {"allowed": traffic, **sides}.items()}
    return {what: words.get(answer, answer) for what, answer in found.items()}


@pytest.mark.parametrize("name", LISTED)
def test_every_connection_np_guard_lists_is_there_and_no_other(name: str) -> None:
    wrong = []
    for case in cases(name):
        net = network(case, case["nodes"] or NO_NODES, NP_GUARD)
        pods = ends(case, net)
        expected = {(one["src"], one["dst"]): listed_ports(one["conn"]) for one in case["expect_connlist"]}
        for (source, destination), (allowed, unknown) in found(pods, net, expected).items():
            if unknown or allowed != expected.get((source, destination), PortSet()):
                wrong.append((case["name"], source, destination, allowed, unknown))
    assert [] == wrong


def found(
    pods: dict[str, Pod], net: Network, expected: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[PortSet, PortSet]]:
    """What we say of each pair of pods, and of each pod with each range of addresses that is listed."""
    ranges = {name for pair in expected for name in pair if "/" not in name}
    outside = {name: parts_of(name, net) for name in ranges or {"0.0.0.0-255.255.255.255"}}
    result = {}
    for name, pod in pods.items():
        for other, other_pod in pods.items():
            if name != other:
                result[name, other] = judged(net, [(pod, other_pod)])
    for name, pod in pods.items():
        for text, parts in outside.items():
            if (name, text) in expected or not covered(text, name, outgoing=True, expected=expected):
                result[name, text] = judged(net, [(pod, part) for part in parts])
            if (text, name) in expected or not covered(text, name, outgoing=False, expected=expected):
                result[text, name] = judged(net, [(part, pod) for part in parts])
    return result


def covered(text: str, pod: str, *, outgoing: bool, expected: Iterable[tuple[str, str]]) -> bool:
    """Whether np-guard lists the pod with a range that overlaps this one: it merges ranges that are treated alike."""
    own = range_of(text)
    pairs = [(dst, src) if outgoing else (src, dst) for src, dst in expected]
    return any(name == pod and "/" not in other and not own.disjoint(range_of(other)) for other, name in pairs)


def judged(net: Network, pairs: list[tuple[End, End]]) -> tuple[PortSet, PortSet]:
    """What all of the pairs may do, and what is unknown of any."""
    allowed, unknown = EVERY_PORT, PortSet()
    for source, destination in pairs:
        traffic = net.traffic(source, destination)
        allowed &= traffic.allowed
        unknown |= traffic.unknown
    return allowed, unknown


def range_of(text: str) -> AddressSet:
    first, last = (address_set(part).bounds for part in text.split("-"))
    return AddressSet((first[0], last[1]))


def parts_of(text: str, net: Network) -> list[Outside]:
    own = range_of(text)
    parts = [Outside(one.addresses & own) for one in net.outside if not one.addresses.disjoint(own)]
    assert parts
    return parts


def listed_ports(text: str) -> PortSet:
    """`TCP 80,443-445,UDP 53`, or `All Connections`."""
    if text == "All Connections":
        return EVERY_PORT
    return PortSet.spanning(span for part in _listed(text) for span in part.spans())


def _listed(text: str) -> Iterator[PortSet]:
    protocol = ""
    for word in text.replace(",", " ").split():
        if word in ("TCP", "UDP", "SCTP"):
            protocol = word
        else:
            first, _, last = word.partition("-")
            yield ports(protocol, int(first), int(last or first))
