"""Small trees written as one text, and the deployment units they come to."""

from __future__ import annotations

import re
from typing import Final

from netpol_lint.config import Settings
from netpol_lint.engine import Inputs, from_texts
from netpol_lint.engine.judging import judge
from tests.running import CATALOG

_FILE: Final = re.compile(r"^--- # file: (\S+)\n", re.MULTILINE)


def texts_of(tree: str) -> dict[str, bytes]:
    """The files that the text holds after lines `--- # file: path`."""
    _, *parts = _FILE.split(tree)
    return {path: content.encode() for path, content in zip(parts[::2], parts[1::2], strict=True)}


def inputs_of(tree: str, settings: Settings | None = None) -> Inputs:
    """What a run on the tree looks at."""
    return from_texts(texts_of(tree), settings or Settings())


def units_of(tree: str, settings: Settings | None = None) -> dict[str, list[str]]:
    """The names of the workloads and policies of each unit, by its name."""
    return {
        unit.name: sorted(f"{meta.ref.kind} {meta.namespace}/{meta.name}" for file in unit.files for meta in file.metas)
        for unit in inputs_of(tree, settings).units
    }


def found(tree: str, *rules: str, settings: Settings | None = None) -> list[tuple[str, str, int]]:
    """Rule, file and line of each finding of some rules in all units of the tree."""
    settings = settings or Settings()
    findings = judge(inputs_of(tree, settings).units, tuple(map(CATALOG.find, rules)), CATALOG, settings)
    return sorted((finding.rule, finding.at.path, finding.at.span.line) for finding, _ in findings)


def pod(name: str, namespace: str = "", labels: str = "") -> str:
    """A Pod on four lines, the first of which names it."""
    where = f", namespace: {namespace}" if namespace else ""
    return (
        f"metadata: {{name: {name}{where}, labels: {{{labels or f'app: {name}'}}}}}\n"
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: app, image: example.com/app}]}\n"
    )


def policy(name: str, namespace: str = "", selector: str = "{}", rest: str = "") -> str:
    """A NetworkPolicy, of which the first line names it and the second selects."""
    where = f", namespace: {namespace}" if namespace else ""
    return (
        f"metadata: {{name: {name}{where}}}\nspec: {{podSelector: {selector}{rest}}}\n"
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
    )
