"""A baseline keeps known findings out of the report, whatever moves around them, and says which are gone."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, strategies as st

import netpol_lint
from netpol_lint import baseline
from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import NO_OBJECT, Finding, Severity, Suppression
from netpol_lint.source.location import Location, Span
from tests.running import CATALOG

SCHEMA = json.loads((Path(netpol_lint.__file__).parent / "schemas" / "baseline.schema.json").read_text("utf-8"))


def _finding(fingerprint: str, rule: str = "NP110", path: str = "a.yaml", message: str = "a message") -> Finding:
    at = Location(path, Span(1, 2, 3, 4))
    return Finding(rule, "name", Severity.WARNING, message, at, NO_OBJECT, (".",), fingerprint=fingerprint * 32)


def test_a_baseline_is_one_line_for_each_finding() -> None:
    expected = """\
{
  "version": 1,
  "findings": [
    {"fingerprint": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "rule": "NP101", "path": "a.yaml", "message": "a message"},
    {"fingerprint": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "rule": "NP110", "path": "a.yaml", "message": "a message"},
    {"fingerprint": "cccccccccccccccccccccccccccccccc", "rule": "NP110", "path": "b.yaml", "message": "\\u202e\\u001b"}
  ]
}
"""
    findings = [_finding("c", path="b.yaml", message="\u202e\x1b"), _finding("a"), _finding("b", "NP101")]
    assert expected == baseline.write(findings)


_FINDINGS = st.lists(
    st.builds(_finding, st.sampled_from("0123456789abcdef"), st.sampled_from(["NP101", "NP110"]), st.text(), st.text()),
    unique_by=lambda finding: finding.fingerprint,
)


@given(_FINDINGS, st.randoms())
def test_a_baseline_does_not_depend_on_the_order_of_the_findings(findings: list[Finding], random: object) -> None:
    shuffled = sorted(findings, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert baseline.write(findings) == baseline.write(shuffled)


@given(_FINDINGS, _FINDINGS)
def test_a_baseline_parts_the_findings_and_loses_none(known: list[Finding], now: list[Finding]) -> None:
    applied = baseline.apply(now, baseline.read(baseline.write(known), "b.json"), CATALOG.rules)
    before, after = ({finding.fingerprint for finding in findings} for findings in (known, now))
    assert (after - before, after & before, len(before - after)) == (
        {finding.fingerprint for finding in applied.kept},
        {item.finding.fingerprint for item in applied.suppressed},
        len(applied.complaints),
    )


@given(_FINDINGS)
def test_a_baseline_has_the_shape_of_its_schema(findings: list[Finding]) -> None:
    assert [] == [*jsonschema.Draft7Validator(SCHEMA).iter_errors(json.loads(baseline.write(findings)))]


def test_a_known_finding_points_at_its_entry() -> None:
    applied = baseline.apply([_finding("b")], baseline.read(baseline.write([_finding("a"), _finding("b")]), "b.json"))
    by = Suppression("baseline", "", Location("b.json", Span(5, 21, 5, 55), "/findings/1/fingerprint"))
    assert [by] == [item.by for item in applied.suppressed]


def test_an_entry_whose_finding_is_gone_is_told_at_its_line() -> None:
    known = baseline.read(baseline.write([_finding("a"), _finding("b")]), "b.json")
    [(finding, detail)] = baseline.apply([_finding("b")], known, CATALOG.rules).complaints
    message = "the baseline keeps a finding of NP110 in a.yaml that is gone: write it anew"
    assert ("NP901", message, 4, f"baseline {'a' * 32}") == (
        finding.rule,
        finding.message,
        finding.at.span.line,
        detail,
    )


@pytest.mark.parametrize(
    ("rules", "judged"), [(["NP110"], True), (["NP901"], True), (["NP901", "NP101"], True), (["NP901", "NP110"], False)]
)
def test_nothing_is_said_of_what_the_run_did_not_judge(rules: list[str], judged: bool) -> None:
    known = baseline.read(baseline.write([_finding("a")]), "b.json")
    applied = baseline.apply([], known, [CATALOG.find(rule) for rule in rules], lambda path: judged)
    assert () == applied.complaints


def test_a_baseline_written_by_hand_in_another_layout_is_read_too() -> None:
    text = json.dumps(json.loads(baseline.write([_finding("a"), _finding("b")])), indent=2, sort_keys=True)
    assert [4, 10] == [entry.at.span.line for entry in baseline.read(text, "b.json").entries]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "b.json:1:1: not JSON: Expecting value"),
        ('{"version": 1,\n "findings": [}', "b.json:2:15: not JSON: Expecting value"),
        ("[]", "b.json:1:1: not a baseline: `netpol-lint baseline -o FILE` writes one"),
        ('{"version": 1}', "b.json:1:1: not a baseline"),
        ('{"version": 2, "findings": []}', "b.json:1:1: a baseline of version 2; this netpol-lint reads version 1"),
        ('{"version": 1, "findings": [{"fingerprint": 1}]}', "b.json:1:1: entry 1 of the baseline lacks one of finger"),
        ("[" * 100_000, "b.json:1:1: not JSON that can be read"),
        ("1" * 10_000, "b.json:1:1: not JSON that can be read"),
    ],
)
def test_what_is_no_baseline_is_an_error_with_its_place(text: str, message: str) -> None:
    with pytest.raises(NetpolLintError) as raised:
        baseline.read(text, "b.json")
    assert message in str(raised.value)


@given(st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps)))
def test_any_text_gives_a_baseline_or_an_error(text: str) -> None:
    try:
        said = baseline.read(text, "b.json").path
    except NetpolLintError as error:
        said = error.path
    assert "b.json" == said


def test_a_baseline_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    file.write_text(baseline.write([_finding("a")]))
    assert ["a" * 32] == [entry.fingerprint for entry in baseline.load(str(file)).entries]


@pytest.mark.parametrize(
    ("content", "message"), [(b"\xff", "the baseline is not UTF-8 text"), (b"{", "1:2: not JSON: Expecting property")]
)
def test_a_file_that_is_no_baseline_is_an_error(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "known.json").write_bytes(content)
    with pytest.raises(NetpolLintError) as raised:
        baseline.load(str(tmp_path / "known.json"))
    assert message in str(raised.value)


@pytest.mark.parametrize("path", ["missing.json", ".", "a\0b"])
def test_a_baseline_that_cannot_be_read_is_an_error(path: str) -> None:
    with pytest.raises(NetpolLintError, match="the baseline cannot be read"):
        baseline.load(path)
