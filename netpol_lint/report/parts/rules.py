"""What programs want to know of a rule beyond its title: where its page is, how it ranks as a security matter."""

from __future__ import annotations

from typing import Final

from netpol_lint.findings import Report, RuleInfo, Severity
from netpol_lint.records import NamedTuple

PROJECT: Final = "https://github.com/netpol-lint/netpol-lint"


class Nature(NamedTuple):
    """What the rules of a category have in common."""

    tag: str
    precision: str
    """`very-high`, `high` or `medium`: how seldom a finding is wrong."""
    graver: float = 0.0
    """How much more it weighs than the severity says."""
    security: bool = True


_OTHER: Final = Nature("correctness", "high")
_NATURES: Final = {
    "manifest": Nature("correctness", "very-high"),
    "selectors": Nature("correctness", "high"),
    "isolation": Nature("isolation", "high", 0.5),
    "exposure": Nature("exposure", "high", 0.8),
    "ports": Nature("correctness", "high"),
    "dependencies": Nature("reliability", "medium", security=False),
    "redundancy": Nature("maintainability", "very-high", security=False),
    "enforcement": Nature("enforcement", "medium", 0.8),
    "suppressions": Nature("maintainability", "very-high", security=False),
}
_WEIGHT: Final = {Severity.ERROR: 8.0, Severity.WARNING: 5.5, Severity.NOTE: 2.0}
"""GitHub's scale: from 7.0 on high, from 4.0 on medium, below low."""


def nature(rule: RuleInfo) -> Nature:
    """The nature of its category."""
    return _NATURES.get(rule.category, _OTHER)


def security_severity(rule: RuleInfo) -> float:
    """From 0.1 to 8.9; only for rules whose nature is `security`."""
    return _WEIGHT[rule.severity] + nature(rule).graver


def page_url(rule: RuleInfo) -> str:
    """Where to read about a rule; of a user's own, about such rules."""
    if rule.category == "custom":
        return f"{PROJECT}/blob/main/docs/custom-rules.md"
    return f"{PROJECT}/blob/main/rules/{rule.category}/{rule.name}.md"


def page_urls(report: Report) -> dict[str, str]:
    """The same for all rules of a report, by id."""
    return {rule.id: page_url(rule) for rule in report.rules}
