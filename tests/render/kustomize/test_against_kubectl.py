"""What is built in gives the objects that `kubectl kustomize` gives, for our projects and for real repositories."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from netpol_lint.render.files import Tree
from netpol_lint.render.kustomize import Reach, references
from netpol_lint.source.documents import Document, read_documents
from netpol_lint.source.tree import plain_data
from tests.render.kustomize import trees

CORPUS: Final = Path(__file__).parents[4] / "shared" / "corpus"
REPOSITORIES: Final = sorted(path.name for path in CORPUS.iterdir()) if CORPUS.is_dir() else []
PROJECTS: Final = sorted(path.stem for path in trees.PROJECTS.glob("*.yaml"))
KUBECTL: Final = shutil.which("kubectl")
_NAMES: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_NOTHING_IS_FETCHED: Final = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")

pytestmark = pytest.mark.skipif(KUBECTL is None, reason="there is no kubectl")


@pytest.mark.parametrize("name", PROJECTS)
def test_our_projects_are_built_as_kubectl_builds_them(name: str, tmp_path: Path) -> None:
    trees.project(name, tmp_path)
    expected, actual = _compared(tmp_path)
    assert expected == actual


@pytest.mark.slow
@pytest.mark.parametrize("name", REPOSITORIES)
def test_real_repositories_are_built_as_kubectl_builds_them(name: str) -> None:
    expected, actual = _compared(CORPUS / name)
    assert expected == actual


@pytest.mark.parametrize("seed", range(3))
def test_random_strategic_merges_do_what_kubectl_does(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 -- a test that can be repeated
    objects = [_object(chance, number) for number in range(150)]
    patches = [_object(chance, number, one["kind"]) for number, one in enumerate(objects)]
    (tmp_path / "objects.yaml").write_text("\n---\n".join(map(json.dumps, objects)) + "\n", encoding="utf-8")
    (tmp_path / "patches.yaml").write_text("\n---\n".join(map(json.dumps, patches)) + "\n", encoding="utf-8")
    (tmp_path / "kustomization.yaml").write_text("resources: [objects.yaml]\npatches: [{path: patches.yaml}]\n")
    expected, actual = _kubectl(tmp_path), trees.objects(trees.built(tmp_path, "."))
    assert expected == actual


def _compared(root: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """By directory, kubectl's objects and ours, of the leaves it can build offline; bases are seen through them."""
    expected: dict[str, Any] = {}
    actual: dict[str, Any] = {}
    tree = Tree([(".", str(root))])
    directories = list(_kustomizations(root))
    used = {one.path for directory in directories for one in references(directory, tree).references}
    for directory in directories:
        if directory not in used and _is_local(directory, tree, set()):
            theirs = _kubectl(root / directory)
            ours = trees.objects(trees.built(root, directory))
            if theirs is not None and theirs != ours:  # only the differences, else a failure prints megabytes
                expected[directory], actual[directory] = theirs, ours
    return expected, actual


def _kustomizations(root: Path) -> Iterator[str]:
    for directory, directories, names in os.walk(root):
        directories.sort()
        if any(name in names for name in _NAMES):
            yield Path(directory).relative_to(root).as_posix()


def _is_local(directory: str, tree: Tree, seen: set[str]) -> bool:
    """Whether kubectl, run here, would try to fetch nothing."""
    seen.add(directory)
    for one in references(directory, tree).references:
        if one.reach is Reach.REMOTE:
            return False
        if one.reach is Reach.DIRECTORY and one.path not in seen and not _is_local(one.path, tree, seen):
            return False
    return True


def _kubectl(directory: Path) -> Any:
    """The objects; None if kubectl refuses the kustomization."""
    assert KUBECTL is not None
    environment = {"PATH": os.devnull, "HOME": os.devnull, **_NOTHING_IS_FETCHED}
    ran = subprocess.run(
        [KUBECTL, "kustomize", str(directory)], capture_output=True, env=environment, check=False, timeout=60
    )
    if ran.returncode:
        return None
    documents = read_documents(ran.stdout, "kubectl", prefilter=False)
    return trees.ordered(plain_data(item.root) for item in documents if isinstance(item, Document))


def _object(chance: random.Random, number: int, kind: str = "") -> dict[str, Any]:
    """An object; a patch for one of the same number, if a kind is given."""
    is_patch = bool(kind)
    kind = kind or chance.choice(["Deployment", "Deployment", "Service", "Pod", "NetworkPolicy", "Widget"])
    metadata: dict[str, Any] = {"name": f"o{number}"}
    if chance.random() < 0.4:
        metadata["finalizers"] = chance.sample("abc", chance.randint(1, 2))
    if chance.random() < 0.4:
        metadata["labels"] = {chance.choice("kl"): chance.choice("12")}
    if is_patch and chance.random() < 0.2:
        metadata["labels"] = chance.choice([{"k": None}, {"$patch": "replace", "z": "1"}])
    spec = _spec(chance, kind, is_patch)
    if is_patch and chance.random() < 0.1:
        spec = {"$patch": chance.choice(["replace", "delete"]), **spec}
    versions = {"Deployment": "apps/v1", "NetworkPolicy": "networking.k8s.io/v1", "Widget": "example.org/v1"}
    return {"apiVersion": versions.get(kind, "v1"), "kind": kind, "metadata": metadata, "spec": spec}


def _spec(chance: random.Random, kind: str, is_patch: bool) -> dict[str, Any]:
    if kind == "Service":
        return {"ports": _ports(chance, "port", is_patch)}
    if kind == "Pod":
        named = {key: _named(chance, is_patch, deep=False) for key in ("volumes", "tolerations")}
        return {"containers": _named(chance, is_patch), **named}
    if kind == "NetworkPolicy":
        rules: list[Any] = [{"from": [{"podSelector": {}}]}] * chance.randint(0, 2)
        return {"podSelector": {"matchLabels": {chance.choice("ab"): chance.choice("12")}}, "ingress": rules}
    if kind == "Widget":
        return {"containers": _named(chance, is_patch)}
    aliases = [{"ip": chance.choice("12"), "hostnames": [chance.choice("ab")]}]
    labels = {chance.choice("ab"): chance.choice("12")}
    pod = {"containers": _named(chance, is_patch), "hostAliases": aliases}
    return {"template": {"metadata": {"labels": labels}, "spec": pod}}


def _ports(chance: random.Random, key: str, is_patch: bool) -> list[dict[str, Any]]:
    ports: dict[Any, dict[str, Any]] = {}
    for _ in range(chance.randint(0, 3)):
        port: dict[str, Any] = {key: chance.choice([80, 81, 82])}
        if chance.random() < 0.5:
            port["protocol"] = chance.choice(["TCP", "UDP"])
        if chance.random() < 0.6:
            port["name"] = chance.choice("abcdef")
        _direct(chance, port, is_patch)
        ports.setdefault((port[key], port.get("protocol")), port)
    return [*ports.values(), *_of_the_list(chance, is_patch)]


def _named(chance: random.Random, is_patch: bool, *, deep: bool = True) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for name in chance.sample("wxyz", chance.randint(0, 3)):
        item: dict[str, Any] = {"name": name}
        if chance.random() < 0.5:
            item["image"] = None if is_patch and chance.random() < 0.2 else chance.choice("12")
        if deep and chance.random() < 0.4:
            item["env"] = _named(chance, is_patch, deep=False)
        if deep and chance.random() < 0.4:
            item["args"] = [chance.choice("pq")]
        if deep and chance.random() < 0.5:
            item["ports"] = _ports(chance, "containerPort", is_patch)
        _direct(chance, item, is_patch)
        items.append(item)
    return [*_of_the_list(chance, is_patch), *items]


def _direct(chance: random.Random, item: dict[str, Any], is_patch: bool) -> None:
    if is_patch and chance.random() < 0.15:
        item["$patch"] = chance.choice(["delete", "replace", "merge"])


def _of_the_list(chance: random.Random, is_patch: bool) -> list[dict[str, Any]]:
    return [{"$patch": chance.choice(["replace", "delete", "merge"])}] if is_patch and chance.random() < 0.1 else []
