"""The index of the rules, rules/README.md, made from their pages."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from netpol_lint import catalog
from netpol_lint.catalog import Catalog


def run(_: list[str]) -> None:
    """Write rules/README.md anew."""
    Path(catalog.rules_root(), "README.md").write_text(index(catalog.load()), encoding="utf-8")


def index(rules: Catalog) -> str:
    """One table per category, in order of ids."""
    intro = "One page each; every example on them is a test. `netpol-lint rule NP203` shows a page."
    lines = ["# Rules", "", intro, ""]
    for category, members in groupby(rules.rules, key=lambda rule: rule.info.category):
        lines += [f"## {category}", "", "| id | name | severity | reports |", "|---|---|---|---|"]
        for rule in members:
            link = f"[{rule.name}]({category}/{rule.name}.md)"
            lines.append(f"| {rule.id} | {link} | {rule.info.severity.value} | {rule.info.title} |")
        lines.append("")
    return "\n".join(lines)
