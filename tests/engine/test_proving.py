"""A fix that is called safe is applied as one only if no connection changes, pods that do not exist yet included."""

from __future__ import annotations

from netpol_lint.config import Settings
from netpol_lint.engine import Inputs, from_texts
from netpol_lint.engine.mending import mend
from netpol_lint.engine.proving import changes_no_connection
from netpol_lint.findings import NO_OBJECT, REMOVED, Change, Edit, Finding, Fix, Report, Severity, Summary
from netpol_lint.source.location import Location, Span

_PATH = "policy.yaml"
_POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
    - from:
        - podSelector: {matchLabels: {app: api}}
        - podSelector: {matchLabels: {app: api, tier: back}}
"""
_WIDE, _NARROW = 8, 9


def _removing(line: int) -> Finding:
    """A finding whose fix, which it calls safe, takes one peer away."""
    at = Location(_PATH, Span(line, 11, line, 22), f"/spec/ingress/0/from/{line - _WIDE}")
    fix = Fix("remove it", True, (Edit(_PATH, Span(line, 1, line + 1, 1), ""),), (Change(at, REMOVED),))
    return Finding("NP602", "redundant-rule", Severity.NOTE, "m", at, NO_OBJECT, (".",), fix=fix)


def _without(line: int) -> str:
    return "".join(text for number, text in enumerate(_POLICY.splitlines(keepends=True), 1) if number != line)


def _mended(*findings: Finding, unsafe: bool = False) -> dict[str, str]:
    def judge(inputs: Inputs, settings: Settings) -> Report:
        untouched = inputs.content(_PATH) == _POLICY.encode()
        return Report(findings if untouched else (), (), (), Summary(), (), "")

    settings = Settings()
    return dict(mend(from_texts({_PATH: _POLICY.encode()}, settings), settings, judge, unsafe=unsafe).texts)


def test_a_fix_that_changes_no_connection_is_applied() -> None:
    assert {_PATH: _without(_NARROW)} == _mended(_removing(_NARROW))


def test_a_fix_that_changes_a_connection_of_pods_that_do_not_exist_yet_is_refused() -> None:
    assert {} == _mended(_removing(_WIDE))


def test_a_refused_fix_is_an_unsafe_one() -> None:
    assert {_PATH: _without(_WIDE)} == _mended(_removing(_WIDE), unsafe=True)


def test_a_refused_fix_does_not_keep_others_from_being_applied() -> None:
    assert {_PATH: _without(_NARROW)} == _mended(_removing(_WIDE), _removing(_NARROW))


def test_a_direction_that_is_no_longer_isolated_is_a_change() -> None:
    settings = Settings()
    old, new = (
        from_texts({_PATH: text.encode()}, settings)
        for text in (_POLICY, _POLICY.replace("spec:\n", "spec:\n  policyTypes: [Egress]\n"))
    )
    assert not changes_no_connection(old, new, settings, [_PATH])
