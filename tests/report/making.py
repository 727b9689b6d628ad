"""Reports made by hand, with everything formats have to cope with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from netpol_lint.findings import (
    NO_OBJECT,
    Change,
    Edit,
    Finding,
    Fix,
    Notification,
    Related,
    Report,
    RuleInfo,
    Severity,
    Summary,
    SuppressedFinding,
    Suppression,
)
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.source.location import Location, Span

RULES = (
    RuleInfo("NP001", "unreadable-manifest", Severity.ERROR, "A manifest is not YAML or JSON", "manifest"),
    RuleInfo("NP103", "misspelt-selector", Severity.ERROR, "A selector misspells a label", "selectors"),
    RuleInfo("NP201", "unselected-pod", Severity.WARNING, "No policy selects a pod", "isolation"),
    RuleInfo("NP203", "missing-default-deny", Severity.WARNING, "A namespace has no default-deny policy", "isolation"),
    RuleInfo("NP204", "missing-default-deny-egress", Severity.NOTE, "A namespace lets all traffic out", "isolation"),
    RuleInfo("NP903", "unexplained-suppression", Severity.NOTE, "An ignore has no reason", "suppressions"),
)
_INFO = {rule.id: rule for rule in RULES}

POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: backend
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: bakend
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: frontend
"""
DEPLOYMENTS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: backend, namespace: shop}
spec:
  selector: {matchLabels: {app: backend}}
  template:
    metadata: {labels: {app: backend}}
    spec: {containers: [{name: app, image: example.com/backend}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: frontend, namespace: shop}  # 前端
spec: {selector: {matchLabels: {app: frontend}}, template: {metadata: {labels: {app: frontend}}}}
"""
WINDOWS = "apiVersion: v1\r\nkind: Pod\r\nmetadata:\r\n  name: probe\r\n  namespace: tools\r\nspec: {}\r\n"
FILES = {
    "shop/policy.yaml": POLICY,
    "shop/deployments.yaml": DEPLOYMENTS,
    "tools/probe pod.yaml": WINDOWS,
    "broken.yaml": "kind: NetworkPolicy\nspec: {podSelector: {}\n",
}
HELP = """\
A policy selects pods by their labels. A pod that no policy selects
accepts traffic from everywhere.

Write a default-deny policy:

```yaml
kind: NetworkPolicy
spec: {podSelector: {}}
```
"""


def at(path: str, line: int, column: int, end_column: int, end_line: int = 0, pointer: str = "") -> Location:
    return Location(path, Span(line, column, end_line or line, end_column), pointer)


def finding(rule: str, message: str, place: Location, about: ObjectRef = NO_OBJECT, **more: Any) -> Finding:
    info = _INFO[rule]
    made = Finding(rule, info.name, info.severity, message, place, about, (".",))
    made = made._replace(**more)
    return made if made.fingerprint else made._replace(fingerprint=_some_hash(f"{rule} {place}"))


def _some_hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def report(
    findings: Sequence[Finding],
    *,
    suppressed: Sequence[SuppressedFinding] = (),
    notifications: Sequence[Notification] = (),
    files: Mapping[str, str] = FILES,
    summary: Summary = Summary(),  # noqa: B008 - frozen
) -> Report:
    count = {severity: sum(1 for f in findings if f.severity is severity) for severity in Severity}
    counted = summary._replace(
        errors=count[Severity.ERROR],
        warnings=count[Severity.WARNING],
        notes=count[Severity.NOTE],
        suppressed=len(suppressed),
    )
    return Report(
        tuple(findings),
        tuple(suppressed),
        tuple(notifications),
        counted,
        RULES,
        "0.1.0",
        source_text=lambda path: files.get(path, ""),
        raw_text=lambda path: files.get(path, ""),
        rule_help=lambda rule: HELP if rule == "NP201" else "",
    )


_POLICY = ObjectRef("networking.k8s.io", "NetworkPolicy", "shop", "backend")
_FRONTEND = ObjectRef("apps", "Deployment", "shop", "frontend")
_PROBE = ObjectRef("", "Pod", "tools", "probe")

MISSPELT = finding(
    "NP103",
    "policy shop/backend selects no pod: no pod in namespace shop has app=bakend; Deployment backend has app=backend",
    at("shop/policy.yaml", 9, 12, 18, pointer="/spec/podSelector/matchLabels/app"),
    _POLICY,
    related=(Related("the label of Deployment backend", at("shop/deployments.yaml", 7, 30, 37)),),
    fix=Fix(
        "write app: backend",
        False,
        (Edit("shop/policy.yaml", Span(9, 12, 9, 18), "backend"),),
        (Change(at("shop/policy.yaml", 9, 12, 18), "backend"),),
    ),
    units=("overlays/dev", "overlays/prod"),
)
OPEN_POD = finding(
    "NP201",
    "Deployment frontend accepts traffic from every pod in the cluster: no policy of namespace shop selects it",
    at("shop/deployments.yaml", 12, 18, 26, pointer="/metadata/name"),
    _FRONTEND,
)
UNREADABLE = finding("NP001", "not YAML: expected ',' or '}'", at("broken.yaml", 3, 1, 2))
NO_DENY = finding(
    "NP203",
    "namespace tools has no policy: probe accepts traffic from every pod in the cluster",
    at("tools/probe pod.yaml", 4, 9, 14),
    _PROBE,
)
NO_DENY_EGRESS = finding("NP204", "namespace tools lets all traffic out", at("tools/probe pod.yaml", 4, 9, 14), _PROBE)
SUPPRESSED = SuppressedFinding(
    finding("NP204", "namespace shop lets all traffic out", at("shop/policy.yaml", 5, 14, 18), _POLICY),
    Suppression("comment", "egress is the mesh's matter", at("shop/policy.yaml", 4, 3, 40)),
)
NOTIFICATIONS = (
    Notification("warning", "no text in UTF-8, read as if it were", at("shop/policy.yaml", 1, 1, 2)),
    Notification("note", "a socket is not read: run/agent.sock"),
)

SAMPLE = report(
    (UNREADABLE, OPEN_POD, MISSPELT, NO_DENY, NO_DENY_EGRESS),
    suppressed=(SUPPRESSED,),
    notifications=NOTIFICATIONS,
    summary=Summary(files=4, objects=4, workloads=3, policies=1, templates=1, fixtures=3),
)
CLEAN = report((), summary=Summary(files=4, objects=4, workloads=3, policies=1))
EMPTY = report(())


_HOSTILE = "x\x1b[31m::error::x ##vso[task.setvariable variable=a]b `<b>|@you ]]> \u202e\x9b\n::error::y"
HOSTILE = report(
    (
        finding(
            "NP201",
            f"Pod {_HOSTILE} is open",
            at(f"{_HOSTILE}.yaml", 1, 1, 4),
            ObjectRef("", "Pod", _HOSTILE, _HOSTILE),
            related=(Related(f"because of {_HOSTILE}", at(f"{_HOSTILE}.yaml", 1, 2, 3)),),
            units=(_HOSTILE, "b"),
        ),
    ),
    files={f"{_HOSTILE}.yaml": _HOSTILE},
    notifications=(Notification("warning", _HOSTILE, at(_HOSTILE, 1, 1, 2)),),
)


def many(number: int, *, per_file: int = 100) -> Report:
    """A report with that many findings, each with a related place, in files of `per_file` lines with one each."""
    paths = [f"manifests/{index:04}.yaml" for index in range((number + per_file - 1) // per_file)]
    files = dict.fromkeys(paths, "metadata: {name: backend}\n" * per_file)
    findings = []
    for index in range(number):
        path, line = paths[index // per_file], index % per_file + 1
        related = (Related("selected by this policy", at(paths[0], 1, 1, 9)),)
        rule = RULES[1:][index % 4].id
        findings.append(finding(rule, f"Deployment backend-{index} is open", at(path, line, 18, 25), related=related))
    return report(findings, files=files, summary=Summary(files=len(paths), objects=number, policies=1))
