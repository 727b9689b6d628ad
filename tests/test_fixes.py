"""Fixes change what they mean to change, keep every other byte, and are refused otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from netpol_lint import fixes
from netpol_lint.findings import NO_OBJECT, REMOVED, Change, Edit, Finding, Fix, Renamed, Severity
from netpol_lint.source.location import Location, Span

POLICY = (
    "# kept  comment\r\n"
    'kind: "NetworkPolicy"   # é\r\n'
    "metadata: {name: a}\r\n"
    "spec:\r\n"
    "  podSelector: {matchLabels: {app: bakend}}\r\n"
    "---\r\n"
    "kind: Service\r\n"
)
VALUE = Span(5, 36, 5, 42)


def _finding(
    span: Span, text: str, value: Any, *, pointer: str = "/spec/podSelector/matchLabels/app", safe: bool = False
) -> Finding:
    at = Location("a.yaml", span, pointer)
    fix = Fix("change it", safe, (Edit("a.yaml", span, text),), (Change(at, value),))
    return Finding("NP103", "misspelt-selector", Severity.ERROR, "m", at, NO_OBJECT, (".",), fix=fix)


def _applied(*findings: Finding, unsafe: bool = True) -> fixes.Applied:
    return fixes.apply(findings, {"a.yaml": POLICY}, unsafe=unsafe)


def test_every_other_byte_stays() -> None:
    assert {"a.yaml": POLICY.replace("bakend", "backend")} == _applied(_finding(VALUE, "backend", "backend")).texts


def test_an_added_line_ends_as_the_lines_of_its_file() -> None:
    added = _finding(Span(5, 1, 5, 1), "  policyTypes: [Ingress]\n", ["Ingress"], pointer="/spec/policyTypes")
    expected = POLICY.replace("spec:\r\n", "spec:\r\n  policyTypes: [Ingress]\r\n")
    assert {"a.yaml": expected} == _applied(added).texts


def test_a_key_is_not_renamed_to_one_that_is_there() -> None:
    renamed = _finding(Span(5, 3, 5, 14), "selector", Renamed("podSelector"), pointer="/spec/podSelector")
    assert (renamed,) == _applied(renamed).refused


def test_a_renamed_key_keeps_its_value() -> None:
    renamed = _finding(Span(5, 3, 5, 14), "selector", Renamed("selector"), pointer="/spec/podSelector")
    assert {"a.yaml": POLICY.replace("podSelector", "selector")} == _applied(renamed).texts


def test_an_unsafe_fix_waits_for_unsafe_fixes() -> None:
    assert {} == _applied(_finding(VALUE, "backend", "backend"), unsafe=False).texts


def test_a_fix_that_parses_to_something_else_is_refused() -> None:
    wrong = _finding(VALUE, "back: end", "back: end")
    assert fixes.Applied({}, (), (wrong,)) == _applied(wrong)


def test_a_fix_that_breaks_the_document_is_refused() -> None:
    broken = _finding(VALUE, "{", "{")
    assert (broken,) == _applied(broken).refused


def test_a_fix_whose_place_is_gone_is_refused() -> None:
    lost = _finding(VALUE, "backend", "backend", pointer="/spec/ingress/0/from/3/podSelector")
    assert (lost,) == _applied(lost).refused


def test_of_two_fixes_of_the_same_text_one_is_applied() -> None:
    one, other = _finding(VALUE, "backend", "backend"), _finding(VALUE, "bookend", "bookend")
    assert (one,) == _applied(one, other).fixed


def test_two_fixes_apart_are_both_applied() -> None:
    kind = _finding(Span(7, 7, 7, 14), "Secret", "Secret", pointer="/kind")
    both = _applied(_finding(VALUE, "backend", "backend"), kind)
    assert {"a.yaml": POLICY.replace("bakend", "backend").replace("Service", "Secret")} == both.texts


def test_the_last_line_is_removed_although_nothing_ends_it() -> None:
    text = "kind: a\nitems:\n  - b\n  - c"
    fix = Fix("", True, (Edit("a.yaml", Span(4, 1, 5, 1), ""),), ())
    assert text.removesuffix("  - c") == fixes.edited(text, fix.edits)


def test_two_items_of_a_list_are_removed_at_once() -> None:
    text = "kind: NetworkPolicy\nitems: [a, b, c, d]\n"
    places = {1: Span(2, 10, 2, 13), 3: Span(2, 16, 2, 19)}
    removals = [_finding(span, "", REMOVED, pointer=f"/items/{place}") for place, span in places.items()]
    assert {"a.yaml": "kind: NetworkPolicy\nitems: [a, c]\n"} == fixes.apply(
        removals, {"a.yaml": text}, unsafe=True
    ).texts


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_diff_says_whether_the_last_line_ends(end: str) -> None:
    diff = fixes.unified_diff("a.yaml", f"a: 1{end}", f"a: 2{end}")
    assert ("\\ No newline at end of file" in diff) == (end == "")
