"""Pages of custom rules as tests write them, and the small tree they look at."""

from __future__ import annotations

from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples" / "custom-rules"
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api
  namespace: shop
spec:
  podSelector: {}
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: web}]}
"""


def page(when: str, *, what: str = "policy", message: str = "found", rule: str = "ACME001") -> str:
    """A page with front matter, a title and no examples."""
    return (
        f"---\nid: {rule}\nseverity: warning\nfor: {what}\nwhen: {_quoted(when)}\nmessage: {_quoted(message)}\n---\n\n"
        f"# A rule of ours\n\nWhy it is there.\n"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def rules_in(directory: Path, *pages: str) -> str:
    """A directory with these pages, as `custom-rules` names it."""
    for number, text in enumerate(pages, start=1):
        (directory / f"rule-{number}.md").write_text(text, encoding="utf-8")
    return str(directory)
