"""NP009: two policies of the same namespace and name."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.doubles import doubles
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import object_text


def check(cluster: Cluster) -> Iterator[Problem]:
    for double in doubles(cluster):
        name = object_text(double.second.ref)
        if double.same:
            effect = "as the same; only one of the two is kept, and a change to one is undone by the other"
        else:
            effect = "and this one, applied later, overwrites the first: the rules of the first are lost"
        related = (Related("the first" if double.same else "the first, which is lost", double.first.at),)
        yield Problem(f"{name} is defined a second time, {effect}", double.second.at, double.second.ref, related)
