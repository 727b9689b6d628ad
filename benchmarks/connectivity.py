"""What all-pairs reachability costs as clusters grow: seeded clusters with label distributions like real ones.

python benchmarks/connectivity.py                 1k, 10k and 100k workloads, each in a process of its own
python benchmarks/connectivity.py 10000 2000      one size, in this process
python benchmarks/connectivity.py --write DIR 1000 200    the same cluster as manifests, for other tools
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.units import FileObjects
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.reach import Reach
from netpol_lint.resources.decode import decode
from netpol_lint.resources.metadata import Label, Metadata, ObjectRef
from netpol_lint.resources.workload import Workload
from netpol_lint.source.documents import Document, read_documents
from netpol_lint.source.location import Location, Span

SIZES = ((1_000, 200), (10_000, 500), (10_000, 2_000), (30_000, 5_000), (100_000, 10_000))
PEERS = {"netpol-analyzer": ["list", "--quiet", "--dirpath"]}
"""Analysers and the options with which each lists the connections of a directory."""
NOWHERE = Location("generated.yaml", Span(1, 1, 1, 2))
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
    """A cluster of a size, the same for the same size."""

    def __init__(self, workloads: int, policies: int) -> None:
        self.rng = random.Random(workloads * 100_003 + policies)
        self.namespaces = [f"ns-{number}" for number in range(max(1, workloads // 50))]
        self.weights = [1 / (rank + 1) for rank in range(len(self.namespaces))]
        chosen = self.rng.choices(self.namespaces, self.weights, k=workloads)
        sizes = {namespace: chosen.count(namespace) for namespace in set(chosen)}
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
        return {"ipBlock": {"cidr": self.rng.choice((base, base, "10.0.0.0/8", "0.0.0.0/0"))}}

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

    def cluster(self) -> Cluster:
        """As objects: policies decoded from their manifests, workloads made directly."""
        objects = FileObjects("generated.yaml")
        for manifest in self.policies:
            for document in read_documents(json.dumps(manifest).encode(), "generated.yaml"):
                assert isinstance(document, Document)
                objects.add(decode(document))
        workloads = tuple(
            Workload(
                Metadata(ObjectRef("apps", "Deployment", namespace, f"w-{number}"), "apps/v1", NOWHERE, True),
                tuple(Label(key, value, NOWHERE, NOWHERE) for key, value in labels.items()),
                (),
                False,
                NOWHERE,
            )
            for number, (namespace, labels) in enumerate(self.pods)
        )
        return Cluster(
            "generated",
            workloads=workloads,
            policies=tuple(objects.policies),
            extra_namespaces={name: self.namespace_labels(name) for name in self.namespaces},
        )

    def manifests(self) -> Iterator[dict[str, Any]]:
        """The same cluster as manifests."""
        for name in self.namespaces:
            labels = self.namespace_labels(name)
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


def resident() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(workloads: int, policies: int) -> None:
    """Print what one size costs."""
    generated = Generated(workloads, policies)
    cluster = generated.cluster()
    sum(len(w.labels) for w in cluster.workloads)
    before, start = resident(), time.process_time()
    reach = Reach(Network.of(cluster))
    classes = time.process_time()
    reach.prepare()
    rows_done = time.process_time()
    entries = sum(len(source.reached) for source in reach.all())
    end = time.process_time()
    print(
        f"{workloads:>8,} x {policies:>6,}: {end - start:7.2f} s  (classes {classes - start:.2f}, rows "
        f"{rows_done - classes:.2f}, reach {end - rows_done:.2f}); {reach.classes.count:,} classes, "
        f"{entries:,} entries; +{resident() - before:.0f} MB, {resident():.0f} MB in all"
    )


def compare() -> None:
    """Print how the whole program does against the analysers found on PATH, over the same manifests."""
    own = [sys.executable, "-m", "netpol_lint", "map", "--format", "json"]
    for name, options in PEERS.items():
        program = shutil.which(name)
        if program is None:
            print(f"{name}: not on PATH, not compared")
            continue
        with tempfile.TemporaryDirectory() as directory:
            write(Path(directory), 1_000, 200)
            ours, theirs = seconds([*own, directory]), seconds([program, *options, directory])
            print(f"{name}: {theirs / ours:.1f} times as long as netpol-lint map ({theirs:.2f} s against {ours:.2f} s)")


def seconds(command: list[str]) -> float:
    """How long a program takes, whatever it says."""
    start = time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def write(directory: Path, workloads: int, policies: int) -> None:
    """A generated cluster as manifests."""
    directory.mkdir(parents=True, exist_ok=True)
    for number, manifest in enumerate(Generated(workloads, policies).manifests()):
        (directory / f"{number:06}.json").write_text(json.dumps(manifest))


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--write"]:
        write(Path(arguments[1]), int(arguments[2]), int(arguments[3]))
    elif arguments:
        measure(int(arguments[0]), int(arguments[1]))
    else:
        for workloads, policies in SIZES:
            subprocess.run([sys.executable, __file__, str(workloads), str(policies)], check=True)
        compare()


if __name__ == "__main__":
    main(sys.argv[1:])
