"""What NP601, NP602, NP603 and NP604 call superfluous is so: without it no connection of any unit changes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings as running, strategies as st

from netpol_lint import fixes
from netpol_lint.config import Settings
from netpol_lint.engine import from_texts
from netpol_lint.engine.proving import changes_no_connection
from netpol_lint.findings import Finding
from tests.properties.clusters import cluster_policies, labels, network_policies, selectors
from tests.running import CATALOG, fixed_texts, problems_in

_PATH = "all.yaml"
_SETTINGS = Settings()
_NAMESPACES = ("red", "blue")


@st.composite
def policies(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A few policies; some say what others say for fewer pods, or with a rule more."""
    own = draw(st.lists(network_policies(), min_size=1, max_size=3))
    for policy in draw(st.lists(st.sampled_from(own), max_size=2)):
        copy = json.loads(json.dumps(policy))
        if draw(st.booleans()):
            copy["spec"]["podSelector"] = draw(selectors())
        own.append(copy)
    for number, policy in enumerate(own):
        policy["metadata"] = {**policy["metadata"], "name": f"p{number}"}
        for field in ("ingress", "egress"):
            rules = policy["spec"].get(field)
            if rules and draw(st.booleans()):
                policy["spec"][field] = [*rules, draw(st.sampled_from(rules))]
    return own


@st.composite
def units(draw: st.DrawFn, *, with_tiers: bool = False) -> list[dict[str, Any]]:
    spaces = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": draw(labels)}}
        for name in _NAMESPACES
    ]
    pods = [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": f"w{number}", "namespace": draw(st.sampled_from(_NAMESPACES)), "labels": own},
            "spec": {"containers": [{"name": "c", "image": "c", "ports": [{"name": "web", "containerPort": 80}]}]},
        }
        for number, own in enumerate(draw(st.lists(labels, max_size=3)))
    ]
    tiers = draw(st.lists(cluster_policies(), min_size=1, max_size=2)) if with_tiers else []
    for number, policy in enumerate(tiers):
        policy["metadata"] = {"name": f"c{number}"}
    return [*spaces, *pods, *draw(policies()), *tiers]


def _text(documents: list[dict[str, Any]]) -> str:
    return "---\n".join(f"{json.dumps(document, indent=1)}\n" for document in documents)


def _stays(before: str, after: str) -> bool:
    old, new = (from_texts({_PATH: text.encode()}, _SETTINGS) for text in (before, after))
    return changes_no_connection(old, new, _SETTINGS, [_PATH])


def _found(rule: str, text: str) -> list[Finding]:
    return problems_in(CATALOG.find(rule), {_PATH: text}, _SETTINGS)


@running(max_examples=80)
@given(units(), st.sampled_from(("NP602", "NP603")))
def test_safe_fixes_change_no_connection_and_leave_nothing_to_fix(documents: list[dict[str, Any]], rule: str) -> None:
    before = _text(documents)
    after = fixed_texts(CATALOG.find(rule), {_PATH: before}, _SETTINGS)[_PATH]
    assert _stays(before, after)
    assert [] == [found.message for found in _found(rule, after) if found.fix.edits]


@running(max_examples=80)
@given(units())
def test_each_safe_fix_alone_changes_no_connection(documents: list[dict[str, Any]]) -> None:
    before = _text(documents)
    for rule in ("NP602", "NP603"):
        for found in _found(rule, before):
            applied = fixes.apply([found], {_PATH: before}, unsafe=False)
            assert all(_stays(before, text) for text in applied.texts.values()), found.message


@running(max_examples=80)
@given(units())
def test_without_the_redundant_policies_no_connection_changes(documents: list[dict[str, Any]]) -> None:
    before = _text(documents)
    gone = {found.about.name for found in _found("NP601", before)}
    left = [document for document in documents if document["metadata"]["name"] not in gone]
    assert _stays(before, _text(left)), gone


@running(max_examples=80)
@given(units(with_tiers=True))
def test_without_an_overridden_rule_no_connection_changes(documents: list[dict[str, Any]]) -> None:
    before = _text(documents)
    for found in _found("NP604", before):
        *_, field, index = found.at.pointer.split("/")
        changed = json.loads(json.dumps(documents))
        [policy] = [one for one in changed if one["metadata"]["name"] == found.about.name]
        types = ["Ingress", "Egress"] if policy["spec"].get("egress") else ["Ingress"]
        policy["spec"].setdefault("policyTypes", types)
        del policy["spec"][field][int(index)]
        assert _stays(before, _text(changed)), found.message
