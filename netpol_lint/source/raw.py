"""What a composed document may hold: nothing that kubectl refuses, and no more than the limits allow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from netpol_lint.records import NamedTuple
from netpol_lint.source.limits import Limits
from netpol_lint.source.scalars import is_merge, key_problem, scalar_problem

RawNode = Any
"""A node as the parser composed it: PyYAML's, known here only by its attributes (`id`, `tag`, `value`, marks)."""


class Trouble(NamedTuple):
    """Why a composed document is refused, and the node to point at."""

    message: str
    raw: RawNode
    limit: bool = False


FINE: Final = Trouble("", None)

_SPELT_DIFFERENTLY: Final = frozenset(
    "y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF ~ null Null NULL <<".split()
)
_ALIAS: Final = re.compile(rb"\*[0-9A-Za-z_-]")
_ANCHOR: Final = re.compile(rb"&[0-9A-Za-z_-]")
_UNUSUAL_VALUE: Final = re.compile(rb"!|\.(?:[iI]nf|INF|nan|NaN|NAN)")
_MOST_BRACKETS: Final = 50
_FAR_INDENTED: Final = re.compile(rb"\n[ \-?:\t]{100}")
_ALIASES_ALWAYS_ALLOWED: Final = 100
_NODES_ALWAYS_ALLOWED: Final = 1000
_FEW_NODES: Final = 400_000
_MANY_NODES: Final = 4_000_000


def trouble_in(raw: RawNode, data: bytes, limits: Limits) -> tuple[Trouble, bool]:
    """What is wrong with the document composed from `data`, `FINE` if nothing; and whether a key may be given twice.

    Nearly every document is settled by a look at its bytes and at the keys of its mappings.
    """
    if b"*" in data and b"&" in data and _ALIAS.search(data) and _ANCHOR.search(data) and _repeats_a_collection(raw):
        trouble = _expanded(raw, limits)
    else:
        trouble = _too_deep(raw, data, limits.nesting)
    if trouble.message:
        return trouble, False
    odd = odd_keys(raw)
    if odd or _UNUSUAL_VALUE.search(data):
        return _refused(raw), odd
    return FINE, False


def _repeats_a_collection(root: RawNode) -> bool:
    """Whether some alias stands for a list or mapping; those for scalars make a document neither deep nor large."""
    seen: set[int] = set()
    stack: list[RawNode] = [root]
    while stack:
        raw = stack.pop()
        if id(raw) in seen:
            return True
        seen.add(id(raw))
        stack += [child for child in _children(raw) if child.id != "scalar"]
    return False


def odd_keys(raw: RawNode) -> bool:
    """Whether some mapping may have a key twice, merges, or has a key that is no string: nearly no document does.

    Two spellings of one key are booleans, nulls or numbers; the latter begin with a character before ":".
    """
    seen: set[int] = set()
    stack: list[RawNode] = [raw]
    while stack:
        node = stack.pop()
        value = node.value
        if node.id == "scalar" or not value or id(node) in seen:
            continue
        seen.add(id(node))
        if node.id == "sequence":
            stack += value
            continue
        try:
            keys = {key.value for key, _ in value}
            if len(keys) != len(value) or min(keys) < ":" or not keys.isdisjoint(_SPELT_DIFFERENTLY):
                return True
        except TypeError:  # a key that is a collection
            return True
        stack += [child for _, child in value if child.id != "scalar"]
    return False


def scalars_of(root: RawNode) -> Iterator[RawNode]:
    """Every scalar below a node without aliases, keys included, in document order."""
    stack = [root]
    while stack:
        raw = stack.pop()
        if raw.id == "scalar":
            yield raw
        else:
            stack += reversed(_children(raw))


def _refused(root: RawNode) -> Trouble:
    """The first key or value, in document order, for which kubectl refuses the document."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        raw = stack.pop()
        if id(raw) in seen:
            continue
        seen.add(id(raw))
        if raw.id == "scalar":
            problem = scalar_problem(raw.value, raw.tag, plain=not raw.style)
            if problem:
                return Trouble(problem, raw)
            continue
        if raw.id == "sequence":
            stack += reversed(raw.value)
            continue
        for key, value in reversed(raw.value):
            problem = _merge_problem(value) if is_merge(key) else key_problem(key)
            if problem:
                return Trouble(problem, key)
            stack.append(value)
    return FINE


def _merge_problem(value: RawNode) -> str:
    parts = value.value if value.id == "sequence" else (value,)
    if all(part.id == "mapping" for part in parts):
        return ""
    return "`<<` merges a mapping or a list of mappings, nothing else"


def _too_deep(root: RawNode, data: bytes, nesting: int) -> Trouble:
    """Without aliases the tree is the text: few brackets and no far indentation mean few levels."""
    brackets = data.count(b"[") + data.count(b"{")
    if nesting >= 2 * _FAR_COLUMN + _MOST_BRACKETS and brackets <= _MOST_BRACKETS and not _FAR_INDENTED.search(data):
        return FINE
    level = [root]
    for _ in range(nesting):
        level = [child for raw in level for child in _children(raw) if child.id != "scalar"]
        if not level:
            return FINE
    return Trouble(too_deep_message(nesting), level[0], limit=True)


_FAR_COLUMN: Final = 100


def too_deep_message(nesting: int) -> str:
    """The words for a document that is nested too deeply."""
    return f"lists and mappings nested deeper than {nesting} levels are not read"


def _children(raw: RawNode) -> list[RawNode]:
    if raw.id == "scalar":
        return []
    if raw.id == "sequence":
        return list(raw.value)
    return [node for pair in raw.value for node in pair]


def _expanded(root: RawNode, limits: Limits) -> Trouble:
    """go-yaml's budget for aliases, which it counts while it copies each; here the copies are only counted.

    The parser gives an alias as the anchor's own node, so a node met again is an alias, and one met inside
    itself is an anchor that contains itself.
    """
    sizes: dict[int, tuple[int, int]] = {}  # finished nodes: how many nodes a copy has, and how many levels
    open_nodes: set[int] = {id(root)}
    stack: list[_Open] = [_Open(root)]
    nodes, copied = 2, 0  # the document itself counts
    while stack:
        top = stack[-1]
        if not top.left:
            stack.pop()
            open_nodes.discard(id(top.raw))
            sizes[id(top.raw)] = (top.size, top.height + 1)
            if stack:
                stack[-1].add(top.size, top.height + 1)
            continue
        child = top.left.pop()
        if id(child) in open_nodes:
            return Trouble("an anchor contains itself", top.raw)
        known = sizes.get(id(child))
        if known is not None:
            size, height = known
            top.add(size + 1, height)
            nodes, copied = nodes + 1 + size, copied + size
        elif child.id == "scalar":
            sizes[id(child)] = (1, 0)
            top.add(1, 0)
            nodes += 1
        else:
            stack.append(_Open(child))
            open_nodes.add(id(child))
            nodes += 1
        if len(stack) + (known[1] if known is not None else 0) > limits.nesting:
            return Trouble(too_deep_message(limits.nesting), top.raw, limit=True)
        if copied > limits.aliases:
            return Trouble(f"aliases stand for more than {limits.aliases} nodes", top.raw, limit=True)
        if copied > _ALIASES_ALWAYS_ALLOWED and nodes > _NODES_ALWAYS_ALLOWED and copied / nodes > _allowed(nodes):
            return Trouble("aliases stand for too much: kubectl refuses to expand them", top.raw, limit=True)
    return FINE


class _Open:
    """A collection whose children are being counted."""

    __slots__ = ("height", "left", "raw", "size")

    def __init__(self, raw: RawNode) -> None:
        self.raw = raw
        self.left = list(reversed(_decoded_children(raw)))
        self.size = 1
        self.height = 0

    def add(self, size: int, height: int) -> None:
        self.size += size
        self.height = max(self.height, height)


def _decoded_children(raw: RawNode) -> list[RawNode]:
    """The nodes go-yaml decodes for a collection: not the `<<` itself, nor the list of what it merges."""
    if raw.id != "mapping":
        return _children(raw)
    children: list[RawNode] = []
    for key, value in raw.value:
        if not is_merge(key):
            children += (key, value)
        elif value.id == "sequence":
            children += value.value
        else:
            children.append(value)
    return children


def _allowed(nodes: int) -> float:
    """The share of nodes that may come from aliases: 99 % of a small document, 10 % of a very large one."""
    if nodes <= _FEW_NODES:
        return 0.99
    if nodes >= _MANY_NODES:
        return 0.10
    return 0.99 - 0.89 * (nodes - _FEW_NODES) / (_MANY_NODES - _FEW_NODES)
