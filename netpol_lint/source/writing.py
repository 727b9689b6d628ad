"""Manifests written as text, with comments before the items they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any, Final

COMMENT: Final = "#"
"""In a mapping that is an item of a list: the lines of comment before it."""
_WIDTH: Final = 4096


def yaml_text(manifests: Iterable[Mapping[str, Any]], header: Sequence[str] = ()) -> str:
    """The manifests as a stream of documents in block style, in the order of their keys; the same for the same data.

    What is commented on is under the key `COMMENT` of an item; `header` stands before the first document.
    """
    from ruamel.yaml import YAML

    writer = YAML()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width = _WIDTH
    texts: list[str] = []
    for manifest in manifests:
        out = StringIO()
        writer.dump(_commented(manifest, 0), out)
        texts.append(out.getvalue())
    return "".join(f"# {_one_line(line)}".rstrip() + "\n" for line in header) + "---\n".join(texts)


def _commented(value: Any, indent: int) -> Any:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if isinstance(value, Mapping):
        mapping = CommentedMap()
        if not value:
            mapping.fa.set_flow_style()
        for key, child in value.items():
            if key != COMMENT:
                mapping[key] = _commented(child, indent + 2)
        return mapping
    if not isinstance(value, list):
        return value
    sequence = CommentedSeq()
    for index, item in enumerate(value):
        sequence.append(_commented(item, indent + 2))
        lines = item.get(COMMENT, ()) if isinstance(item, Mapping) else ()
        if lines:
            text = "\n".join(map(_one_line, lines))
            sequence.yaml_set_comment_before_after_key(index, before=text, indent=indent)
    return sequence


def _one_line(text: str) -> str:
    """A comment never ends before its text does, whatever is in a name."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
