"""The same objects written in other ways: what a fix has to cope with besides the style of the examples."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any, Final, NamedTuple, TypeAlias

from netpol_lint.source.documents import Failure, read_trees
from netpol_lint.source.tree import Mapping, Node, Scalar, Sequence, plain_data

Layout: TypeAlias = Callable[[str], str]
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9._/-]*\Z")
_WORDS: Final = frozenset("y yes n no true false on off null".split())
_AROUND: Final = 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: &%s "x", labels: {at: *%s}}  # - {a: b}\n'


class _Block(NamedTuple):
    """How block style is written."""

    key: str = "%s"
    dash: str = "- "
    """Without a blank it has a line of its own."""
    step: int = 2
    sequence: int = 2
    """How much deeper than its key a list begins."""
    anchored: bool = False
    values: str = "%s"
    """What stands before and after each value."""


def data_of(text: str) -> list[Any]:
    """The data of every document; a failure stands for one that cannot be read."""
    return [tree.message if isinstance(tree, Failure) else plain_data(tree) for tree in _trees(text)]


def _trees(text: str) -> list[Node | Failure]:
    return list(read_trees(text.encode(), "example.yaml"))


def as_written(text: str) -> str:
    return text


def with_carriage_returns(text: str) -> str:
    return text.replace("\n", "\r\n")


def with_comment_lines(text: str) -> str:
    return "".join(f"{line}\n# a note\n" for line in text.splitlines())


def with_comments_beside(text: str) -> str:
    return "".join(f"{line}  # a note\n" if line != "---" else "---\n" for line in text.splitlines())


def with_tabs(text: str) -> str:
    """Before comments."""
    return "".join(f"{line}\t# a note\n" if line != "---" else "---\n" for line in text.splitlines())


def with_tabs_in_flow(text: str) -> str:
    return _documents(text, lambda data: _flow(data, ",\t", ":\t") + "\t\n")


def without_a_last_line_end(text: str) -> str:
    return text.rstrip("\n")


def among_others(text: str) -> str:
    """With documents around it that have anchors of their own."""
    return f"{_AROUND % (('one',) * 2)}---\n{text}---\n{_AROUND % (('two',) * 2)}"


def in_flow(text: str) -> str:
    return _documents(text, lambda data: _flow(data) + "\n")


def in_flow_below_the_top(text: str) -> str:
    return _documents(text, lambda data: "".join(f"{key}: {_flow(value)}\n" for key, value in data.items()))


def in_flow_over_lines(text: str) -> str:
    return _documents(text, lambda data: "\n".join(_flow_lines(data, "", "%s")) + "\n")


def in_flow_over_lines_with_comments(text: str) -> str:
    return with_comments_beside(in_flow_over_lines(text))


def as_json(text: str) -> str:
    if any(map(_is_not_json, _trees(text))):
        return text
    return "".join(f"{json.dumps(data, indent=2)}\n" for data in _objects(text))


def as_json_list(text: str) -> str:
    if any(map(_is_not_json, _trees(text))):
        return text
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": _objects(text)}, indent=4) + "\n"


def as_list(text: str) -> str:
    objects = _unlisted(map(_spelt, _trees(text)))
    return _block_text({"apiVersion": "v1", "kind": "List", "items": objects}, _Block())


def with_quoted_keys(text: str) -> str:
    return _documents(text, lambda data: _block_text(data, _Block(key='"%s"')))


def with_single_quoted_keys_in_flow(text: str) -> str:
    return _documents(text, lambda data: "\n".join(_flow_lines(data, "", "'%s'")) + "\n")


def with_lists_not_indented(text: str) -> str:
    return _documents(text, lambda data: _block_text(data, _Block(sequence=0)))


def with_wide_dashes(text: str) -> str:
    return _documents(text, lambda data: _block_text(data, _Block(dash="-   ", step=4, sequence=4)))


def with_dashes_on_lines_of_their_own(text: str) -> str:
    return _documents(text, lambda data: _block_text(data, _Block(dash="-")))


def with_anchors_elsewhere(text: str) -> str:
    return _documents(text, lambda data: _block_text(data, _Block(anchored=True)))


def with_an_anchor_at_every_value(text: str) -> str:
    return _documents(text, lambda data: _numbered(_block_text(data, _Block(values="&a %s"))))


def with_a_tag_at_every_string(text: str) -> str:
    return _documents(text, lambda data: _block_text(data, _Block(values="!!str %s")))


def in_block_with_comments_beside(text: str) -> str:
    return with_comments_beside(_documents(text, lambda data: _block_text(data, _Block())))


def in_block_with_comment_lines_and_carriage_returns(text: str) -> str:
    return with_carriage_returns(with_comment_lines(_documents(text, lambda data: _block_text(data, _Block()))))


LAYOUTS: Final[tuple[Layout, ...]] = (
    as_written,
    with_carriage_returns,
    with_comment_lines,
    with_comments_beside,
    with_tabs,
    with_tabs_in_flow,
    without_a_last_line_end,
    among_others,
    in_flow,
    in_flow_below_the_top,
    in_flow_over_lines,
    in_flow_over_lines_with_comments,
    as_json,
    as_json_list,
    as_list,
    with_quoted_keys,
    with_single_quoted_keys_in_flow,
    with_lists_not_indented,
    with_wide_dashes,
    with_dashes_on_lines_of_their_own,
    with_anchors_elsewhere,
    with_an_anchor_at_every_value,
    with_a_tag_at_every_string,
    in_block_with_comments_beside,
    in_block_with_comment_lines_and_carriage_returns,
)


def laid_out(layout: Layout, text: str) -> str:
    """The text in a layout; as it is where it would then say something else, or is no YAML."""
    before = data_of(text)
    if not before or any(not isinstance(one, dict) for one in before):
        return text
    after = layout(text)
    return after if flat(data_of(after)) == flat(before) else text


def flat(documents: Iterable[Any]) -> list[Any]:
    """The objects of documents and lists, without those that a layout adds."""
    objects = _unlisted(documents)
    for one in objects:
        annotations = one.get("metadata", {}).get("annotations", {})
        if annotations.pop("same", "") and not annotations:
            del one["metadata"]["annotations"]
    return [one for one in objects if one.get("metadata") != {"name": "x", "labels": {"at": "x"}}]


def _unlisted(documents: Iterable[Any]) -> list[Any]:
    """The items of lists in place of the lists."""
    return [one for each in documents for one in (each["items"] if each.get("kind") == "List" else [each])]


def _is_not_json(node: Node | Failure) -> bool:
    """Whether some value is spelt as JSON could not say it: `1.10`, `yes`."""
    if isinstance(node, Mapping):
        return any(_is_not_json(entry.value) for entry in node)
    if isinstance(node, Sequence):
        return any(map(_is_not_json, node))
    return (
        isinstance(node, Scalar) and not isinstance(node.value, str) and json.dumps(node.value) != (node.text or "null")
    )


def _objects(text: str) -> list[Any]:
    return flat(data_of(text))


def _documents(text: str, written: Callable[[Any], str]) -> str:
    return "---\n".join(written(data) for data in map(_spelt, _trees(text)))


def _block_text(data: Any, style: _Block) -> str:
    if style.anchored and data.get("metadata", {}).get("name"):
        meta = data["metadata"]
        annotations = {**(meta.get("annotations") or {}), "same": _Verbatim("*own")}
        meta = {**meta, "name": _Verbatim(f"&own {_scalar(meta['name'])}"), "annotations": annotations}
        data = {**data, "metadata": meta}
    return "".join(f"{line}\n" for line in _lines(data, style))


class _Verbatim(str):
    """A scalar as it is to be written."""

    __slots__ = ()


def _spelt(node: Node | Failure) -> Any:
    """The data of a document, what is no string as it is written there: `1.10`, `yes`."""
    if isinstance(node, Mapping):
        return {entry.key: _spelt(entry.value) for entry in node}
    if isinstance(node, Sequence):
        return [_spelt(item) for item in node]
    if isinstance(node, Failure):
        return node.message
    return node.value if isinstance(node.value, str) else _Verbatim(node.text)


def _lines(data: Any, style: _Block) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            written = style.key % key if _is_plain(key) else json.dumps(key)
            if not isinstance(value, (dict, list)) or not value:
                yield f"{written}: {_decorated(value, style)}".rstrip()
                continue
            yield f"{written}:"
            indent = " " * (style.sequence if isinstance(value, list) else style.step)
            yield from (indent + line for line in _lines(value, style))
        return
    for item in data:
        if not isinstance(item, (dict, list)) or not item:
            yield f"{style.dash.rstrip()} {_decorated(item, style)}"
            continue
        if style.dash == "-":
            yield style.dash
        for number, line in enumerate(_lines(item, style)):
            yield (style.dash if not number and style.dash != "-" else " " * max(len(style.dash), 2)) + line


def _decorated(value: Any, style: _Block) -> str:
    is_string = isinstance(value, str) and not isinstance(value, _Verbatim)
    return style.values % _scalar(value) if is_string or "!" not in style.values else _scalar(value)


def _numbered(text: str) -> str:
    """With anchors of different names."""
    number = count()
    return re.sub(r"&a\b", lambda _: f"&a{next(number)}", text)


def _flow(data: Any, comma: str = ", ", colon: str = ": ") -> str:
    if isinstance(data, dict):
        pairs = (f"{_scalar(key)}{colon}{_flow(value, comma, colon)}" for key, value in data.items())
        return f"{{{comma.join(pairs)}}}"
    if isinstance(data, list):
        return f"[{comma.join(_flow(item, comma, colon) for item in data)}]"
    return _scalar(data)


def _flow_lines(data: Any, before: str, key: str) -> list[str]:
    """Every item on a line of its own; `key` quotes the keys."""
    if not isinstance(data, (dict, list)) or not data:
        return [before + _scalar(data)]
    opening, closing = ("{", "}") if isinstance(data, dict) else ("[", "]")
    lines = [before + opening]
    items = (
        [(f"{key % name}: ", value) for name, value in data.items()]
        if isinstance(data, dict)
        else [("", item) for item in data]
    )
    for number, (name, value) in enumerate(items):
        inner = _flow_lines(value, name, key)
        inner[-1] += "," if number + 1 < len(items) else ""
        lines += [f"  {line}" for line in inner]
    return [*lines, closing]


def _scalar(value: Any) -> str:
    return str(value) if isinstance(value, _Verbatim) or _is_plain(value) else json.dumps(value)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and bool(_PLAIN.match(value)) and value.lower() not in _WORDS
