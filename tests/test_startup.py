"""What a run does not need, it does not load: the command starts before a person notices."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from netpol_lint import catalog

ROOT = Path(__file__).parent.parent
HEAVY = tuple(
    "attr asyncio concurrent.futures difflib email html.parser http importlib.metadata jsonschema logging"
    " multiprocessing pbr ruamel sarif_om ssl tomllib unittest urllib.request xml".split()
)
LOADED = """
import sys
from netpol_lint.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""


def _modules(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-I", "-c", LOADED, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "arguments",
    [("--version",), ("rule", "NP201"), ("check", "--isolated", "examples/demo/demo-application.yaml")],
    ids=" ".join,
)
def test_heavy_modules_are_not_loaded(arguments: tuple[str, ...]) -> None:
    assert set() == _modules(*arguments).intersection(HEAVY)


def test_the_version_needs_no_part_of_the_linter() -> None:
    own = {name for name in _modules("--version") if name.startswith("netpol_lint.")}
    assert {"netpol_lint.cli", "netpol_lint.errors"} == own


_ON_DEMAND = (
    "netpol_lint.baseline netpol_lint.cluster.cluster_tiers netpol_lint.cluster.plugins netpol_lint.config.checking"
    " netpol_lint.connectivity netpol_lint.engine.explaining netpol_lint.engine.mending netpol_lint.fixes"
    " netpol_lint.needs netpol_lint.render.helm netpol_lint.render.kustomize netpol_lint.render.plan.gitops"
    " netpol_lint.render.plan.planning netpol_lint.report.html netpol_lint.report.sarif"
    " netpol_lint.resources.cluster_policy netpol_lint.resources.decode.cluster_policies"
    " netpol_lint.resources.decode.config_data netpol_lint.resources.decode.monitors netpol_lint.resources.decode.nodes"
    " netpol_lint.resources.decode.plugins netpol_lint.resources.decode.publishing netpol_lint.resources.decode.rbac"
    " netpol_lint.source.ignores netpol_lint.source.json_stream netpol_lint.source.revisions"
    " netpol_lint.source.settings_file netpol_lint.suppression.complaints netpol_lint.suppression.notes"
).split()
"""What a file with a policy and its workloads has no use for."""
_SMALL = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api-from-web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: api}}
  policyTypes: [Ingress]
  ingress:
    - from: [{podSelector: {matchLabels: {app: web}}}]
      ports: [{port: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, image: registry.example/api, ports: [{containerPort: 8080}]}]}
"""


def test_a_rule_is_explained_without_the_engine() -> None:
    loaded = _modules("rule", "NP201")
    assert set() == {name for name in loaded if name.startswith(("netpol_lint.engine", "netpol_lint.cluster", "yaml"))}


def test_a_small_file_loads_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(_SMALL)
    loaded = _modules("check", "--isolated", str(tmp_path / "shop.yaml"))
    assert set() == loaded.intersection(_ON_DEMAND)


def test_a_rule_whose_needs_no_file_meets_is_not_loaded(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(_SMALL.partition("---\n")[2])
    loaded = _modules("check", "--isolated", str(tmp_path / "shop.yaml"))
    others = {
        f"netpol_lint.checks.{rule.info.category}.{rule.name.replace('-', '_')}"
        for rule in catalog.load().rules
        if rule.needs
    }
    assert set() == loaded.intersection(others)


@pytest.mark.parametrize("name", _ON_DEMAND)
def test_what_is_loaded_on_demand_is_there(name: str) -> None:
    assert find_spec(name) is not None
