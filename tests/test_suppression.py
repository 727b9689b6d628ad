"""Comments, annotations and the config part the findings; nothing is lost, and idle suppressions are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from netpol_lint import fixes
from netpol_lint.cluster.loading import objects_of
from netpol_lint.config import PathIgnore, Settings
from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import Suppression
from netpol_lint.source.location import Location, Span
from netpol_lint.suppression import Outcome, today
from netpol_lint.suppression.notes import notes_of
from tests.running import CATALOG
from tests.suppressing import complaints_of, outcome_of

POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchLabels:
      pod-template-hash: abc
      helm.sh/chart: web-1
  policyTypes: [Ingress]
"""
"""NP110 on lines 7 and 8."""


def _with(line: int, comment: str) -> str:
    """The policy with a comment at the end of a line."""
    lines = POLICY.splitlines()
    lines[line - 1] += f" # netpol-lint: {comment}"
    return "\n".join(lines) + "\n"


def _above(line: int, comment: str) -> str:
    """The policy with a comment before a line."""
    lines = POLICY.splitlines()
    return "\n".join([*lines[: line - 1], f"# netpol-lint: {comment}", *lines[line - 1 :]]) + "\n"


def _annotated(value: str) -> str:
    """The policy with an annotation."""
    return POLICY.replace("namespace: shop", f"namespace: shop, annotations: {{netpol-lint.io/ignore: '{value}'}}")


def _kept(outcome: Outcome) -> list[tuple[str, int]]:
    """Without NP601: that two copies of the policy make each other superfluous is not the matter here."""
    return [(finding.rule, finding.at.span.line) for finding in outcome.kept if finding.rule != "NP601"]


def _hidden(outcome: Outcome) -> list[tuple[str, int, str]]:
    found = ((known.finding.rule, known.finding.at.span.line, known.by.kind) for known in outcome.suppressed)
    return [one for one in found if one[0] != "NP601"]


def _said(outcome: Outcome) -> list[tuple[str, int, int]]:
    return [(f.rule, f.at.span.line, f.at.span.column) for f, _ in outcome.complaints]


def test_without_suppressions_everything_is_kept() -> None:
    outcome = outcome_of({"a.yaml": POLICY})
    assert ([("NP110", 7), ("NP110", 8)], [], []) == (_kept(outcome), _hidden(outcome), _said(outcome))


@pytest.mark.parametrize("name", ["NP110", "np110", "release-label-selector", "Release-Label-Selector", "NP1", "all"])
def test_a_rule_is_named_by_id_name_or_prefix_in_any_case(name: str) -> None:
    outcome = outcome_of({"a.yaml": _with(7, f"ignore[{name}] why")})
    assert ([("NP110", 8)], [("NP110", 7, "comment")], []) == (_kept(outcome), _hidden(outcome), _said(outcome))


def test_a_comment_above_is_about_the_next_line() -> None:
    outcome = outcome_of({"a.yaml": _above(8, "ignore[NP110] why")})
    assert ([("NP110", 7)], [("NP110", 9, "comment")], []) == (_kept(outcome), _hidden(outcome), _said(outcome))


def test_a_comment_about_the_file_is_about_all_of_it_and_no_other() -> None:
    outcome = outcome_of({"a.yaml": _above(1, "ignore-file[NP110] why"), "b.yaml": POLICY.replace("web,", "b,")})
    kept = [("NP110", 7), ("NP110", 8)]
    assert (kept, [("NP110", 8, "comment"), ("NP110", 9, "comment")], []) == (
        _kept(outcome),
        _hidden(outcome),
        _said(outcome),
    )


def test_an_annotation_is_about_its_object_and_no_other() -> None:
    outcome = outcome_of({"a.yaml": f"{_annotated('NP110 why')}---\n{POLICY.replace('web,', 'other,')}"})
    assert ([("NP110", 17), ("NP110", 18)], [("NP110", 7, "annotation"), ("NP110", 8, "annotation")]) == (
        _kept(outcome),
        _hidden(outcome),
    )


@pytest.mark.parametrize(
    ("value", "names", "reasons"),
    [
        ("NP110 why", ["NP110"], ["why"]),
        ("NP110, NP107 why", ["NP110", "NP107"], ["why"]),
        ("NP110,split-peer why", ["NP110", "split-peer"], ["why"]),
        ("NP110, because of it", ["NP110"], ["because of it"]),
        ("NP110: why", ["NP110"], ["why"]),
        ("NP110 why; NP107 why not", ["NP110", "NP107"], ["why", "why not"]),
        ("; NP110 why;", ["NP110"], ["why"]),
        ("NP110 until=2999-01-01 why", ["NP110"], ["why"]),
        (" ; ", [], [""]),
        (", ", [], [""]),
    ],
)
def test_an_annotation_holds_several_entries(value: str, names: list[str], reasons: list[str]) -> None:
    notes = [*notes_of([objects_of(_annotated(value).encode(), "a.yaml")], CATALOG)]
    assert (names, reasons) == (
        [claim.name for note in notes for claim in note.claims],
        [note.reason for note in notes],
    )


def test_an_annotation_points_at_the_rule_it_names() -> None:
    [note] = notes_of([objects_of(_annotated("NP110, NP107 why").encode(), "a.yaml")], CATALOG)
    line = _annotated("NP110, NP107 why").splitlines()[2]
    written = [line[claim.at.span.column - 1 : claim.at.span.end_column - 1] for claim in note.claims]
    assert ["NP110", "NP107"] == written


def test_what_suppresses_a_finding_says_why_and_where() -> None:
    [known] = outcome_of({"a.yaml": _with(7, "ignore[NP110] SHOP-1")}).suppressed
    assert Suppression("comment", "SHOP-1", Location("a.yaml", Span(7, 30, 7, 65))) == known.by


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("ignore[NP107] why", [("NP901", 4, 29)]),
        ("ignore[NP107, NP110] why", [("NP901", 4, 29), ("NP901", 4, 36)]),
        ("ignore[NP1] why", [("NP901", 4, 29)]),
        ("ignore NP110", [("NP901", 4, 7)]),
        ("ignore[NP110] why until=soon", [("NP901", 4, 7)]),
        ("ignore[NP999] why", [("NP902", 4, 29)]),
        ("ignore[NP107]", [("NP903", 4, 7), ("NP901", 4, 29)]),
        ("ignore[NP107] why until=2020-01-01", [("NP904", 4, 40)]),
        ("ignore[NP107, NP901] why", []),
        ("ignore[NP107, NP9] why", []),
        ("ignore[NP999, NP902] why", []),
        ("ignore[NP107, NP901, NP903]", []),
        ("ignore[NP901] why", [("NP901", 4, 29)]),
        ("ignore[ALL] why", [("NP901", 4, 29)]),
    ],
)
def test_what_is_wrong_with_a_suppression_is_told_at_its_place(
    comment: str, expected: list[tuple[str, int, int]]
) -> None:
    assert expected == _said(outcome_of({"a.yaml": _with(4, comment)}))


def test_what_is_wrong_with_a_suppression_is_about_the_object_that_carries_it() -> None:
    texts = {"a.yaml": f"{POLICY}---\n{_with(4, 'ignore[NP107] why').replace('web,', 'other,')}"}
    assert ["NetworkPolicy shop/other"] == [str(finding.about) for finding in complaints_of(texts)]


def test_a_suppression_that_has_run_out_suppresses_nothing() -> None:
    outcome = outcome_of({"a.yaml": _with(7, "ignore[NP110] why until=2026-05-31")}, Settings(today="2026-06-01"))
    assert ([("NP110", 7), ("NP110", 8)], [("NP904", 7, 63)]) == (_kept(outcome), _said(outcome))


def test_on_its_last_day_a_suppression_still_counts() -> None:
    outcome = outcome_of({"a.yaml": _with(7, "ignore[NP110] why until=2026-05-31")}, Settings(today="2026-05-31"))
    assert ([("NP110", 8)], []) == (_kept(outcome), _said(outcome))


@pytest.mark.parametrize(
    ("rule", "settings"),
    [
        ("NP107", Settings(ignore=("NP107",))),
        ("NP107", Settings(select=("NP110", "NP9"))),
        ("NP203", Settings(single_file=True)),
    ],
)
def test_nothing_is_said_of_a_rule_that_did_not_run(rule: str, settings: Settings) -> None:
    assert [] == _said(outcome_of({"a.yaml": _with(4, f"ignore[{rule}] why")}, settings))


def test_nothing_is_said_of_a_prefix_of_which_a_rule_did_not_run() -> None:
    assert [] == _said(outcome_of({"a.yaml": _with(4, "ignore[NP1] why")}, Settings(ignore=("NP107",))))


@pytest.mark.parametrize("rule", ["NP901", "NP902", "NP903", "NP904"])
def test_a_rule_about_suppressions_that_is_off_says_nothing(rule: str) -> None:
    text = _with(4, "ignore[NP107, NP999] # netpol-lint: ignore[NP110] why until=2020-01-01")
    everything = {"NP901", "NP902", "NP903", "NP904"}
    assert everything - {rule} == {name for name, _, _ in _said(outcome_of({"a.yaml": text}, Settings(ignore=(rule,))))}


def test_the_severity_of_a_rule_about_suppressions_can_be_set() -> None:
    settings = Settings(severity={"NP901": "error"})  # type: ignore[arg-type]
    assert ["error"] == [f.severity.value for f in complaints_of({"a.yaml": _with(4, "ignore[NP107] why")}, settings)]


def test_with_suppressions_off_comments_and_annotations_count_for_nothing() -> None:
    outcome = outcome_of({"a.yaml": _with(7, "ignore[NP110, NP999]")}, Settings(suppressions=False))
    assert ([("NP110", 7), ("NP110", 8)], [], []) == (_kept(outcome), _hidden(outcome), _said(outcome))


@pytest.mark.parametrize("glob", ["legacy/**", "legacy", "*.yaml", "legacy/a.yaml"])
def test_the_config_turns_rules_off_for_paths(glob: str) -> None:
    settings = Settings(per_path=(PathIgnore((glob,), ("NP1",), 3, 5),), source="c.yaml")
    outcome = outcome_of({"legacy/a.yaml": POLICY, "new/b.yml": POLICY.replace("web,", "b,")}, settings)
    assert ([("NP110", 7), ("NP110", 8)], [("NP110", 7, "config"), ("NP110", 8, "config")]) == (
        _kept(outcome),
        _hidden(outcome),
    )
    assert Location("c.yaml", Span(3, 5, 3, 5)) == outcome.suppressed[0].by.at


def test_globs_of_the_config_are_relative_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deploy").mkdir()
    monkeypatch.chdir(tmp_path / "deploy")
    settings = Settings(per_path=(PathIgnore(("deploy/legacy",), ("NP1",)),), base="..")
    assert [] == _kept(outcome_of({"legacy/a.yaml": POLICY}, settings))


def test_the_config_can_turn_rules_about_suppressions_off() -> None:
    settings = Settings(per_path=(PathIgnore(("a.yaml",), ("NP901",)),))
    outcome = outcome_of({"a.yaml": _with(4, "ignore[NP107] why")}, settings)
    assert ([("NP901", 4, "config")], []) == (_hidden(outcome), _said(outcome))


def test_every_suppressed_finding_has_a_fingerprint() -> None:
    outcome = outcome_of({"a.yaml": _with(7, "ignore[NP110, NP903]")})
    assert [32, 32] == [len(known.finding.fingerprint) for known in outcome.suppressed]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("ignore[NP107] why", POLICY),
        ("ignore[NP107, NP999] why", _with(4, "ignore[NP999] why")),
        ("ignore[NP999, NP107] why", _with(4, "ignore[NP999] why")),
        ("ignore[NP999 , NP107,split-peer] why", _with(4, "ignore[NP999] why")),
        ("ignore[NP107, split-peer] why", POLICY),
        ("ignore[splitpeer, NP999] why", _with(4, "ignore[NP999] why")),
        ("ignore[NP107] one # netpol-lint: ignore[NP999] two", _with(4, "ignore[NP999] two")),
    ],
)
def test_fixes_take_away_what_is_idle(comment: str, expected: str) -> None:
    texts = {"a.yaml": _with(4, comment)}
    while (applied := fixes.apply(complaints_of(texts), texts, unsafe=False)).texts:
        texts.update(applied.texts)
    assert expected == texts["a.yaml"]


def test_a_comment_on_its_own_line_goes_with_its_line() -> None:
    texts = {"a.yaml": _above(4, "ignore[NP107] why")}
    assert POLICY == fixes.apply(complaints_of(texts), texts, unsafe=False).texts["a.yaml"]


_COMMENTS = st.lists(
    st.tuples(
        st.integers(1, 9),
        st.sampled_from(["ignore", "ignore-file", "skip"]),
        st.lists(st.sampled_from(["NP110", "NP1", "ALL", "NP901", "NP903", "x", "NP107", "NP204"]), max_size=3),
        st.sampled_from(["", " why", " until=2020-01-01", " why until=2999-01-01", " until=x"]),
    ),
    max_size=5,
)


@given(_COMMENTS, st.sampled_from(["NP110 why", "NP1", "NP999", "NP110 until=2020-01-01; NP9 x", ""]))
def test_no_finding_is_lost(comments: list[tuple[int, str, list[str], str]], annotation: str) -> None:
    lines = _annotated(annotation).splitlines()
    for line, verb, names, rest in comments:
        lines[line - 1] += f" # netpol-lint: {verb}[{', '.join(names)}]{rest}"
    everything = outcome_of({"a.yaml": "\n".join(lines)}, Settings(suppressions=False)).kept
    outcome = outcome_of({"a.yaml": "\n".join(lines)})
    hidden = [known.finding for known in outcome.suppressed if known.finding.rule[:3] != "NP9"]
    assert sorted(everything, key=repr) == sorted([*outcome.kept, *hidden], key=repr)


@pytest.mark.parametrize(
    ("given_day", "epoch", "expected"),
    [("2026-01-02", "0", "2026-01-02"), ("", "0", "1970-01-01"), ("", "1780272000", "2026-06-01")],
)
def test_the_day_is_the_given_one_or_that_of_the_sources(
    monkeypatch: pytest.MonkeyPatch, given_day: str, epoch: str, expected: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert expected == today(Settings(today=given_day))


def test_without_either_the_clock_says_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert "2026-01-01" < today(Settings())


@pytest.mark.parametrize("epoch", ["now", "1e9", "9" * 30])
def test_a_source_date_that_is_none_is_an_error(monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(NetpolLintError, match="SOURCE_DATE_EPOCH is"):
        today(Settings())
