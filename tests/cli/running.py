"""How tests run the command in this process, in a directory of their own."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from netpol_lint.cli import main

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: backend, namespace: shop, labels: {app: backend}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 80}]}]}
"""
DENY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
"""
MISSPELT = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: bakend}}
  policyTypes: [Ingress]
"""


class Run(NamedTuple):
    """What a call printed and how it ended."""

    status: int
    out: str
    err: str


class Shell:
    """A directory with files, in which the command is called."""

    def __init__(self, directory: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.directory = directory
        self._capture = capture

    def write(self, name: str, text: str) -> Path:
        """A file of the directory; its parents are made."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *arguments: str) -> Run:
        """`netpol-lint ARGUMENTS`."""
        self._capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        out, err = self._capture.readouterr()
        assert isinstance(ended.value.code, int)
        return Run(ended.value.code, out, err)
