"""Fixes carried out: edits at exact spans, taken only if the file then parses to exactly what was meant.

Every other byte stays as it is. Fixes that touch the same text are applied one per round; the caller lints again
and comes back until nothing is left to do.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence

from netpol_lint.findings import Finding, Fix
from netpol_lint.fixes.meaning import Before
from netpol_lint.fixes.texts import edited, unified_diff
from netpol_lint.records import NamedTuple
from netpol_lint.source.location import Span

__all__ = ("Applied", "apply", "edited", "is_applicable", "unified_diff")


class Applied(NamedTuple):
    """The new texts by path, the findings whose fix was applied, and those whose fix did not do what it meant."""

    texts: Mapping[str, str]
    fixed: tuple[Finding, ...]
    refused: tuple[Finding, ...]


def is_applicable(fix: Fix, *, unsafe: bool) -> bool:
    """Whether a run with or without `--unsafe-fixes` applies it."""
    return bool(fix.edits) and (fix.safe or unsafe)


def apply(findings: Iterable[Finding], texts: Mapping[str, str], *, unsafe: bool) -> Applied:
    """One round of fixes over the given files (path to text); files without a change are not in the result."""
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        if is_applicable(finding.fix, unsafe=unsafe) and finding.fix.edits[0].path in texts:
            by_path.setdefault(finding.fix.edits[0].path, []).append(finding)
    new_texts: dict[str, str] = {}
    fixed: list[Finding] = []
    refused: list[Finding] = []
    for path, candidates in sorted(by_path.items()):
        taken, bad = _sorted_out(Before(path, texts[path]), candidates)
        if taken:
            new_texts[path] = edited(texts[path], [edit for f in taken for edit in f.fix.edits])
            fixed.extend(taken)
        refused.extend(bad)
    return Applied(new_texts, tuple(fixed), tuple(refused))


def _sorted_out(before: Before, candidates: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Whose fixes do together what they mean, and whose do not even alone.

    What one of those kept from being tried is tried in its place.
    """
    refused: list[Finding] = []
    left = list(candidates)
    while True:
        chosen = list(_apart(left))
        taken = _sound(before, [], chosen)
        if len(taken) == len(chosen):
            return taken, refused
        others = _without(chosen, taken)
        bad = _without(others, _sound(before, [], others))
        if not bad:
            return taken, refused
        refused.extend(bad)
        left = _without(left, bad)


def _sound(before: Before, sure: list[Finding], tried: list[Finding]) -> list[Finding]:
    """Those of the tried that do what they mean, together and with those that surely do.

    One reading of the file judges every place in it; where a place has several fixes, halves of them are tried in all
    such places at once.
    """
    groups = before.suspects([finding.fix for finding in (*sure, *tried)])
    blamed = [mine for group in groups if (mine := [tried[i - len(sure)] for i in group if i >= len(sure)])]
    if not groups or not tried:
        return tried
    blamed = blamed or [tried]
    suspects = [finding for group in blamed for finding in group]
    if all(len(group) == 1 for group in blamed):
        return _sound(before, sure, _without(tried, suspects))
    later = [finding for group in blamed for finding in group[len(group) // 2 :]]
    first = _sound(before, sure, _without(tried, later))
    return [*first, *_sound(before, [*sure, *first], later)]


def _without(findings: Iterable[Finding], others: Iterable[Finding]) -> list[Finding]:
    gone = {id(finding) for finding in others}
    return [finding for finding in findings if id(finding) not in gone]


def _apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, in order, whose edits do not touch an earlier one's."""
    taken: list[Span] = []
    for finding in findings:
        spans = [edit.span for edit in finding.fix.edits]
        places = [bisect(taken, span) for span in spans]
        near = zip(spans, places, strict=True)
        if not any(_touch(span, other) for span, place in near for other in taken[max(place - 1, 0) : place + 1]):
            for span in spans:
                taken.insert(bisect(taken, span), span)
            yield finding


def _touch(one: Span, other: Span) -> bool:
    return one[:2] <= other[2:] and other[:2] <= one[2:]
