"""The user's own rules, beside ours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from netpol_lint import custom
from netpol_lint.catalog import CUSTOM, Rule, begins
from netpol_lint.catalog.pages import read_head
from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import RuleInfo, Severity


def with_own(rules: tuple[Rule, ...], directories: Sequence[str]) -> tuple[Rule, ...]:
    """The rules and those of the directories; NetpolLintError for one that is no rule, or has another's id or name."""
    taken = {name.lower() for rule in rules for name in (rule.id, rule.name, *rule.aliases)}
    own = []
    for page in custom.pages(directories):
        rule = _rule(page)
        for name in (rule.id, rule.name):
            if name.lower() in taken:
                raise NetpolLintError(f"there is another rule {name!r}", path=str(page))
            taken.add(name.lower())
        custom.check_of(page)  # what is wrong with it shows even where it has nothing to look at
        own.append(rule)
    everything = (*rules, *own)
    for rule in own:
        if rule.name == "all" or any(begins(other, rule.name.upper()) for other in everything):
            raise NetpolLintError(
                f"{rule.name!r} stands for several rules: give the file another name", path=str(rule.page)
            )
    return everything


def _rule(page: Path) -> Rule:
    head = read_head(str(page))
    if not custom.ID.fullmatch(head.id):
        message = f"{head.id!r} is no id of a custom rule: write a prefix of your own and a number, such as ACME001"
        raise NetpolLintError(message, path=str(page))
    if not custom.NAME.fullmatch(page.stem):
        message = "the file name is the rule's name: words of small letters and digits, joined by hyphens"
        raise NetpolLintError(message, path=str(page))
    if head.severity not in {severity.value for severity in Severity}:
        raise NetpolLintError(f"`severity` must be error, warning or note, not {head.severity!r}", path=str(page))
    info = RuleInfo(head.id, page.stem, Severity(head.severity), head.title, CUSTOM)
    return Rule(info, "unit", head.since, (), head.references, (), str(page))
