"""Values of our own file formats: what a node must be, or a NetpolLintError at its place."""

from __future__ import annotations

from collections.abc import Iterable

from netpol_lint.errors import NetpolLintError
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence


def mistake(message: str, at: Location) -> NetpolLintError:
    """The error to raise for what stands there."""
    return NetpolLintError(message, path=at.path, line=at.span.line, column=at.span.column)


def as_mapping(node: Node | Missing, what: str) -> Mapping:
    """The node, which must be a mapping."""
    if isinstance(node, Mapping):
        return node
    raise mistake(f"{what} must be a mapping, not {said(node)}", place(node))


def as_list(node: Node | Missing, what: str) -> Sequence:
    """The node, which must be a list."""
    if isinstance(node, Sequence):
        return node
    raise mistake(f"{what} must be a list, not {said(node)}", place(node))


def as_text(node: Node | Missing, what: str) -> str:
    """The node's text, which must be a string and not empty."""
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, str) and value:
        return value
    quotes = " (put it in quotes)" if isinstance(value, (bool, int, float)) else ""
    raise mistake(f"{what} must be text, not {said(node)}{quotes}", place(node))


def as_bool(node: Node | Missing, what: str) -> bool:
    """The node's value, which must be true or false."""
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return node.value
    raise mistake(f"{what} must be true or false, not {said(node)}", place(node))


def as_labels(node: Node | Missing, what: str) -> dict[str, str]:
    """Labels; none where the field is missing. A value may be empty, but must be a string."""
    if isinstance(node, Missing):
        return {}
    labels: dict[str, str] = {}
    for key, _, value in as_mapping(node, what):
        text = value.value if isinstance(value, Scalar) else None
        if not isinstance(text, str):
            quotes = " (put it in quotes)" if isinstance(text, (bool, int, float)) else ""
            raise mistake(f"the label {key!r} must be text, not {said(value)}{quotes}", place(value))
        labels[key] = text
    return labels


def only(mapping: Mapping, known: Iterable[str], what: str) -> None:
    """NetpolLintError for the first key that is not known, with the one probably meant."""
    names = tuple(known)
    for key, _, _ in mapping:
        if key not in names:
            from difflib import get_close_matches

            close = get_close_matches(key[:100], names, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}"
            raise mistake(f"unknown key {key!r} in {what}; {hint}", mapping.key_location(key))


def required(mapping: Mapping, key: str, what: str) -> Node:
    """The value of a key that must be there."""
    value = mapping.get(key)
    if isinstance(value, Missing):
        raise mistake(f"{what} lacks `{key}`", place(mapping))
    return value


def place(node: Node | Missing) -> Location:
    """Where to point at for what a node holds."""
    if isinstance(node, Missing):
        return node.location
    span = node.span
    return Location(node.path, span, node.pointer) if isinstance(node, Scalar) and node.text else node.location


def said(node: Node | Missing) -> str:
    """What a node holds, in words."""
    if not isinstance(node, Scalar):
        return "a mapping" if isinstance(node, Mapping) else "a list" if isinstance(node, Sequence) else "nothing"
    match node.value:
        case None | "":
            return "nothing"
        case bool() as truth:
            return "true" if truth else "false"
        case int() | float() as number:
            return f"the number {number}"
        case text:
            return repr(text) if len(text) <= 60 else f"{text[:60]!r}..."
