"""The two files of a new rule, so written that its first failing test says what to do next."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from netpol_lint import __version__, catalog
from netpol_lint.errors import NetpolLintError

_PAGE = """\
---
id: {id}
severity: warning
scope: unit
since: {version}
references:
  - https://kubernetes.io/docs/concepts/services-networking/network-policies/
---
# A title that states the defect in one line

What the rule reports, what that does to traffic, and when it is right to leave it as it is.

## Bad

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: backend # <- words of the message
spec:
  podSelector: {{matchLabels: {{app: backend}}}}
```

## Good

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: backend
spec:
  podSelector: {{matchLabels: {{app: backend}}}}
```
"""
_CHECK = '''\
"""{id}: what the rule reports, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem
from netpol_lint.findings.wording import policy_text


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy in cluster.policies:
        yield Problem(f"{{policy_text(policy)}} ...", policy.meta.at, policy.meta.ref)
'''


def run(arguments: list[str]) -> None:
    """`new-rule ID CATEGORY NAME` writes rules/CATEGORY/NAME.md and netpol_lint/checks/CATEGORY/NAME.py."""
    if len(arguments) != 3:
        raise NetpolLintError("usage: new-rule NP399 exposure an-example-of-a-rule")
    identity, category, name = arguments
    known = catalog.load()
    if not re.fullmatch(r"NP[0-9]{3}", identity) or known.knows(identity):
        raise NetpolLintError(f"{identity} is not a free id of the form NP399")
    if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name) or known.knows(name):
        raise NetpolLintError(f"{name} is not a free name of the form words-with-dashes")
    if not re.fullmatch(r"[a-z]+", category):
        raise NetpolLintError(f"{category} is no category")
    write(identity, category, name, rules=Path(catalog.rules_root()), checks=Path(__file__).parent.parent / "checks")


def write(identity: str, category: str, name: str, *, rules: Path, checks: Path) -> None:
    """Write the page below `rules` and the check below `checks`, and the package of a new category."""
    package = checks / category
    _write(rules / category / f"{name}.md", _PAGE.format(id=identity, version=__version__))
    if not (package / "__init__.py").exists():
        _write(package / "__init__.py", f'"""Rules of the category {category}."""\n')
    _write(package / f"{name.replace('-', '_')}.py", _CHECK.format(id=identity))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    sys.stdout.write(f"wrote {path}\n")
