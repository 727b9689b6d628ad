"""Trees of any size, the same for the same size: small applications, their policies, and the mistakes in those."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Files = Iterator[tuple[str, str]]
"""Paths and what is in the files."""

POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}-from-{client}, namespace: {namespace}}}
spec:
  podSelector:
    matchLabels: {{app: {name}}}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels: {{app: {client}}}
      ports:
        - protocol: TCP
          port: {port}
---
"""
NAMESPACE = """apiVersion: v1
kind: Namespace
metadata: {{name: {namespace}, labels: {{owner: {namespace}}}}}
---
"""
CLOSED = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: closed, namespace: {namespace}}}
spec:
  podSelector: {{}}
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: within, namespace: {namespace}}}
spec:
  podSelector: {{}}
  policyTypes: [Egress]
  egress:
    - to:
        - podSelector: {{}}
    - to:
        - namespaceSelector:
            matchLabels: {{kubernetes.io/metadata.name: kube-system}}
      ports:
        - {{protocol: UDP, port: 53}}
        - {{protocol: TCP, port: 53}}
---
"""
"""Nothing in, and out only to the namespace itself and to DNS."""
MISTAKES = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}-misspelt, namespace: {namespace}}}
spec:
  podSelector:
    matchLabels: {{app: {name}-x}}
  policyTypes: [Ingress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}-nobody, namespace: {namespace}}}
spec:
  podSelector:
    matchLabels: {{app: {name}}}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels: {{app: {name}-caller}}
        - namespaceSelector:
            matchLabels: {{owner: {namespace}-x}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}-split, namespace: {namespace}}}
spec:
  podSelector:
    matchLabels: {{app: {name}}}
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector:
            matchLabels: {{kubernetes.io/metadata.name: {namespace}}}
        - podSelector:
            matchLabels: {{app: {client}}}
      ports:
        - port: nowhere
        - port: 1
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}-out, namespace: {namespace}}}
spec:
  podSelector:
    matchLabels: {{app: {name}}}
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: {{cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.1.2.0/24]}}
        - ipBlock: {{cidr: 10.2.0.0/16}}
      ports:
        - port: 443
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}-again, namespace: {namespace}}}
spec:
  podSelector:
    matchLabels: {{app: {name}}}
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: {{cidr: 10.2.0.0/16}}
      ports:
        - port: 443
---
"""
"""Five policies: what they select or let in is not there, two peers were one, one policy is contained in another."""
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  replicas: 2
  selector:
    matchLabels: {{app: {name}}}
  template:
    metadata:
      labels: {{app: {name}, tier: {tier}}}
    spec:
      containers:
        - name: {name}
          image: registry.example/{name}:1
          ports:
            - containerPort: {port}
---
"""
SERVICE = """apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{app: {name}}}
  ports:
    - {{name: main, port: 80, targetPort: {port}}}
---
"""
CONFIG = """apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, namespace: {namespace}}}
data:
  level: info
---
"""


def small_file() -> str:
    """A policy and the two workloads it is about: 50 lines."""
    web = DEPLOYMENT.format(name="web", namespace="shop", tier="front", port=8080)
    api = DEPLOYMENT.format(name="api", namespace="shop", tier="back", port=8080)
    return POLICY.format(name="api", client="web", namespace="shop", port=8080) + api + web


def applications(rng: random.Random, namespaces: int, apps: int) -> Files:
    """A directory for each namespace, a file for each application; most have no policy, as in real trees."""
    for number in range(namespaces):
        names = [f"app-{number}-{index}" for index in range(apps)]
        for name in names:
            said = _application(rng, name, f"team-{number}", names)
            parts = [DEPLOYMENT, SERVICE, CONFIG] + [POLICY] * (rng.random() < 0.4)
            yield f"team-{number}/{name}.yaml", "".join(part.format(**said) for part in parts)


def _application(rng: random.Random, name: str, namespace: str, clients: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "namespace": namespace,
        "tier": rng.choice(("front", "middle", "back")),
        "port": rng.choice((8080, 8443, 5432, 6379)),
        "client": rng.choice(clients),
    }


def many_files(size: int) -> Files:
    """So many files, ten to a namespace and directory."""
    yield from applications(random.Random(size), max(1, size // 10), min(size, 10))


def many_policies(size: int) -> Files:
    """So many policies: twenty to a namespace of ten workloads, which are all in one file."""
    yield from _namespaces(size, policies=20, workloads=10)


def many_workloads(size: int) -> Files:
    """So many workloads with Services: fifty to a namespace with seven policies, which are all in one file."""
    yield from _namespaces(size, policies=7, workloads=50)


def many_mistakes(size: int) -> Files:
    """So many policies with mistakes: twenty to a namespace of four workloads, which are all in one file."""
    rng = random.Random(size)
    for number in range(max(1, size // 20)):
        yield f"team-{number}.yaml", _mistaken(rng, f"team-{number}", 4)


def one_namespace(size: int) -> Files:
    """So many workloads, each with a policy of its own, in one namespace and file."""
    yield "all.yaml", _namespace(random.Random(size), "all", size, size)


def mistakes_of_one_namespace(size: int) -> Files:
    """So many policies with mistakes, five to a workload, in one namespace and file."""
    yield "all.yaml", _mistaken(random.Random(size), "all", max(1, size // 5))


def _namespaces(size: int, *, policies: int, workloads: int) -> Files:
    rng = random.Random(size)
    for number in range(max(1, size // max(policies, workloads))):
        yield f"team-{number}.yaml", _namespace(rng, f"team-{number}", policies, workloads)


def _namespace(rng: random.Random, namespace: str, policies: int, workloads: int) -> str:
    """A closed namespace: two policies over all pods, the others each let one application call another."""
    names = [f"app-{index}" for index in range(workloads)]
    applied = {name: _application(rng, name, namespace, names) for name in names}
    parts = [part.format(namespace=namespace) for part in (NAMESPACE, CLOSED)]
    parts += [part.format(**applied[name]) for name in names for part in (DEPLOYMENT, SERVICE)]
    for number in range(policies - 2):
        name = names[number % workloads]
        client = names[(number + 1 + number // workloads) % workloads]
        parts.append(POLICY.format(**{**applied[name], "client": client}))
    return "".join(parts)


def _mistaken(rng: random.Random, namespace: str, workloads: int) -> str:
    names = [f"app-{index}" for index in range(workloads)]
    applied = [_application(rng, name, namespace, names) for name in names]
    parts = [part.format(**said) for said in applied for part in (DEPLOYMENT, SERVICE, MISTAKES)]
    return NAMESPACE.format(namespace=namespace) + "".join(parts)


FAMILIES: dict[str, Callable[[int], Files]] = {
    "files": many_files,
    "policies": many_policies,
    "workloads": many_workloads,
    "mistakes": many_mistakes,
    "one-namespace": one_namespace,
    "mistakes-of-one-namespace": mistakes_of_one_namespace,
}
"""How a tree may grow, by what there is more of."""


def write(directory: Path, files: Files) -> Path:
    """The directory, with the files in it."""
    for path, text in files:
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return directory
