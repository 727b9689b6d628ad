"""A finding keeps its fingerprint when lines move and lists are reordered, and loses it when its object changes."""

from __future__ import annotations

from typing import Any

from netpol_lint.findings import Finding, Severity
from netpol_lint.findings.fingerprint import Pointers, with_fingerprints
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.source.location import Location, Span

DATA = {"spec": {"ingress": [{"ports": [{"port": 80}]}, {"ports": [{"port": 443}]}]}}


def _prints(*places: tuple[str, int, str], data: Any = DATA, name: str = "web") -> list[str]:
    about = ObjectRef("networking.k8s.io", "NetworkPolicy", "shop", name)
    findings = [
        (
            Finding("NP301", "n", Severity.NOTE, "m", Location(path, Span(line, 1, line, 2), pointer), about, (".",)),
            "",
        )
        for path, line, pointer in places
    ]
    return [f.fingerprint for f in with_fingerprints(findings, lambda at: Pointers(data))]


def test_line_and_path_do_not_enter() -> None:
    assert _prints(("a.yaml", 1, "/spec/ingress/0")) == _prints(("b.yaml", 9, "/spec/ingress/0"))


def test_reordering_a_list_keeps_the_fingerprint() -> None:
    reordered = {"spec": {"ingress": list(reversed(DATA["spec"]["ingress"]))}}
    before = _prints(("a.yaml", 1, "/spec/ingress/0/ports/0"))
    assert before == _prints(("a.yaml", 1, "/spec/ingress/1/ports/0"), data=reordered)


def test_changing_the_element_changes_the_fingerprint() -> None:
    assert _prints(("a.yaml", 1, "/spec/ingress/0")) != _prints(("a.yaml", 1, "/spec/ingress/1"))


def test_another_object_has_another_fingerprint() -> None:
    assert _prints(("a.yaml", 1, "/spec")) != _prints(("a.yaml", 1, "/spec"), name="db")


def test_equal_findings_are_told_apart_by_path_whatever_their_order() -> None:
    one, two = _prints(("a.yaml", 1, "/spec"), ("b.yaml", 1, "/spec"))
    assert one != two
    assert [two, one] == _prints(("b.yaml", 1, "/spec"), ("a.yaml", 1, "/spec"))


def test_a_pointer_into_nothing_is_still_stable() -> None:
    assert "/spec/egress/4" == Pointers(DATA).stable("/spec/egress/4")


def test_two_pointers_through_one_element_share_its_hash() -> None:
    pointers = Pointers(DATA)
    first, second = (pointers.stable(f"/spec/ingress/0/ports{rest}").split("/")[3] for rest in ("", "/0"))
    assert first == second
