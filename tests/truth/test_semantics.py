"""The project's own truth: each statement about policies, and each gap that no third party fills, as a small case."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from netpol_lint.config import Assumptions
from netpol_lint.connectivity.endpoints import End
from netpol_lint.connectivity.network import Network
from tests.connectivity.making import cluster

CASES = [
    case
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
_EXPECTATION = re.compile(r"(\S+) -> (?:(service) -> )?(\S+) (\d+)(?:/(\w+))?: (\w+)")
_KINDS = {
    "np": ("networking.k8s.io/v1", "NetworkPolicy"),
    "anp": ("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy"),
    "banp": ("policy.networking.k8s.io/v1alpha1", "BaselineAdminNetworkPolicy"),
    "cnp": ("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy"),
}
_POD_FIELDS = frozenset(("kind", "namespace", "labels", "ports", "ip", "ips", "hostNetwork"))


def manifest(short: dict[str, Any]) -> dict[str, Any]:
    for word, (version, kind) in _KINDS.items():
        if word in short:
            meta = {"name": short[word], **({"namespace": "x"} if word == "np" else {})}
            spec = {"spec": short["spec"]} if "spec" in short else {}
            return {"apiVersion": version, "kind": kind, "metadata": meta, **spec}
    return short


def pod(name: str, short: dict[str, Any]) -> dict[str, Any]:
    own = short if short.keys() & _POD_FIELDS else {"labels": short}
    return {"namespace": "x", "labels": {}, "kind": "Deployment", **own, "name": name}


def network(case: dict[str, Any]) -> Network:
    pods = {**case["pods"], **case.get("more", {})}
    namespaces = case.get("namespaces", {"x": {}})
    assume: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in case.get("assume", {}).items()
    }
    return Network.of(
        cluster(
            namespaces=[{"name": name, "labels": labels} for name, labels in namespaces.items()],
            pods=[pod(name, short) for name, short in pods.items()],
            policies=[manifest(short) for short in case["policies"]],
            nodes=case.get("nodes", ()),
            assume=Assumptions(**assume),
        )
    )


def answer(net: Network, source: str, through: str, destination: str, port: str, protocol: str) -> str:
    pods = {one.id.rpartition("/")[2]: one for one in net.pods.values()}
    ends: list[End] = [pods[name] if name in pods else net.addresses(name)[0] for name in (source, destination)]
    traffic = net.traffic(*ends, through_service=bool(through))
    return traffic.answer(protocol or "TCP", int(port)).value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_what_the_text_says(case: dict[str, Any]) -> None:
    net = network(case)
    expected, found = {}, {}
    for line in case["expect"]:
        match = _EXPECTATION.fullmatch(line)
        assert match, line
        source, through, destination, port, protocol, verdict = match.groups()
        expected[line] = verdict
        found[line] = answer(net, source, through, destination, port, protocol)
    assert expected == found
