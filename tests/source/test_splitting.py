"""kubectl cuts a file at lines that begin with `---`. Each expectation is what apimachinery's decoder does."""

from __future__ import annotations

import pytest

from netpol_lint.source.documents import FailureKind, read_documents
from tests.source.reading import failure, names, shown, text_at

SYNTAX, TEMPLATE = FailureKind.SYNTAX, FailureKind.TEMPLATE


@pytest.mark.parametrize(
    "text",
    [
        "kind: A\n---\nkind: B\n",
        "---\nkind: A\n---\nkind: B\n---\n",
        "--- # first\nkind: A\n---   # second\nkind: B",
        "# comment only\n---\n\n---\nkind: A\n---\n# nothing\n---\nkind: B\n",
        "kind: A\n---\t\nkind: B\n",
        "kind: A\r\n---\r\nkind: B\r\n",
        "\ufeffkind: A\n---\nkind: B\n",
        "\ufeff---\nkind: A\n---\nkind: B\n",
        "kind: A\n---\n\ufeffkind: B\n",
        "kind: A\n---\n--- \n---\nkind: B\n",
        "---\n---\nkind: A\n---\nkind: B\n",
    ],
)
def test_a_line_of_dashes_ends_a_document(text: str) -> None:
    assert ["A", "B"] == names(text)


def test_dashes_inside_a_block_scalar_do_not_separate() -> None:
    text = "kind: A\ntext: |\n  ---\n  kind: B\n  ---- x\n"
    assert [{"kind": "A", "text": "---\nkind: B\n---- x\n"}] == shown(text)


@pytest.mark.parametrize("line", ["--- {a: 1}", "----", "-----BEGIN CERTIFICATE-----", "---a", "--- |"])
def test_a_bad_separator_loses_the_document_above_it_and_all_below(line: str) -> None:
    text = f"kind: A\n---\nkind: B\n{line}\nkind: C\n---\nkind: D\n"
    assert ["A", "syntax"] == names(text)
    assert line == text_at(text, failure(text).at)


def test_a_separator_with_a_template_belongs_to_a_template() -> None:
    assert [(TEMPLATE, 2, 1)] == shown("kind: A\n---{{ if .Values.b }}\nkind: B\n{{ end }}\n")


def test_what_follows_three_dots_is_lost_and_said_to_be() -> None:
    text = "kind: A\n...\n# comment\nkind: B\n---\nkind: C\n"
    assert [{"kind": "A"}, (SYNTAX, 4, 1), {"kind": "C"}] == shown(text)
    assert "kubectl silently ignores this: put a `---` line above it" == failure(text).message


def test_three_dots_before_a_separator_lose_nothing() -> None:
    assert ["A", "B"] == names("kind: A\n...\n---\nkind: B\n...\n# end\n")


def test_what_follows_a_flow_mapping_is_lost_and_said_to_be() -> None:
    assert [{"kind": "A"}, (SYNTAX, 4, 1)] == shown("---\n{kind: A}\n# comment\n{kind: B}\n")


def test_a_directive_above_a_separator_is_a_document_of_its_own_to_kubectl() -> None:
    assert [(SYNTAX, 2, 1), {"kind": "A"}] == shown("%YAML 1.1\n---\nkind: A\n")


def test_a_broken_document_does_not_take_the_others_with_it() -> None:
    text = "kind: A\n---\nkind: B\nx: [1] y\n---\nkind: C\n"
    assert [{"kind": "A"}, (SYNTAX, 4, 8), {"kind": "C"}] == shown(text)


@pytest.mark.parametrize(
    "text", ["", "\n", "---", "# x", "---\n---\n", "- kind: A\n", "text\n", "kind: 1\n", "kind:\n", "~\n"]
)
def test_what_is_no_object_gives_nothing(text: str) -> None:
    assert [] == names(text)


def test_big_endian_utf_16_is_read() -> None:
    assert [{"kind": "A", "text": "é"}] == shown(b"\xfe\xff" + "kind: A\ntext: é\n".encode("utf-16-be"))


@pytest.mark.parametrize("order", ["le", "be"])
def test_utf_32_is_refused_if_it_may_hold_an_object(order: str) -> None:
    kind, nothing = (f"\ufeff{text}".encode(f"utf-32-{order}") for text in ("kind: Pod\n", "a: b\n"))
    assert "UTF-32 text: kubectl reads UTF-8 only" == failure(kind).message
    assert [] == list(read_documents(nothing, "x.yaml", kinds=frozenset({"Pod"})))


def test_little_endian_utf_16_is_refused_as_kubectl_refuses_it() -> None:
    assert "UTF-16 text: kubectl reads UTF-8 only" == failure(b"\xff\xfe" + "kind: A\n".encode("utf-16-le")).message
