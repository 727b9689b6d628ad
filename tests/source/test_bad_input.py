"""Bad input costs little, is a failure with a place, and takes nothing from what stands beside it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from netpol_lint.source.documents import Document, FailureKind
from netpol_lint.source.limits import DEFAULT, limits_from
from netpol_lint.source.tree import plain_data
from tests.source.reading import failure, read, shown, text_at

SYNTAX, TEMPLATE, LIMIT = FailureKind.SYNTAX, FailureKind.TEMPLATE, FailureKind.LIMIT
GOOD = b"---\nkind: Good\n"
SECOND_COLON = "a second `:` makes no sense here: mend the indentation, or quote the value"
NO_COLON = "neither a key with `:` nor part of the value above: mend the indentation, or add the colon"
ESCAPE = "unknown escape in a double-quoted string: double the backslash, or use single quotes"


@pytest.mark.parametrize(
    ("data", "words", "place"),
    [
        (b"kind: A\nx: \xff\n", "not UTF-8 text: byte 0xff", (2, 4)),
        (b"kind: A\n\xc3\xa9\xc3\xa9: \xe9\n", "not UTF-8 text: byte 0xe9", (2, 5)),
        (b"\xef\xbb\xbfkind: A\nx: \xff\n", "not UTF-8 text: byte 0xff", (2, 4)),
        (b"kind: A\nx: a\x07\n", "YAML allows no control character U+0007", (2, 5)),
        (b"kind: A\0\n", "YAML allows no control character U+0000", (1, 8)),
        (b"kind: A\nx: 'y\n", "the quote that opens here is never closed", (2, 4)),
        (b"kind: A\nx: [1,\n  2\ny: 3\n", "`,` or `]` is missing in the list that begins 2 lines above", (4, 2)),
        (b"kind: A\nx: {a: 1\ny: 3\n", "`,` or `}` is missing in the mapping that begins on the line above", (3, 2)),
        (b"kind: A\n x: 1\n", SECOND_COLON, (2, 3)),
        (b"kind: A\nx:\n  y: 1\n z: 2\n", "no key can begin here: mend the indentation, or quote the value", (4, 2)),
        (b"x:\n- a\n  - b: c\nkind: A\n", SECOND_COLON, (3, 6)),
        (b"- kind: A\nx: 1\n", "a list item must begin with `-` in the column of its list", (2, 1)),
        (b"kind: A\nx\n", NO_COLON, (2, 1)),
        (b'kind: A\nx: "\\q"\n', ESCAPE, (2, 5)),
        (b"kind: A\nx: &\n", "a name must follow `*` or `&`: quote the value if it is text", (2, 5)),
        (b"kind: A\nx: %a\n", "`%` cannot begin a value: quote it", (2, 4)),
        (b"kind: A\nx: ]\n", "a value is missing here", (2, 4)),
        (b"kind: A\nx: !a!b c\n", "the tag's handle is declared nowhere", (2, 4)),
    ],
)  # fmt: skip
def test_what_is_not_yaml_says_why_and_where(data: bytes, words: str, place: tuple[int, int]) -> None:
    found = failure(data)
    assert (SYNTAX, words, place) == (found.kind, found.message, found.at.span[:2])
    assert [{"kind": "Good"}] == [item for item in shown(data + GOOD) if isinstance(item, dict)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{{- if .Values.policy }}\nkind: A\n{{- end }}\n", (1, 1)),
        ("kind: A\nmetadata:\n  name: {{ .Release.Name }}\n", (3, 9)),
        ('kind: A\nmetadata:\n  labels:\n    {{- include "labels" . | nindent 4 }}\n', (4, 5)),
        ("kind: A\n---\nkind: B\nname: é {{ x }}{{ y\n: z: ]\n", (4, 9)),
    ],
)
def test_what_is_no_yaml_for_its_braces_is_a_template(text: str, place: tuple[int, int]) -> None:
    found = failure(text)
    assert (TEMPLATE, place, "{{") == (found.kind, found.at.span[:2], text_at(text, found.at))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("kind: A\nname: @NAME@\n", (2, 7)),
        ("kind: B\n---\nkind: A\nname: %NAME%\n", (4, 7)),
        ("kind: A\n{% if x %}\nb: c\n", (2, 2)),
        ("kind: A\n<% if x %>\nb: c\n", (2, 1)),
    ],
)
def test_what_is_no_yaml_for_what_another_tool_fills_in_is_a_template(text: str, place: tuple[int, int]) -> None:
    found = failure(text)
    assert (TEMPLATE, place) == (found.kind, found.at.span[:2])


@pytest.mark.parametrize(
    "text", ["kind: A\nmail: @a.example\nb: [\n", "kind: A\nname: '@NAME@'\nb: [\n", "kind: A\nx: %a\n"]
)
def test_such_text_elsewhere_makes_no_template(text: str) -> None:
    assert SYNTAX is failure(text).kind


def test_braces_in_a_string_make_no_template() -> None:
    text = 'kind: A\na: "{{ x }}"\nb: |\n  {{ y }}\nc: x {{ z }}\n'
    assert [{"kind": "A", "a": "{{ x }}", "b": "{{ y }}\n", "c": "x {{ z }}"}] == shown(text)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b"kind: A\nx: " + b"[" * 100_000 + b"\n",
        b"kind: A\nx: " + b"{a: " * 100_000 + b"\n",
        b"kind: A\nx:\n" + b"- " * 100_000 + b"1\n",
        b"? " * 100_000 + b"1\n",
        b"kind: A\nx:\n" + b"\n".join(b" " * n + b"a:" for n in range(1, 3000)) + b" 1\n",
        b"\n".join(b" " * n + b"- " * 60 for n in range(0, 12_000, 120)) + b"1\n",
        b'{"kind": "A", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"kind: A\nx: " + b"[" * 300 + b"]" * 300 + b"\n",
        b"kind: A\nx: " + b"[" * 9_000 + b"]" * 9_000 + b"\n",
        b"kind: A\na0: &a0 [x]\n" + b"".join(b"a%d: &a%d [*a%d]\n" % (n, n, n - 1) for n in range(1, 300)),
    ],
)
def test_what_is_nested_too_deeply_is_not_read(data: bytes) -> None:
    assert [LIMIT, "Good"] == [item.kind for item in read(data + b"\n" + GOOD)]


def test_what_is_nested_as_deeply_as_allowed_is_read() -> None:
    depth = DEFAULT.nesting - 2
    (document,) = read("kind: A\nx: " + "[" * depth + "]" * depth)
    assert isinstance(document, Document)
    assert str(plain_data(document.root)).count("[") == depth


def test_an_alias_bomb_is_not_expanded() -> None:
    text = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 100)) + "kind: A\n"
    assert [(LIMIT, 10, 5)] == shown(text)


def test_a_bomb_of_merges_is_not_expanded() -> None:
    merges = "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 60))
    assert [LIMIT] == [item.kind for item in read(f"a0: &a0 {{x: 1}}\n{merges}kind: A\n")]


def test_aliases_have_a_limit_of_their_own() -> None:
    text = "kind: A\na: &a [1, 2, 3]\nb: [*a, *a, *a]\n"
    assert [LIMIT] == [item.kind for item in read(text, DEFAULT._replace(aliases=11))]
    assert ["A"] == [item.kind for item in read(text, DEFAULT._replace(aliases=12))]


def test_many_harmless_aliases_are_read() -> None:
    text = "kind: A\na: &a {x: 1}\nb:\n" + "- *a\n" * 5_000
    assert ["A"] == [item.kind for item in read(text)]


def test_large_documents_and_files_are_not_read() -> None:
    text = "kind: A\n---\nkind: B\nx: " + "y" * 100 + "\n---\nkind: C\n"
    assert ["A", LIMIT, "C"] == [item.kind for item in read(text, DEFAULT._replace(document=100))]
    assert [LIMIT] == [item.kind for item in read(text, DEFAULT._replace(file=100))]


@pytest.mark.parametrize(
    "text", ["kind: A\nx: [1, 2, 3]\n", "kind: A\nx:\n- 1\n- 2\n- 3\n", '{"kind": "A", "x": [1, 2, 3]}']
)
def test_documents_of_very_many_values_are_not_read(text: str) -> None:
    assert ["A"] == [item.kind for item in read(text, DEFAULT._replace(document=16 * 8))]
    assert [LIMIT] == [item.kind for item in read(text, DEFAULT._replace(document=16 * 7))]


def test_after_the_last_object_allowed_nothing_is_read() -> None:
    found = read("kind: A\n---\nkind: B\n---\nx: [\n---\nkind: C\n", DEFAULT._replace(objects=2))
    assert [("A", 1), ("B", 3), (LIMIT, 5)] == [
        (item.kind, item.root.span.line if isinstance(item, Document) else item.at.span.line - 1) for item in found
    ]


def test_limits_can_be_set_but_nesting_only_lower() -> None:
    assert DEFAULT._replace(file=5) == limits_from({"file": 5, "nesting": 10_000})


_PROBE = """\
import resource, tempfile
from netpol_lint.source.documents import read_documents
from netpol_lint.source.files import File, read_file
from netpol_lint.source.limits import DEFAULT
def used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
def read(data, limits=DEFAULT):
    for item in read_documents(data, "a", kinds=frozenset(["A"]), limits=limits):
        pass
def crowd(data):
    read(data, DEFAULT._replace(document=2 * 1024 * 1024))
def bomb(n):
    return "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\\n" for i in range(1, n))
def huge():
    with tempfile.NamedTemporaryFile() as file:
        file.truncate(200 * 1024 * 1024)
        read_file(File("a", file.name, 0), DEFAULT)
read(b"kind: A")
before = used()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ru_maxrss is in KiB on Linux only")
@pytest.mark.parametrize(
    ("work", "mebibytes"),
    [
        ("read(b'kind: A' + b'[' * 100_000)", 10),
        ("read(b'kind: A\\na: ' + b'[' * 10_000_000)", 60),
        ("read(('kind: A\\na0: &a0 [x, x]\\n' + bomb(5000)).encode())", 60),
        ("read(b'kind: B\\n---\\n' * 500_000)", 30),
        ("read(b'kind: A\\nx: [\\n---\\n' * 50_000)", 20),
        ("read(b'[' * 70_000_000)", 80),
        ("crowd(b'kind: A\\nx: [' + b'1,' * 900_000 + b']')", 120),
        ("crowd(b'{\"kind\":\"A\",\"x\":[' + b'{},' * 600_000 + b'1]}')", 120),
        ("huge()", 5),
    ],
)
def test_memory_stays_bounded(work: str, mebibytes: int) -> None:
    code = f"{_PROBE}{work}\nprint(used() - before)\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < mebibytes
