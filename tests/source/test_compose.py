"""Three ways to compose a document, one result: libyaml's composer, its events, and PyYAML without libyaml."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from netpol_lint.source import compose as composing
from netpol_lint.source.compose import Broken, Composed, Empty, Refused, compose
from netpol_lint.source.limits import DEFAULT
from tests.fuzz.manifests import SEEDS, spoilt_manifests

_PLAIN = (
    "a: &x {b: [1, *x2]}\n",
    "a: &x 1\nb: [*x, *x]\n",
    "- !!str 1\n- ! 2\n- |\n  x\n",
    "",
    "# c\n",
    "x",
    "{a: , b}",
)


def _shape(raw: Any) -> Any:
    """Everything that later stages look at."""
    marks = [(mark.line, mark.column, mark.index) for mark in (raw.start_mark, raw.end_mark)]
    tag = raw.tag if isinstance(raw.tag, str) else None
    if raw.id == "scalar":
        return raw.id, tag, raw.value, raw.style or "", marks
    children = raw.value if raw.id == "sequence" else [node for pair in raw.value for node in pair]
    return raw.id, tag, marks, bool(raw.flow_style), [_shape(child) for child in children]


def _result(data: bytes) -> Any:
    match compose(data, DEFAULT):
        case Composed(raw):
            return _shape(raw)
        case Broken(yaml.MarkedYAMLError() as error):
            mark = error.problem_mark
            return error.problem, mark and (mark.line, mark.column)
        case Broken():
            return "unreadable"
        case Empty():
            return "empty"
        case Refused(trouble):
            return trouble.message


@settings(max_examples=200)
@given(st.sampled_from(_PLAIN) | spoilt_manifests())
def test_events_give_what_the_composer_gives(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    expected = _result(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composing, "_composes_itself", False)
        assert expected == _result(data)


_WITHOUT_LIBYAML = """\
import sys, yaml
yaml.__with_libyaml__ = False
from netpol_lint.source.documents import Document, read_documents
from netpol_lint.source.tree import plain_data
for item in read_documents(sys.stdin.buffer.read(), "m.yaml"):
    print(repr((plain_data(item.root), item.root.span)) if isinstance(item, Document) else repr(item.at.span))
"""


@pytest.mark.parametrize("text", [*SEEDS, "kind: A\nx: é\n---\nkind: [\n---\nkind: B\ny: [1, 0777, yes]\n"])
def test_without_libyaml_the_documents_are_the_same(text: str) -> None:
    with_it = _WITHOUT_LIBYAML.replace("yaml.__with_libyaml__ = False", "")
    outputs = [
        subprocess.run([sys.executable, "-c", code], input=text.encode(), capture_output=True, check=True).stdout
        for code in (with_it, _WITHOUT_LIBYAML)
    ]
    assert outputs[0] == outputs[1]
