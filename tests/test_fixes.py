"""Fixes change what they mean to change, keep every other byte, and are refused otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from netpol_lint import fixes
from netpol_lint.findings import NO_OBJECT, REMOVED, Change, Edit, Finding, Fix, Inserted, Moved, Renamed, Severity
from netpol_lint.fixes import meaning
from netpol_lint.source.documents import Failure, read_trees
from netpol_lint.source.location import Location, Span
from netpol_lint.source.tree import Node

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


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_line_is_added_below_the_last_one_whether_or_not_something_ends_it(end: str) -> None:
    fix = Fix("", True, (Edit("a.yaml", Span(3, 1, 3, 1), "- c\n"),), ())
    assert f"- a\n- b\n- c{end}" == fixes.edited(f"- a\n- b{end}", fix.edits)


def test_items_are_put_into_a_list_while_another_is_removed() -> None:
    text = "kind: NetworkPolicy\nitems: [a, b, c, d]\n"
    findings = [
        _finding(Span(2, 10, 2, 10), ", x", Inserted("x"), pointer="/items/1"),
        _finding(Span(2, 13, 2, 16), "", REMOVED, pointer="/items/2"),
        _finding(Span(2, 19, 2, 19), ", z", Inserted("z"), pointer="/items/4"),
    ]
    assert {"a.yaml": "kind: NetworkPolicy\nitems: [a, x, b, d, z]\n"} == fixes.apply(
        findings, {"a.yaml": text}, unsafe=True
    ).texts


@pytest.mark.parametrize("pointer", ["/items/2", "/metadata/x"])
def test_an_item_is_put_into_a_list_and_not_beyond_its_end(pointer: str) -> None:
    text = "kind: NetworkPolicy\nmetadata: {}\nitems: [a]\n"
    added = _finding(Span(3, 10, 3, 10), ", x", Inserted("x"), pointer=pointer)
    assert (added,) == fixes.apply([added], {"a.yaml": text}, unsafe=True).refused


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


@pytest.mark.parametrize("odd", ["\r", "\x85", "\u2028", "\x0c"])
def test_nothing_but_a_line_feed_ends_a_line_of_a_diff(odd: str) -> None:
    diff = fixes.unified_diff("a.yaml", f"# x{odd}y\na: 1\n", f"# x{odd}y\na: 2\n")
    assert f"@@ -1,2 +1,2 @@\n # x{odd}y\n-a: 1\n+a: 2\n" == diff.partition("+++ b/a.yaml\n")[2]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.yaml", "b/a.yaml"),
        ("dé/ä.yaml", "b/dé/ä.yaml"),
        ("my a.yaml", "b/my a.yaml\t"),
        ("a\n+++ b/.bashrc", r'"b/a\012+++ b/.bashrc"'),
        ("\x1b[2J\udcff.yaml", r'"b/\033[2J\377.yaml"'),
        ('ü "q"\\.yaml', r'"b/\303\274 \042q\042\134.yaml"'),
    ],
)
def test_the_name_of_a_file_in_a_diff_is_one_line_that_prints(path: str, name: str) -> None:
    lines = fixes.unified_diff(path, "a: 1\n", "a: 2\n").split("\n")
    assert [f"--- {name.replace('b/', 'a/', 1)}", f"+++ {name}", "@@ -1 +1 @@"] == lines[:3]


def test_a_key_that_is_not_there_is_not_removed() -> None:
    gone = _finding(Span(5, 3, 5, 3), "", REMOVED, pointer="/spec/ingress")
    assert (gone,) == _applied(gone).refused


def test_the_fix_that_a_refused_one_kept_from_being_tried_is_tried() -> None:
    broken, good = _finding(VALUE, "{", "{"), _finding(VALUE, "backend", "backend")
    assert ((good,), (broken,)) == _applied(broken, good)[1:]


def _numbered(number: int, *, listed: bool) -> tuple[str, list[Finding]]:
    """A file with so many objects, and a fix of each; every third says that it means another value than it writes."""
    items = [f"kind: A\n{'  ' * listed}spec: b{index:04}\n" for index in range(number)]
    text = "kind: List\nitems:\n" + "".join(f"- {item}" for item in items) if listed else "---\n".join(items)
    findings = []
    for index in range(number):
        line, column = (4 + 2 * index, 9) if listed else (2 + 3 * index, 7)
        span, pointer = Span(line, column, line, column + 5), f"/items/{index}/spec" if listed else "/spec"
        findings.append(_finding(span, "good" if index % 3 else "bad", "good", pointer=pointer))
    return text, findings


@pytest.mark.parametrize("listed", [False, True])
def test_the_fixes_of_one_object_are_judged_apart_from_those_of_another(listed: bool) -> None:
    text, findings = _numbered(9, listed=listed)
    applied = fixes.apply(findings, {"a.yaml": text}, unsafe=True)
    assert ([f for i, f in enumerate(findings) if i % 3], findings[::3]) == (list(applied.fixed), list(applied.refused))


def _readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list that gets longer with every reading of a file."""
    times: list[str] = []
    read = read_trees

    def counted(data: bytes, path: str) -> Iterator[Node | Failure]:
        times.append(path)
        return read(data, path)

    monkeypatch.setattr(meaning, "read_trees", counted)
    return times


@pytest.mark.parametrize("listed", [False, True])
def test_a_file_is_read_as_often_for_a_few_fixes_as_for_many(listed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    times = _readings(monkeypatch)

    def reads(number: int) -> int:
        times.clear()
        text, findings = _numbered(number, listed=listed)
        fixes.apply(findings, {"a.yaml": text}, unsafe=True)
        return len(times)

    assert reads(6) == reads(300)


def test_one_bad_fix_among_many_of_one_object_is_found_by_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    times = _readings(monkeypatch)
    text = "kind: A\n" + "".join(f"a{index:03}: b\n" for index in range(256))
    findings = [
        _finding(Span(2 + index, 7, 2 + index, 8), "bad" if index == 77 else "good", "good", pointer=f"/a{index:03}")
        for index in range(256)
    ]
    applied = fixes.apply(findings, {"a.yaml": text}, unsafe=True)
    assert ((findings[77],), True) == (applied.refused, len(times) < 40)


_IN_FLOW = "kind: A\nitems: [\n  a,  # first\n  # above b\n  b,\n  c  # last\n]\n"


@pytest.mark.parametrize(
    ("place", "own", "gone"),
    [
        (0, Span(3, 3, 3, 4), Span(3, 3, 5, 3)),  # with what stands above the next one
        (2, Span(6, 3, 6, 4), Span(5, 4, 6, 4)),
    ],
)
def test_a_comment_goes_only_with_the_item_it_is_beside(place: int, own: Span, gone: Span) -> None:
    at = Location("a.yaml", own, f"/items/{place}")
    fix = Fix("remove it", True, (Edit("a.yaml", gone, ""),), (Change(at, REMOVED),))
    removed = _finding(own, "", REMOVED)._replace(fix=fix)
    kept = fixes.apply([removed], {"a.yaml": _IN_FLOW}, unsafe=True).refused
    assert (removed,) * (place == 0) == kept


def test_what_moves_is_no_longer_where_it_was() -> None:
    text = "kind: A\none:\n  a: 1\ntwo:\n  b: 2\n"
    at = Location("a.yaml", Span(2, 1, 2, 4), "/one/b")
    edits = (Edit("a.yaml", Span(4, 1, 6, 1), ""), Edit("a.yaml", Span(4, 1, 4, 1), "  b: 2\ntwo: {}\n"))
    moved = _finding(VALUE, "", "")._replace(fix=Fix("move it", False, edits, (Change(at, Moved("/two/b")),)))
    assert {"a.yaml": "kind: A\none:\n  a: 1\n  b: 2\ntwo: {}\n"} == fixes.apply(
        [moved], {"a.yaml": text}, unsafe=True
    ).texts


@pytest.mark.parametrize("pointer", ["/spec/ingress", "/spec/podSelector/matchLabels/app/x"])
def test_what_is_not_there_does_not_move(pointer: str) -> None:
    moved = _finding(VALUE, "backend", Moved(pointer))
    assert (moved,) == _applied(moved).refused
