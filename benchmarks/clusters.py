"""Clusters of any size, the same for the same size: pods with labels as real ones have, and policies over them."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

TIERS = ("web", "api", "db", "cache", "job")
COMPONENTS = ("server", "worker", "proxy", "controller", "exporter", "database", "queue", "ui")
SELECTED_BY = ("app", "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component", "tier")
"""The labels that policies ask for, with how often they do."""
WEIGHTS = (40, 30, 10, 10, 10)
OTHERS = {
    "env": ("prod", "staging", "dev"),
    "track": ("stable", "canary"),
    "version": tuple(f"v{number}" for number in range(30)),
    "team": tuple(f"team-{number}" for number in range(20)),
}
"""Labels that pods carry and policies rarely ask for."""
PORTS = (80, 443, 8080, 8443, 9090, 5432, 6379, 53)


def labels_of_a_pod(rng: random.Random, namespace: str, apps: int) -> dict[str, str]:
    """Five to eight labels. An application has its tier and component; agents are in many namespaces."""
    number = rng.randrange(apps) if rng.random() < 0.8 else -1 - rng.randrange(30)
    app = f"{namespace}-app-{number}" if number >= 0 else f"agent-{-number}"
    labels = {
        "app": app,
        "app.kubernetes.io/name": app,
        "app.kubernetes.io/instance": f"{app}-{rng.randrange(2)}",
        "app.kubernetes.io/component": COMPONENTS[number % len(COMPONENTS)],
        "tier": TIERS[number % len(TIERS)],
    }
    for key in rng.sample(sorted(OTHERS), rng.randint(0, 3)):
        labels[key] = rng.choice(OTHERS[key])
    return labels


class Generated:
    """A cluster of a size, the same for the same size. `everywhere` is an address block that some policies have."""

    def __init__(self, workloads: int, policies: int, *, everywhere: str = "0.0.0.0/0") -> None:
        self.everywhere = everywhere
        self.rng = random.Random(workloads * 100_003 + policies)
        self.namespaces = [f"ns-{number}" for number in range(max(1, workloads // 50))]
        self.weights = [1 / (rank + 1) for rank in range(len(self.namespaces))]
        chosen = self.rng.choices(self.namespaces, self.weights, k=workloads)
        sizes = Counter(chosen)
        self.pods = [(name, labels_of_a_pod(self.rng, name, max(2, sizes[name] // 4))) for name in chosen]
        self.in_namespace: dict[str, list[dict[str, str]]] = {}
        for namespace, labels in self.pods:
            self.in_namespace.setdefault(namespace, []).append(labels)
        self.policies = [self.policy(number) for number in range(policies)]

    def selector(self, namespace: str) -> dict[str, Any]:
        """A quarter select everything, half by one label, some by two, a tenth by an expression."""
        kind = self.rng.random()
        labels = self.rng.choice(self.in_namespace.get(namespace) or [self.pods[0][1]])
        if kind < 0.25:
            return {}
        if kind < 0.9:
            keys = set(self.rng.choices(SELECTED_BY, WEIGHTS, k=1 if kind < 0.75 else 2))
            return {"matchLabels": {key: labels[key] for key in sorted(keys)}}
        operator = self.rng.choice(("In", "NotIn", "Exists", "DoesNotExist"))
        if operator in ("In", "NotIn"):
            expression = {"key": "tier", "operator": operator, "values": self.rng.sample(TIERS, 2)}
        else:
            expression = {"key": self.rng.choice(sorted(OTHERS)), "operator": operator}
        return {"matchExpressions": [expression]}

    def namespace_selector(self) -> dict[str, Any]:
        if self.rng.random() < 0.5:
            return {"matchLabels": {"kubernetes.io/metadata.name": self.rng.choice(self.namespaces)}}
        return {"matchLabels": {"team": f"team-{self.rng.randrange(20)}"}} if self.rng.random() < 0.9 else {}

    def peer(self, namespace: str) -> dict[str, Any]:
        kind = self.rng.random()
        if kind < 0.45:
            return {"podSelector": self.selector(namespace)}
        if kind < 0.70:
            return {"namespaceSelector": self.namespace_selector()}
        if kind < 0.90:
            return {"namespaceSelector": self.namespace_selector(), "podSelector": self.selector(namespace)}
        base = f"{self.rng.randrange(1, 224)}.{self.rng.randrange(256)}.0.0/16"
        return {"ipBlock": {"cidr": self.rng.choice((base, base, "10.0.0.0/8", self.everywhere))}}

    def rules(self, namespace: str, field: str) -> list[dict[str, Any]]:
        peers = [self.peer(namespace) for _ in range(self.rng.randint(0, 3))]
        if not peers:
            return []
        rule: dict[str, Any] = {field: peers}
        if self.rng.random() < 0.7:
            rule["ports"] = [{"port": port} for port in self.rng.sample(PORTS, self.rng.randint(1, 2))]
        return [rule]

    def policy(self, number: int) -> dict[str, Any]:
        namespace = self.rng.choices(self.namespaces, self.weights)[0]
        types = self.rng.choice((["Ingress"], ["Ingress"], ["Ingress", "Egress"], ["Egress"]))
        spec: dict[str, Any] = {"podSelector": self.selector(namespace), "policyTypes": types}
        if "Ingress" in types:
            spec["ingress"] = self.rules(namespace, "from")
        if "Egress" in types:
            spec["egress"] = self.rules(namespace, "to")
        meta = {"name": f"policy-{number}", "namespace": namespace}
        return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta, "spec": spec}

    def namespace_labels(self, namespace: str) -> dict[str, str]:
        return {"team": f"team-{int(namespace[3:]) % 20}"}

    def manifests(self) -> Iterator[dict[str, Any]]:
        """The cluster as manifests. Namespaces carry the label that a server would add: not every analyser adds it."""
        for name in self.namespaces:
            labels = {"kubernetes.io/metadata.name": name, **self.namespace_labels(name)}
            yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        for number, (namespace, labels) in enumerate(self.pods):
            yield {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": f"w-{number}", "namespace": namespace},
                "spec": {
                    "selector": {"matchLabels": labels},
                    "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "i"}]}},
                },
            }
        yield from self.policies

    def files(self) -> Iterator[tuple[str, str]]:
        """A file for each manifest."""
        for number, manifest in enumerate(self.manifests()):
            yield f"{number:06}.json", json.dumps(manifest)
