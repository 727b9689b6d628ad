"""The look at a document's bytes never loses an object: with it and without it the same comes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from netpol_lint.resources.decode import KINDS
from netpol_lint.source.chunks import chunks
from netpol_lint.source.documents import Document, read_documents
from netpol_lint.source.limits import DEFAULT
from netpol_lint.source.tree import plain_data
from tests.fuzz.manifests import SEEDS, spoilt_manifests

_CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
_KINDS = frozenset(("Pod", "NetworkPolicy"))

SPELLINGS = (
    "kind: Pod",
    "kind: Pod # comment",
    "kind:   Pod   ",
    "kind:\tPod",
    "kind : Pod",
    "'kind': Pod",
    '"kind" : "Pod"',
    "kind: 'Pod'",
    "kind:\n  Pod",
    "kind: # comment\n  Pod",
    "kind: |-\n  Pod",
    "kind: >-\n  Pod",
    "kind: !!str Pod",
    "kind: &a Pod",
    "&k kind: Pod",
    "!!str kind: Pod",
    "? kind\n: Pod",
    "? kind # c\n\n# d\n: Pod",
    '"ki\\x6ed": Pod',
    '"\\u006bind": Pod',
    '"\\U0000006bind": Pod',
    'kind: "P\\x6fd"',
    'kind: "P\\\n  od"',
    "{kind: Pod}",
    "{kind:\n Pod}",
    '{"kind":"Pod"}',
    '{"kind"\n:\n"Pod"}',
    "{x: &k kind, *k : Pod}",
    "x: &k kind\n*k : Pod",
    "x: &k kind # c\n*k : Pod",
    "x: &p Pod\nkind: *p",
    "x: &m {kind: Pod}\n<<: *m",
    "x:\n  y: &m\n    kind: Pod\n<<: [*m]",
    "  kind: Pod",
    "# c\n\n  kind: Pod",
    "a: 1\nkind: Service\nkind: Pod",
    "kind: Pod\nkind: Pod",
    "kind: PodList\nitems: [{}]",
    "kind: List\nitems:\n- kind: Pod",
    "kind: List\nitems: [{kind: Pod}]",
    "a: |\n  ---\n  x\nkind: Pod",
    "!!map\nkind: Pod",
    "&a\nkind: Pod",
    "kind: Pod\n...\nx: y",
    '"a": 1\n"kind": Pod',
    "$(x): 1\nkind: Pod",
    "kind\x85: Pod",
    "kind: Pod\r",
    "a: 1\rkind: Pod",
    "a: 1\u2028kind: Pod",
    "\ufeffkind: Pod",
)
_BEFORE = ("", "---\n", "# kind: x\n", "kind: ConfigMap\ndata: {a: b}\n---\n", "--- # c\n", "\n\n", "\ufeff")
_AFTER = ("", "\n", "\n---\nkind: ConfigMap\n", "\n---\n{{ template }}\n", "\n# end")


def _outcome(data: bytes, kinds: frozenset[str], *, prefilter: bool) -> list[Any]:
    items = read_documents(data, "m.yaml", kinds=kinds, prefilter=prefilter)
    return [
        (item.kind, item.root.span, plain_data(item.root)) if isinstance(item, Document) else item for item in items
    ]


def _assert_sound(data: bytes, kinds: frozenset[str]) -> list[Any]:
    filtered = _outcome(data, kinds, prefilter=True)
    assert _outcome(data, kinds, prefilter=False) == filtered
    every = [item for item in read_documents(data, "m.yaml") if isinstance(item, Document) and item.kind in kinds]
    assert [(item.kind, item.root.span, plain_data(item.root)) for item in every] == [
        item for item in filtered if type(item) is tuple
    ]
    return filtered


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_a_kind_is_lost(spelling: str, end: str) -> None:
    for before in _BEFORE:
        for after in _AFTER:
            _assert_sound((before + spelling + after).replace("\n", end).encode(), _KINDS)


@pytest.mark.parametrize("spelling", [s for s in SPELLINGS if "\x85" not in s])
def test_each_spelling_is_a_pod(spelling: str) -> None:
    assert ["Pod"] == [item[0] for item in _assert_sound(spelling.encode(), _KINDS) if type(item) is tuple]


def test_spoilt_json_is_told_alike_with_and_without_the_look() -> None:
    _assert_sound(b'{"kind{\n:\n"Pod"}', _KINDS)


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(SPELLINGS + tuple(SEEDS)) | st.text("kind: Pod\n-\"'{}&*#\\", max_size=30), max_size=4),
    st.data(),
)
def test_spellings_put_together_and_spoilt_lose_nothing(parts: list[str], data: st.DataObject) -> None:
    text = "\n---\n".join(parts)
    if text and data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(text) - 1))
        text = (
            text[:at]
            + data.draw(st.sampled_from(["", "\n", " ", "\\", "'", '"', "{", "- ", "#", "\r", "\t"]))
            + text[at + 1 :]
        )
    _assert_sound(text.encode(), _KINDS)


@settings(max_examples=200)
@given(spoilt_manifests())
def test_spoilt_manifests_lose_nothing(text: str) -> None:
    _assert_sound(text.encode("utf-8", "surrogatepass"), KINDS)


@settings(max_examples=200)
@given(st.binary(max_size=80))
def test_bytes_lose_nothing(data: bytes) -> None:
    _assert_sound(b"kind: Pod\n" + data, _KINDS)


@pytest.mark.skipif(not _CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("tree", sorted(path.name for path in _CORPUS.iterdir()) if _CORPUS.is_dir() else [])
def test_published_repositories_lose_nothing(tree: str) -> None:
    for path in sorted((_CORPUS / tree).rglob("*.y*ml")):
        _assert_sound(path.read_bytes(), KINDS)


def test_documents_of_other_kinds_are_not_parsed() -> None:
    broken = ("kind: ConfigMap\ndata: {x: [}", "{{ broken }}", "# kind: Pod\nx: y: z", "spec: {kind: Pod}")
    text = "\n---\n".join(broken)
    assert [] == list(chunks(text.encode(), frozenset((b"Pod",)), DEFAULT))


def test_json_with_ordinary_escapes_is_not_parsed() -> None:
    text = json.dumps({"kind": "ConfigMap", "data": {"a": "x < y é"}}).replace("<", "\\u003c")
    assert [] == list(chunks(text.encode(), frozenset((b"Pod",)), DEFAULT))


def test_what_is_broken_is_reported_only_where_a_kind_asked_for_may_be() -> None:
    broken = "metadata: {name: x\n"
    texts = [f"kind: ConfigMap\n{broken}", f"kind: Pod\n{broken}", broken, f"kind:\n{broken}"]
    assert [0, 1, 0, 1] == [len(_assert_sound(text.encode(), _KINDS)) for text in texts]
