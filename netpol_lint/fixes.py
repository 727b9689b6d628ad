"""Fixes carried out: edits at exact spans, taken only if the file then parses to exactly what was meant.

Every other byte stays as it is. Fixes that touch the same text are applied one per round; the caller lints again
and comes back until nothing is left to do.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, Final, NamedTuple

from netpol_lint.findings import REMOVED, Change, Edit, Finding, Fix, Renamed
from netpol_lint.source.documents import Document, read_documents
from netpol_lint.source.location import Span
from netpol_lint.source.tree import plain_data

_END: Final = sys.maxsize
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+\Z")


class Applied(NamedTuple):
    """The new texts by path, the findings whose fix was applied, and those whose fix did not do what it meant."""

    texts: Mapping[str, str]
    fixed: tuple[Finding, ...]
    refused: tuple[Finding, ...]


def is_applicable(fix: Fix, *, unsafe: bool) -> bool:
    """Whether a run with or without `--unsafe-fixes` applies it."""
    return bool(fix.edits) and (fix.safe or unsafe)


def apply(findings: Iterable[Finding], texts: Mapping[str, str], *, unsafe: bool) -> Applied:
    """One round of fixes over the given files (path to text); files without a change are not in the result."""
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        if is_applicable(finding.fix, unsafe=unsafe) and finding.fix.edits[0].path in texts:
            by_path.setdefault(finding.fix.edits[0].path, []).append(finding)
    new_texts: dict[str, str] = {}
    fixed: list[Finding] = []
    refused: list[Finding] = []
    for path, candidates in sorted(by_path.items()):
        before = _Before(path, texts[path])
        chosen = list(_apart(candidates))
        if not before.becomes_what_is_meant(tuple(f.fix for f in chosen)):
            good = [f for f in candidates if before.becomes_what_is_meant((f.fix,))]
            refused.extend(f for f in candidates if f not in good)
            chosen = list(_apart(good))
            while chosen and not before.becomes_what_is_meant(tuple(f.fix for f in chosen)):
                chosen.pop()
        if chosen:
            new_texts[path] = edited(texts[path], [edit for f in chosen for edit in f.fix.edits])
            fixed.extend(chosen)
    return Applied(new_texts, tuple(fixed), tuple(refused))


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text after the edits, which must not overlap; a line they add ends as the others do."""
    starts = _line_starts(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    pieces: list[str] = []
    kept_to = 0
    for edit in sorted(set(edits), key=lambda e: (e.span, e.text)):
        start, end = _offsets(starts, edit.span)
        pieces += (text[kept_to:start], edit.text.replace("\n", newline))
        kept_to = end
    return "".join((*pieces, text[kept_to:]))


def unified_diff(path: str, old: str, new: str) -> str:
    """The difference in the form `patch` and `git apply` take."""
    from difflib import unified_diff

    lines = unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, in order, whose edits do not touch an earlier one's."""
    taken: list[Span] = []
    for finding in findings:
        spans = [edit.span for edit in finding.fix.edits]
        if not any(_touch(span, other) for span in spans for other in taken):
            taken.extend(spans)
            yield finding


def _touch(one: Span, other: Span) -> bool:
    return one[:2] <= other[2:] and other[:2] <= one[2:]


class _Before:
    """A file before its fixes, parsed once."""

    def __init__(self, path: str, text: str) -> None:
        self._path, self._text = path, text
        self._documents = _documents(text, path)
        self._data = [plain_data(document.root) for document in self._documents]

    def becomes_what_is_meant(self, fixes: tuple[Fix, ...]) -> bool:
        """Whether the edited text parses to the old data with the fixes' changes, and to nothing else."""
        meant = deepcopy(self._data)
        for change in _in_order(fixes):
            if not _change(meant, self._documents, change):
                return False
        after = edited(self._text, [edit for fix in fixes for edit in fix.edits])
        return [plain_data(document.root) for document in _documents(after, self._path)] == meant


def _in_order(fixes: tuple[Fix, ...]) -> list[Change]:
    """The changes of the fixes; what removes items of lists comes last, from the end, so that no place moves before."""
    changes = [change for fix in fixes for change in fix.changes]
    kept = [change for change in changes if change.value is not REMOVED]
    removed = {
        (change.at.path, change.at.span[:2], change.at.pointer): change for change in changes if change not in kept
    }
    return [*kept, *(removed[place] for place in sorted(removed, reverse=True))]


def _documents(text: str, path: str) -> list[Document]:
    return [item for item in read_documents(text.encode("utf-8", "surrogatepass"), path) if isinstance(item, Document)]


def _change(data: list[Any], documents: list[Document], change: Change) -> bool:
    """Carry out one change in place; False if its place does not exist."""
    for index, document in enumerate(documents):
        root = document.root
        if not root.span[:2] <= change.at.span[:2] < root.span[2:]:
            continue
        within = change.at.pointer.removeprefix(root.pointer)  # an item of a list has the pointer of its place there
        keys = [key.replace("~1", "/").replace("~0", "~") for key in within.split("/")[1:]]
        if not keys:
            data[index] = deepcopy(change.value)
            return True
        parent = data[index]
        for key in keys[:-1]:
            parent = _child(parent, key)
        return _put(parent, keys[-1], deepcopy(change.value))
    return False


def _child(parent: Any, key: str) -> Any:
    if isinstance(parent, dict):
        return parent.get(key)
    if isinstance(parent, list) and key.isdigit() and int(key) < len(parent):
        return parent[int(key)]
    return None


def _put(parent: Any, key: str, value: Any) -> bool:
    if isinstance(parent, dict):
        return _rename(parent, key, value) if isinstance(value, Renamed) else _set(parent, key, value)
    if isinstance(parent, list) and key.isdigit() and int(key) < len(parent):
        return _set(parent, int(key), value)
    return False


def _rename(parent: dict[str, Any], key: str, renamed: Renamed) -> bool:
    if key not in parent or renamed.key in parent:
        return False
    parent[renamed.key] = parent.pop(key)
    return True


def _set(parent: Any, key: str | int, value: Any) -> bool:
    if value is REMOVED:
        del parent[key]
    else:
        parent[key] = value
    return True


def _line_starts(text: str) -> list[int]:
    starts = [match.start() for match in _LINE.finditer(text)]
    if not text or text.endswith("\n"):
        starts.append(len(text))
    return starts


def _offsets(starts: list[int], span: Span) -> tuple[int, int]:
    """Where a span starts and ends in the text; one that ends on the line after the last ends with the text."""
    start = starts[span.line - 1] + span.column - 1
    return start, starts[span.end_line - 1] + span.end_column - 1 if span.end_line <= len(starts) else _END
