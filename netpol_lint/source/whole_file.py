"""A file of one of our own formats as one tree: parsed whole, guarded like manifests, errors at their place."""

from __future__ import annotations

from typing import Final

from netpol_lint.errors import NetpolLintError
from netpol_lint.source import interest
from netpol_lint.source.compose import Broken, Empty, Refused, compose
from netpol_lint.source.limits import Limits
from netpol_lint.source.places import line_starts, move, moved
from netpol_lint.source.raw import Trouble, trouble_in
from netpol_lint.source.syntax import explain, text_of
from netpol_lint.source.tree import Node, Origin, duplicate_keys, wrap

_LIMITS: Final = Limits(nesting=50)
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


def read_tree(data: bytes, path: str) -> Node | None:
    """The root of the first YAML document, None if there is nothing but comments.

    NetpolLintError, with its place, if the text is not YAML, gives a key twice, or is more than any such file needs.
    """
    if len(data) > _LIMITS.file:
        raise NetpolLintError(f"larger than {_LIMITS.file} bytes, so it is not read", path=path)
    if data.startswith(_UTF_16):
        raise NetpolLintError("not UTF-8 text", path=path, line=1, column=1)
    text, has_odd_breaks = text_of(data), interest.ODD_BREAK.search(data) is not None
    composed = compose(data, _LIMITS)
    if isinstance(composed, Empty):
        return None
    if isinstance(composed, Broken):
        complaint = explain(composed.error, data)
        mark = moved(complaint.mark, line_starts(text), 0) if has_odd_breaks else complaint.mark
        raise NetpolLintError(complaint.message, path=path, line=mark.line + 1, column=mark.column + 1)
    if isinstance(composed, Refused):
        raise _refusal(composed.trouble, path)
    if has_odd_breaks:
        move(composed.raw, text, 0)
    trouble, _ = trouble_in(composed.raw, data, _LIMITS)
    if trouble.message:
        raise _refusal(trouble, path)
    root = wrap(composed.raw, Origin(path, 0))
    for key, first, (_, second, _), _ in duplicate_keys(root):
        message = f"{key!r} is given twice (first on line {first.span.line})"
        raise NetpolLintError(message, path=path, line=second.line, column=second.column)
    return root


def _refusal(trouble: Trouble, path: str) -> NetpolLintError:
    mark = trouble.raw.start_mark
    return NetpolLintError(trouble.message, path=path, line=mark.line + 1, column=mark.column + 1)
