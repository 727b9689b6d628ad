"""The fix that writes `policyTypes` into a policy that has none, so that every other byte stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netpol_lint.findings import NO_FIX, Change, Edit, Fix
from netpol_lint.resources.policy import Direction, NetworkPolicy
from netpol_lint.source.location import Location, Span


def with_policy_types(policy: NetworkPolicy, types: Iterable[Direction], *, safe: bool) -> Fix:
    """The fix that adds `policyTypes`; none where its place is not plain from the text.

    In block style the new line follows the line of `spec`, so that comments above the other fields stay with them;
    in flow style it goes before the rules, on a line of its own where they begin one.
    """
    if not policy.types_at.pointer.endswith("/spec"):  # an empty `policyTypes` is there already
        return NO_FIX
    names = [direction.value for direction in Direction if direction in types]
    at = policy.types_at._replace(pointer=f"{policy.types_at.pointer}/policyTypes")
    description = f"write policyTypes: [{', '.join(names)}]"
    for edit in (*_in_block(policy, names), *_in_flow(policy, names)):
        return Fix(description, safe, (edit,), (Change(at, names),))
    return NO_FIX


def _in_block(policy: NetworkPolicy, names: list[str]) -> Iterator[Edit]:
    line = policy.types_at.span.line + 1
    for field in _fields(policy):
        if not policy.spec_in_flow and field.span.line >= line and field.span[:2] == policy.spec_at.span[:2]:
            text = f"{' ' * (field.span.column - 1)}policyTypes: [{', '.join(names)}]\n"
            yield Edit(field.path, Span(line, 1, line, 1), text)


def _in_flow(policy: NetworkPolicy, names: list[str]) -> Iterator[Edit]:
    own_line = policy.types_at.span.line
    for field in sorted(_fields(policy) if policy.spec_in_flow else (), key=lambda at: at.span.line > own_line):
        line, column = field.span[:2]
        if policy.spec_at.span[:2] < (line, column) < policy.spec_at.span[2:]:
            quote = '"' if _is_quoted(field) else ""
            listed = ", ".join(f"{quote}{name}{quote}" for name in names)
            after = " " if line == own_line else "\n" + " " * (column - 1)
            yield Edit(field.path, Span(line, column, line, column), f"{quote}policyTypes{quote}: [{listed}],{after}")


def _fields(policy: NetworkPolicy) -> Iterator[Location]:
    """The keys of `spec` that are written, in the order in which `policyTypes` may stand before one of them."""
    for at in (*sorted((policy.ingress.at, policy.egress.at)), policy.pod_selector.at):
        if at.pointer != policy.types_at.pointer and (_width(at) == len(_key(at)) or _is_quoted(at)):
            yield at


def _is_quoted(at: Location) -> bool:
    return _width(at) == len(_key(at)) + 2


def _key(at: Location) -> str:
    return at.pointer.rpartition("/")[2]


def _width(at: Location) -> int:
    return at.span.end_column - at.span.column
