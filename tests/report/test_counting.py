"""The closing line, the statistics and notifications."""

from __future__ import annotations

import json

import pytest

from netpol_lint import report as reports
from netpol_lint.findings import Edit, Fix, Notification, Report, Summary
from netpol_lint.source.location import Span
from tests.report.making import CLEAN, EMPTY, HOSTILE, NOTIFICATIONS, SAMPLE, at, finding, many, report


def test_the_closing_line_says_what_was_analysed() -> None:
    expected = (
        "4 objects, 1 policy; 2 errors, 2 warnings, 1 note; 1 fixable with --fix --unsafe-fixes; 1 suppressed; 1"
        " template not rendered, 3 files left out as test data; 2 notices about the input"
    )
    assert expected == reports.closing_line(SAMPLE)


def test_clean_is_said_of_something() -> None:
    assert "4 objects, 1 policy; nothing found" == reports.closing_line(CLEAN)


def test_nothing_analysed_does_not_look_like_clean() -> None:
    read = report((), summary=Summary(files=2, templates=2))
    expected = ("no object in 0 files; nothing found", "no object in 2 files; nothing found; 2 templates not rendered")
    assert expected == (reports.closing_line(EMPTY), reports.closing_line(read))


def test_what_rendered_is_named_with_its_version() -> None:
    made = report((), summary=Summary(objects=1, policies=1, charts=1, renderers=("helm v4.0.1", "kustomize v5.5.0")))
    expected = "1 object, 1 policy; nothing found; rendered by helm v4.0.1 and kustomize v5.5.0; 1 chart not rendered"
    assert expected == reports.closing_line(made)


def test_safe_and_unsafe_fixes_are_counted_apart() -> None:
    place = at("a.yaml", 1, 1, 2)
    edits = (Edit("a.yaml", Span(1, 1, 1, 2), "x"),)
    found = [finding("NP103", "m", place, fix=Fix("f", safe, edits, ())) for safe in (True, False, False)]
    made = report(found, summary=Summary(objects=1, policies=2))
    expected = "1 object, 2 policies; 3 errors; 1 fixable with --fix, 2 more with --fix --unsafe-fixes"
    assert expected == reports.closing_line(made)


def test_statistics_begin_with_the_most_frequent_rule() -> None:
    expected = (
        "      2  NP103  error    misspelt-selector\n"
        "      1  NP201  warning  unselected-pod\n"
        "      1  NP203  warning  missing-default-deny\n"
        "      1  NP204  note     missing-default-deny-egress\n"
    )
    assert expected == reports.statistics(many(5))


def test_statistics_say_what_can_be_fixed() -> None:
    assert "      1  NP103  error    misspelt-selector  (1 fixable)" in reports.statistics(SAMPLE).splitlines()


@pytest.mark.parametrize(("made", "rows"), [(SAMPLE, 5), (EMPTY, 0)], ids=["sample", "empty"])
def test_statistics_as_json_have_a_row_for_each_rule(made: Report, rows: int) -> None:
    data = json.loads(reports.statistics(made, as_json=True))
    keys = {tuple(row) for row in data}
    expected = {("rule", "name", "severity", "count", "fixable")} if rows else set()
    assert (rows, expected) == (len(data), keys)


def test_a_notification_is_one_line_with_its_place() -> None:
    expected = [
        "shop/policy.yaml:1:1: warning: no text in UTF-8, read as if it were",
        "netpol-lint: note: a socket is not read: run/agent.sock",
    ]
    assert expected == [reports.notification_line(notification) for notification in NOTIFICATIONS]


def test_a_hostile_notification_is_one_harmless_line() -> None:
    line = reports.notification_line(HOSTILE.notifications[0])
    start = reports.notification_line(Notification("note", "m", at("::error::x", 1, 1, 2)))
    assert (True, "\\x3a:error::x:1:1: note: m") == (line.isprintable(), start)
