"""NP006: rules for a direction that `policyTypes` leaves out."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import NO_FIX, Fix, Problem, Related
from netpol_lint.findings.insertions import Item, Style, after_item
from netpol_lint.findings.wording import listed, policy_text
from netpol_lint.resources.policy import Direction, NetworkPolicy


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy in cluster.policies:
        for direction in Direction:
            rules = policy.rule_list(direction)
            if not rules.rules or policy.isolates(direction):
                continue
            types = listed(d.value for d in Direction if policy.isolates(d))
            field = direction.field
            message = (
                f"{policy_text(policy)} has {field} rules without effect: `policyTypes` lists {types} alone, so the"
                f" policy neither restricts {field} nor admits any"
            )
            related = (Related(f"lists {types}", policy.types_at),)
            yield Problem(message, rules.at, policy.meta.ref, related, _fix(policy, direction))


def _fix(policy: NetworkPolicy, direction: Direction) -> Fix:
    """Adds the direction to `policyTypes`, which has one entry, and may have two; one with an anchor is left."""
    last, dash, in_flow = policy.types_listed
    [written] = (each.value for each in Direction if policy.isolates(each))
    width, is_only = last.span.end_column - last.span.column, last.pointer.endswith("/0")
    if not is_only or width not in (len(written), len(written) + 2):
        return NO_FIX
    item, style = Item(last, last.span, dash, in_flow), Style(quoted=width > len(written))
    return after_item(item, direction.value, style, f"add {direction.value} to policyTypes")
