"""LabelSelector: `matchLabels` and `matchExpressions`, with the checks of metav1 validation.ValidateLabelSelector."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.algebra.labels import Operator, Requirement, equals
from netpol_lint.resources.decode.names import label_key_error, label_value_error, show
from netpol_lint.resources.decode.notes import Notes, Schema
from netpol_lint.resources.decode.placeholders import error, has_placeholder
from netpol_lint.resources.selectors import LabelSelector, PlacedRequirement
from netpol_lint.source.location import Location, Span
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence, text_span

SELECTOR: Final = Schema(
    "a label selector",
    frozenset(("matchLabels", "matchExpressions")),
    synonyms={"labels": "matchLabels", "matchLabel": "matchLabels", "expressions": "matchExpressions"},
    otherwise="labels belong under `matchLabels`",
)
_REQUIREMENT: Final = Schema(
    "an entry of `matchExpressions`",
    frozenset(("key", "operator", "values")),
    synonyms={"value": "values", "op": "operator", "name": "key", "label": "key"},
)
_OPERATORS: Final = {operator.value: operator for operator in Operator}
_NEGATIVE_OF: Final = {"!=": "NotIn", "==": "In", "=": "In", "Equals": "In", "NotExists": "DoesNotExist"}
_LISTED: Final = "In, NotIn, Exists or DoesNotExist"


def label_selector(node: Mapping, notes: Notes, everything: str) -> LabelSelector:
    """The selector written at `node`; what is wrong with it is in `notes`.

    `everything` says what a selector without requirements means in its place: "the policy then selects ...".
    """
    placed = (*_match_labels(node.get("matchLabels"), notes), *_match_expressions(node.get("matchExpressions"), notes))
    notes.unknown_fields(node, SELECTOR, lambda _: "" if placed else everything)
    return LabelSelector(placed, node.location)


def no_selector(at: Location) -> LabelSelector:
    """What a missing `podSelector` of a policy means: everything."""
    return LabelSelector((), at)


def _match_labels(node: Node | Missing, notes: Notes) -> Iterator[PlacedRequirement]:
    mapping = notes.mapping(node, "a mapping of labels")
    if not isinstance(mapping, Mapping):
        return
    for entry in mapping:
        key, value_node = entry.key, entry.value
        key_at = Location(value_node.path, entry.key_span, value_node.pointer)
        value_at = value_node.location
        wrong = error(label_key_error, key)
        if wrong:
            notes.invalid(key_at, wrong)
        value = _string_or_empty(value_node, notes)
        wrong = error(label_value_error, value)
        if wrong:
            notes.invalid(value_at, wrong)
        whole = Span(*entry.key_span[:2], *value_at.span[2:])
        yield PlacedRequirement(equals(key, value), key_at, ((value, value_at),), whole, mapping.in_flow)


def _match_expressions(node: Node | Missing, notes: Notes) -> Iterator[PlacedRequirement]:
    items = notes.sequence(node, "a list of requirements")
    if not isinstance(items, Sequence):
        return
    for item in items:
        requirement = notes.mapping(item, "a requirement with `key` and `operator`")
        if isinstance(requirement, Mapping):
            yield from _requirement(requirement, notes, in_flow=items.in_flow)
        elif isinstance(item, Scalar) and item.value is None:
            notes.invalid(
                item.location, f"an empty entry of `matchExpressions`: it needs a key and an operator ({_LISTED})"
            )


def _requirement(node: Mapping, notes: Notes, *, in_flow: bool) -> Iterator[PlacedRequirement]:
    before = notes.rejections
    key_node, operator_node = node.get("key"), node.get("operator")
    key = notes.string(key_node)
    name = notes.string(operator_node)
    values = tuple(_values(node.get("values"), notes))
    lost: list[str] = []
    notes.unknown_fields(node, _REQUIREMENT, lambda meant: _lost(meant, name, lost))
    if notes.rejections > before:
        return  # decoding stops before validation begins
    operator = _OPERATORS.get(name) if isinstance(name, str) else None
    if operator is not None:
        _check_values(operator, node, len(values), notes, lost="values" in lost)
    elif "operator" not in lost:
        _wrong_operator(operator_node, name if isinstance(name, str) else "", notes)
    key_text = key if isinstance(key, str) else ""
    wrong = error(label_key_error, key_text)
    if wrong and "key" not in lost:
        notes.invalid(key_node.location, wrong)
    for value, at in values:
        wrong = error(label_value_error, value)
        if wrong:
            notes.invalid(at, wrong)
    if lost:
        notes.cannot_tell()
    if operator is not None and notes.rejections == before:
        requirement = Requirement(key_text, operator, frozenset(value for value, _ in values))
        yield PlacedRequirement(requirement, key_node.location, values, text_span(node), in_flow)


def _check_values(operator: Operator, node: Mapping, count: int, notes: Notes, *, lost: bool) -> None:
    """`values` as the operator wants them; `lost` if an unknown field probably means them."""
    if operator in (Operator.IN, Operator.NOT_IN):
        if not count and not lost:
            notes.invalid(node.get("values").location, f"operator {operator.value} needs at least one value")
    elif count:
        notes.invalid(node.key_location("values"), f"operator {operator.value} takes no values, got {count}")


def _lost(meant: str, operator: object, lost: list[str]) -> str:
    """What the loss of a field does; where the policy is rejected for want of it, it is added to `lost`."""
    if not meant or (meant == "values" and operator not in ("In", "NotIn")):
        return ""
    lost.append(meant)
    return f"the entry then has no {meant}, and the API server rejects it"


def _wrong_operator(node: Node | Missing, name: str, notes: Notes) -> None:
    if has_placeholder(name):
        notes.cannot_tell()
        return
    if not name:
        notes.invalid(node.location, f"an entry of `matchExpressions` needs an operator: {_LISTED}")
        return
    meant = _NEGATIVE_OF.get(name, "") or {text.casefold(): text for text in _OPERATORS}.get(name.casefold(), "")
    notes.invalid(node.location, f"operator {show(name)} must be {_LISTED}", meant, written=name)


def _values(node: Node | Missing, notes: Notes) -> Iterator[tuple[str, Location]]:
    items = notes.sequence(node, "a list of label values")
    if isinstance(items, Sequence):
        for item in items:
            yield _string_or_empty(item, notes), item.location


def _string_or_empty(node: Node, notes: Notes) -> str:
    value = notes.string(node)
    return value if isinstance(value, str) else ""
