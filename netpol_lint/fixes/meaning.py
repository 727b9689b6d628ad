"""What a file says before its fixes, and which of them do not make of it what they mean."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any, Final

from netpol_lint.findings import REMOVED, Change, Fix, Inserted, Moved, Renamed
from netpol_lint.fixes.texts import edited, line_starts, offset
from netpol_lint.records import NamedTuple
from netpol_lint.source.documents import Failure, read_trees
from netpol_lint.source.location import Span
from netpol_lint.source.tree import plain_data

_ALL: Final = -1
_COMMENT: Final = re.compile(r"(?:^|\s)#")


class _Place(NamedTuple):
    """What is judged by itself: a document of a file, or an item of a list."""

    document: int
    item: int = _ALL


class Before:
    """A file before its fixes, parsed once."""

    def __init__(self, path: str, text: str) -> None:
        self._path, self._text = path, text
        self._line_starts = line_starts(text)
        self._data, spans = _read(text, path)
        self._starts = [span[:2] for span in spans]
        self._ends = [span[2:] for span in spans]

    def suspects(self, fixes: Sequence[Fix]) -> list[list[int]]:
        """Groups of the fixes, by index, each with one that does not do what it means; empty if they all do.

        They do if the edited text parses to the old data with the fixes' changes, and to nothing else. A group has the
        fixes of a document, or of an item of a list, that is not what it should be.
        """
        meant = list(self._data)
        copied: set[int] = set()
        lost: list[int] = []
        for index, change in _in_order(fixes):
            document = self._document_of(change.at.span)
            if document not in copied and document != _ALL:
                copied.add(document)
                meant[document] = deepcopy(meant[document])
            if document == _ALL or not _carry_out(meant, document, change):
                lost.append(index)
        lost += [index for index, fix in enumerate(fixes) if self._takes_a_comment(fix)]
        if lost:
            return [[index] for index in dict.fromkeys(lost)]
        after, _ = _read(edited(self._text, [edit for fix in fixes for edit in fix.edits]), self._path)
        if len(after) != len(meant):
            return [list(range(len(fixes)))]
        wrong = {place for number, data in enumerate(meant) for place in _differing(number, data, after[number])}
        return self._grouped(fixes, wrong) if wrong else []

    def _takes_a_comment(self, fix: Fix) -> bool:
        """Whether a comment that is not about the item that goes would go with the comma before or after it."""
        text, starts = self._text, self._line_starts
        for change in fix.changes:
            for edit in fix.edits if change.value is REMOVED else ():
                places = edit.span[:2], change.at.span[:2], change.at.span[2:], edit.span[2:]
                start, own_start, own_end, end = (offset(starts, *place) for place in places)
                below = text[own_end:end].partition("\n")[2]
                if not start <= own_start <= own_end <= end:  # it makes one item of two
                    continue
                if _COMMENT.search(text[start:own_start]) or _COMMENT.search(below):
                    return True
        return False

    def _grouped(self, fixes: Sequence[Fix], wrong: set[_Place]) -> list[list[int]]:
        groups: dict[_Place, list[int]] = {}
        for index, fix in enumerate(fixes):
            for place in self._places(fix):
                if place in wrong:
                    groups.setdefault(place, []).append(index)
                    break
        return list(groups.values()) or [list(range(len(fixes)))]

    def _places(self, fix: Fix) -> Iterator[_Place]:
        for change in fix.changes:
            document = self._document_of(change.at.span)
            yield _Place(document)
            keys = _keys(change.at.pointer)
            if keys[:1] == ["items"] and keys[1:] and keys[1].isdecimal():
                yield _Place(document, int(keys[1]))
        if not fix.changes:  # it changes comments, which may stand above what they are about
            line, column = fix.edits[0].span[:2]
            before = bisect(self._starts, (line, column)) - 1
            yield from (_Place(before), _Place(before + 1))

    def _document_of(self, span: Span) -> int:
        place = bisect(self._starts, span[:2]) - 1
        return place if place >= 0 and span[:2] < self._ends[place] else _ALL


def _read(text: str, path: str) -> tuple[list[Any], list[Span]]:
    """The data of every document with its place; in place of one that cannot be read, why it cannot."""
    data: list[Any] = []
    spans: list[Span] = []
    for tree in read_trees(text.encode("utf-8", "surrogatepass"), path):
        if isinstance(tree, Failure):
            data.append(tree.kind)
            spans.append(tree.at.span)
        else:
            data.append(plain_data(tree))
            spans.append(tree.span)
    return data, spans


def _differing(number: int, meant: Any, after: Any) -> Iterator[_Place]:
    if meant == after:
        return
    items, others = (one.get("items") if isinstance(one, dict) else () for one in (meant, after))
    if isinstance(items, list) and isinstance(others, list) and len(items) == len(others):
        rest = ({key: value for key, value in one.items() if key != "items"} for one in (meant, after))
        if next(rest) == next(rest):
            yield from (_Place(number, place) for place, item in enumerate(items) if item != others[place])
            return
    yield _Place(number)


def _in_order(fixes: Sequence[Fix]) -> list[tuple[int, Change]]:
    """The changes of the fixes; what removes items of lists, or puts some between them, comes last, from the end, so
    that no place moves before."""
    kept: list[tuple[int, Change]] = []
    moving: dict[tuple[Any, ...], tuple[int, Change]] = {}
    for index, fix in enumerate(fixes):
        for change in fix.changes:
            if change.value is REMOVED or isinstance(change.value, Inserted):
                moving[change.at.span[:2], tuple(map(_by_number, _keys(change.at.pointer)))] = (index, change)
            else:
                kept.append((index, change))
    return [*kept, *(moving[place] for place in sorted(moving, reverse=True))]


def _by_number(key: str) -> tuple[int, str]:
    return (int(key) if key.isdecimal() else 0), key


def _carry_out(data: list[Any], document: int, change: Change) -> bool:
    """Carry out one change in place; False if its place does not exist."""
    keys = _keys(change.at.pointer)
    if not keys:
        data[document] = deepcopy(change.value)
        return True
    value = change.value
    if isinstance(value, Moved):
        *way, key = _keys(value.pointer)
        source = _descend(data[document], way)
        if not isinstance(source, dict) or key not in source:
            return False
        value = source.pop(key)
    return _put(_descend(data[document], keys[:-1]), keys[-1], deepcopy(value))


def _descend(data: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        data = _child(data, key)
    return data


def _keys(pointer: str) -> list[str]:
    return [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]


def _child(parent: Any, key: str) -> Any:
    if isinstance(parent, dict):
        return parent.get(key)
    if isinstance(parent, list) and key.isdecimal() and int(key) < len(parent):
        return parent[int(key)]
    return None


def _put(parent: Any, key: str, value: Any) -> bool:
    if isinstance(parent, list):
        return key.isdecimal() and _put_item(parent, int(key), value)
    if not isinstance(parent, dict) or isinstance(value, Inserted):
        return False
    if isinstance(value, Renamed):
        return _rename(parent, key, value)
    if value is not REMOVED:
        parent[key] = value
        return True
    return parent.pop(key, REMOVED) is not REMOVED


def _put_item(parent: list[Any], index: int, value: Any) -> bool:
    if isinstance(value, Inserted):
        parent.insert(index, value.value)
        return index < len(parent)
    if index >= len(parent):
        return False
    parent[index : index + 1] = [] if value is REMOVED else [value]
    return True


def _rename(parent: dict[str, Any], key: str, renamed: Renamed) -> bool:
    if key not in parent or renamed.key in parent:
        return False
    parent[renamed.key] = parent.pop(key)
    return True
