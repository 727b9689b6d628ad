"""`policyTypes` is written where its place is plain from the text, and nowhere else."""

from __future__ import annotations

import pytest

from netpol_lint import fixes
from netpol_lint.findings import NO_FIX, NO_OBJECT, Finding, Fix, Severity
from netpol_lint.findings.policy_types import with_policy_types
from netpol_lint.resources.policy import NetworkPolicy
from tests.resources.decoding import HEAD, only


def _fix(text: str) -> Fix:
    policy = only(text)
    assert isinstance(policy, NetworkPolicy)
    return with_policy_types(policy, policy.types, safe=True)


def _fixed(text: str) -> str:
    fix = _fix(text)
    finding = Finding(
        "NP007", "implicit-policy-types", Severity.NOTE, "m", fix.changes[0].at, NO_OBJECT, (".",), fix=fix
    )
    return fixes.apply([finding], {"m.yaml": text}, unsafe=False).texts["m.yaml"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("spec:\n  podSelector: {}\n", "spec:\n  policyTypes: [Ingress]\n  podSelector: {}\n"),
        ("spec:\n podSelector:\n", "spec:\n policyTypes: [Ingress]\n podSelector:\n"),
        (
            "spec: # why\n\n  # and\n  egress: [{}]\n",
            "spec: # why\n  policyTypes: [Ingress, Egress]\n\n  # and\n  egress: [{}]\n",
        ),
        ("spec:\n  'ingress':\n  - {}\n", "spec:\n  policyTypes: [Ingress]\n  'ingress':\n  - {}\n"),
        ("spec: {egress: [{}], ingress: []}\n", "spec: {policyTypes: [Ingress, Egress], egress: [{}], ingress: []}\n"),
        ('spec: {"podSelector": {}}\n', 'spec: {"policyTypes": ["Ingress"], "podSelector": {}}\n'),
        (
            "spec: {podSelector: {},\n  ingress: []}\n",
            "spec: {policyTypes: [Ingress], podSelector: {},\n  ingress: []}\n",
        ),
        (
            'spec: {\n  "podSelector": {},\n  "egress": []\n}\n',
            'spec: {\n  "podSelector": {},\n  "policyTypes": ["Ingress"],\n  "egress": []\n}\n',
        ),
        ("spec:\n  {podSelector: {}}\n", "spec:\n  {policyTypes: [Ingress],\n   podSelector: {}}\n"),
    ],
)
def test_it_is_written_in_the_style_of_the_spec(before: str, after: str) -> None:
    assert HEAD + after == _fixed(HEAD + before)


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "spec:\n",
        "spec: {}\n",
        "spec:\n  podSelector: {}\n  policyTypes: []\n",
        "spec:\n  podSelector: {}\n  policyTypes:\n",
        "spec: {podSelector: null}\n",
        "spec: &spec\n  podSelector: {}\n",
        "spec:\n  <<: {podSelector: {}}\n",
        "spec:\n  <<: {egress: [{}]}\n  podSelector: {}\n",
    ],
)
def test_a_place_that_is_not_plain_is_left_to_the_person(spec: str) -> None:
    assert NO_FIX == _fix(HEAD + spec)
