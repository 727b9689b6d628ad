"""Which names say that a policy denies, and what."""

from __future__ import annotations

import pytest

from netpol_lint.cluster.denying_names import read_promise
from netpol_lint.resources.policy import Direction

DENYING = """
deny-all default-deny web-deny-all deny.ingress shop-default-deny-all isolate-backend namespace-isolation denied
block block-all blocked-by-default block-egress defaultdeny argo-cd-default-deny deny-blocked-hosts
"""
NOT_DENYING = """
allow-all default-deny-allow-dns deny-all-except-web backend frontend-to-backend not-isolated no-isolation
disable-deny longhorn-block-vol block-storage blocky unblock-egress denylist-server denver isolationist
"""


@pytest.mark.parametrize("name", DENYING.split())
def test_a_name_that_says_deny_is_a_promise(name: str) -> None:
    assert read_promise(name).denies


@pytest.mark.parametrize("name", NOT_DENYING.split())
def test_a_name_that_says_otherwise_is_none(name: str) -> None:
    assert not read_promise(name).denies


@pytest.mark.parametrize(
    ("name", "directions"),
    [
        ("deny-ingress", {Direction.INGRESS}),
        ("deny-outbound", {Direction.EGRESS}),
        ("deny-ingress-egress", set(Direction)),
        ("default-deny", set()),
        ("isolate-ingress-nginx", set()),
        ("deny-egress-gateway", set()),
    ],
)
def test_a_name_is_taken_at_its_word_about_directions(name: str, directions: set[Direction]) -> None:
    assert directions == read_promise(name).directions
