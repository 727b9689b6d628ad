"""NP105 writes the `namespaceSelector` as the `podSelector` beside it is written."""

from __future__ import annotations

import pytest

from netpol_lint.config import Settings
from tests.resources.decoding import HEAD
from tests.running import CATALOG, fixed_texts, problems_in

RULE = CATALOG.find("NP105")
EGRESS = f"{HEAD}spec:\n  podSelector: {{}}\n  policyTypes: [Egress]\n  egress:\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "  - to:\n    - podSelector: {matchLabels: {k8s-app: kube-dns}} # DNS\n",
            (
                "  - to:\n    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}\n"
                "      podSelector: {matchLabels: {k8s-app: kube-dns}} # DNS\n"
            ),
        ),
        (
            "  - to:\n    -   podSelector: # DNS\n            matchLabels:\n                k8s-app: kube-dns\n",
            (
                "  - to:\n    -   namespaceSelector:\n            matchLabels:\n"
                "                kubernetes.io/metadata.name: kube-system\n"
                "        podSelector: # DNS\n            matchLabels:\n                k8s-app: kube-dns\n"
            ),
        ),
        (
            '  - to: [{\n      "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}\n    }]\n',
            (
                '  - to: [{\n      "namespaceSelector": '
                '{"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},\n'
                '      "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}\n    }]\n'
            ),
        ),
    ],
)
def test_it_is_written_as_what_stands_beside_it(before: str, after: str) -> None:
    assert {"m.yaml": EGRESS + after} == fixed_texts(RULE, {"m.yaml": EGRESS + before}, Settings())


@pytest.mark.parametrize(
    "peer",
    [
        "? podSelector\n      : matchLabels: {k8s-app: kube-dns}",
        "&dns\n      podSelector: {matchLabels: {k8s-app: kube-dns}}",
        "<<: {podSelector: {matchLabels: {k8s-app: kube-dns}}}",
        '"pod\\x53elector": {matchLabels: {k8s-app: kube-dns}}',
    ],
)
def test_a_peer_that_does_not_begin_with_the_word_is_left_to_the_person(peer: str) -> None:
    [problem] = problems_in(RULE, {"m.yaml": f"{EGRESS}  - to:\n    - {peer}\n"}, Settings())
    assert () == problem.fix.edits
