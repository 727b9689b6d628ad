"""Rules that the Admin tier makes void are looked for where a policy of it may apply to the same pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, strategies as st

from netpol_lint.connectivity import overriding
from netpol_lint.connectivity.overriding import overridden_rules
from tests.connectivity.making import cluster

if TYPE_CHECKING:
    import pytest


def _admin(name: str, app: str, priority: int, action: str) -> dict[str, Any]:
    selector = {"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": app}} if app else {}}
    rule = {"name": "r", "action": action, "from": [{"namespaces": {}}]}
    spec = {"tier": "Admin", "priority": priority, "subject": {"pods": selector}, "ingress": [rule]}
    meta = {"name": name}
    return {
        "apiVersion": "policy.networking.k8s.io/v1alpha2",
        "kind": "ClusterNetworkPolicy",
        "metadata": meta,
        "spec": spec,
    }


def _policy(name: str, app: str) -> dict[str, Any]:
    spec = {"podSelector": {"matchLabels": {"app": app}}, "ingress": [{"from": [{"podSelector": {}}]}]}
    meta = {"name": name, "namespace": "shop"}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta, "spec": spec}


_ADMINS = st.lists(
    st.tuples(st.sampled_from(["", "x", "y"]), st.integers(1, 3), st.sampled_from(["Accept", "Deny", "Pass"])),
    max_size=5,
)


@given(_ADMINS)
def test_a_rule_is_void_by_the_first_that_decides_before_anything_passes_or_disagrees(
    drawn: list[tuple[str, int, str]],
) -> None:
    admins = [_admin(f"a{number}", *one) for number, one in enumerate(drawn)]
    found = cluster(namespaces=[{"name": "shop"}], policies=[*admins, _policy("p", "x")])
    expected = []
    in_order = sorted(enumerate(drawn), key=lambda one: one[1][1])
    deciding = [(place, priority) for place, (app, priority, action) in in_order if app != "y" and action != "Pass"]
    for number, priority in deciding[:1]:
        others = [other for place, other in in_order if place != number and other[1] <= priority]
        if not any(other[2] == "Pass" or other[1] == priority for other in others):
            expected.append(f"a{number}")
    assert [one.by.meta.name for one in overridden_rules(found)] == expected


def test_policies_for_other_labels_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[object] = []

    def counted(_: object, one: object, other: object) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr(overriding, "_includes", counted)
    names = [f"a{number}" for number in range(30)]
    admins = [_admin(name, name, number, "Deny") for number, name in enumerate(names)]
    policies = [_policy(name, name) for name in names]
    found = cluster(namespaces=[{"name": "shop"}], policies=[*admins, *policies])
    assert (list(overridden_rules(found)), len(compared)) == ([], 30)
