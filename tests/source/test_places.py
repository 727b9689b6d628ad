"""Every scalar's span is exactly its text, in code points, whatever surrounds it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from netpol_lint.source.documents import Document
from netpol_lint.source.tree import Mapping, Scalar, Sequence, duplicate_keys, plain_data
from tests.source.reading import documents, failure, read, scalars, text_at

_WORDS = st.text(st.sampled_from("abcäß日本😀 :#-'\"{}\n\t\\.0"), max_size=8)
_TREES: st.SearchStrategy[Any] = st.recursive(
    _WORDS | st.integers(-9, 9) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=8,
)
_LAYOUTS = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([True, False, None]),
        "allow_unicode": st.booleans(),
        "indent": st.sampled_from([2, 4]),
        "width": st.sampled_from([10, 80]),
        "default_style": st.sampled_from([None, "'", '"', "|"]),
    }
)


@settings(max_examples=300)
@given(st.lists(_TREES, min_size=1, max_size=3), _LAYOUTS, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_the_text_at_a_scalar_parses_to_its_value(
    trees: list[Any], layout: dict[str, Any], end: str, bom: bool
) -> None:
    parts = ["# über\n" + yaml.safe_dump({"kind": "A", "tree": tree}, **layout) for tree in trees]
    text = ("\ufeff" if bom else "") + "---\n".join(parts).replace("\n", end)
    found = documents(text)
    assert len(trees) == len(found)
    for document in found:
        for scalar in scalars(document.root):
            alone = text_at(text, scalar.location)
            if not alone.startswith(("|", ">")):
                assert scalar.text == _parsed(alone)


def _parsed(text: str) -> Any:
    root: Any = yaml.compose("- " + text.replace("\n", "\n  "))
    return root.value[0].value


@pytest.mark.parametrize("odd", ["\r", "\x85", "\u2028", "\u2029"])
def test_lines_are_those_of_an_editor_where_yaml_sees_more(odd: str) -> None:
    text = f"kind: A\nx: 'a{odd}b' # c\ny:\n  é: ü\n---\nkind: B\nz: '{odd}{odd}'\nlast: here\n"
    places = [text_at(text, scalar.location) for document in documents(text) for scalar in scalars(document.root)]
    assert ["A", f"'a{odd}b'", "ü", "B", f"'{odd}{odd}'", "here"] == places


def test_a_failure_in_such_a_text_stands_on_the_line_of_an_editor() -> None:
    text = "kind: A\nx: 'a\u2028b'\ny: *none\n"
    assert (3, 4) == failure(text).at.span[:2]


def test_a_key_and_its_value_know_their_places() -> None:
    text = "kind: A\n\"ke\\ty\" :   'val'  # c\nempty:\nblock: |\n  text\nnext: 1\n"
    (document,) = documents(text)
    entries = list(document.root)
    assert ["kind", '"ke\\ty"', "empty", "block", "next"] == [
        text_at(text, document.root.key_location(entry.key)) for entry in entries
    ]
    assert ["A", "'val'", "empty", "|\n  text\n", "1"] == [text_at(text, entry.value.location) for entry in entries]


def test_a_list_item_that_is_a_mapping_points_at_its_first_key() -> None:
    text = "kind: A\nitems:\n- name: x\n  port: 1\n-\n  - deep\n- {a: b}\n"
    (document,) = documents(text)
    items = document.root.get("items")
    assert isinstance(items, Sequence)
    assert ["name", "deep", "{a: b}"] == [text_at(text, item.location) for item in items]


def test_an_alias_points_at_what_it_stands_for() -> None:
    text = "kind: A\na: &x\n  b: c\nd: *x\n"
    (document,) = documents(text)
    alias = document.root.get("d")
    assert isinstance(alias, Mapping)
    inner = alias.get("b")
    assert isinstance(inner, Scalar)
    assert ("d", "c", "/d/b") == (text_at(text, alias.location), text_at(text, inner.location), inner.pointer)


def test_what_is_missing_is_at_its_parent() -> None:
    text = "kind: A\nspec:\n  a/b: {}\n"
    (document,) = documents(text)
    spec = document.root.get("spec")
    assert isinstance(spec, Mapping)
    inner = spec.get("a/b")
    assert isinstance(inner, Mapping)
    missing = inner.get("c~d")
    assert ("a/b", "/spec/a~1b/c~0d") == (text_at(text, missing.location), missing.location.pointer)


@pytest.mark.parametrize(
    ("text", "key", "first", "second"),
    [
        ("kind: A\nspec:\n  x: 1\n  y: 2\n  x: 3\n", "x", (3, 3), (5, 3)),
        ("kind: A\ny: 1\ntrue: 2\n", "true", (2, 1), (3, 1)),
        ("kind: A\nlist:\n- {80: a, 0x50: b}\n", "80", (3, 4), (3, 11)),
        ('{"kind": "A", "x": {"k": 1, "k": 2}}', "k", (1, 21), (1, 29)),
        ("kind: A\na: &a {x: 1, x: 2}\nb: *a\n", "x", (2, 8), (2, 14)),
    ],
)
def test_both_places_of_a_repeated_key_are_known(
    text: str, key: str, first: tuple[int, int], second: tuple[int, int]
) -> None:
    (document,) = documents(text)
    (twice,) = duplicate_keys(document.root)
    assert (True, key, first, second) == (
        document.may_repeat_keys,
        twice.key,
        twice.first.span[:2],
        twice.second.span[:2],
    )


@pytest.mark.parametrize("text", ["kind: A\na: {<<: {x: 1}, x: 2}\n", "kind: A\na: {x: 1}\nb: {x: 1}\n"])
def test_a_merge_repeats_no_key(text: str) -> None:
    (document,) = documents(text)
    assert [] == list(duplicate_keys(document.root))


def test_an_ordinary_document_certainly_repeats_no_key() -> None:
    (document,) = documents("kind: A\nmetadata: {name: x}\nports: [{port: 80}]\n")
    assert document.may_repeat_keys is False


@settings(max_examples=200)
@given(_TREES)
def test_data_written_and_read_is_the_same(tree: Any) -> None:
    text = yaml.safe_dump({"kind": "A", "tree": tree}, default_style='"')
    (item,) = read(text)
    assert isinstance(item, Document)
    assert _as_text(tree) == _as_text(plain_data(item.root)["tree"])


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {_as_text(key): _as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_text(inner) for inner in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
