"""A file that begins with `{` is a stream of JSON objects as long as it is one."""

from __future__ import annotations

from netpol_lint.source.documents import FailureKind
from netpol_lint.source.tree import Mapping, Scalar
from tests.source.reading import documents, names, shown, text_at

SYNTAX = FailureKind.SYNTAX


def test_objects_follow_each_other_with_or_without_blanks() -> None:
    assert ["A", "B", "C"] == names('{"kind": "A"}{"kind": "B"}\n\n {"kind":"C"} ')


def test_each_object_knows_its_place_on_the_line() -> None:
    text = '{"é":"ü","kind": "A"} {"kind": "B"}{\n "kind": "C"}{"kind": "D"}'
    kinds = [document.root.get("kind") for document in documents(text)]
    assert ['"A"', '"B"', '"C"', '"D"'] == [text_at(text, kind.location) for kind in kinds if isinstance(kind, Scalar)]


def test_after_one_object_the_rest_may_be_yaml() -> None:
    assert ["A", "B", "C"] == names('{"kind": "A"}\n---\nkind: B\n---\n{"kind": "C"}\n')


def test_after_two_objects_the_rest_must_be_json() -> None:
    assert [{"kind": "A"}, {"kind": "B"}, (SYNTAX, 3, 1)] == shown('{"kind": "A"}\n{"kind": "B"}\n---\n{"kind": "C"}\n')


def test_a_flow_mapping_is_yaml() -> None:
    assert ["A", "B"] == names("{kind: A}\n---\n{kind: B, x: yes}\n")


def test_json_with_a_comment_is_yaml() -> None:
    assert ["A"] == names('{"kind": "A", # comment\n"x": 1}\n')


def test_characters_that_yaml_reads_otherwise_mean_what_json_means() -> None:
    text = (
        '{"kind": "A", "emoji": "a\\ud83d\\ude00b", "lone": "\\ud83d", '
        '"break": "x\u2028y\x85", "escaped": "\\\\ud83d\\/"}'
    )
    expected = {"kind": "A", "emoji": "a😀b", "lone": "\ufffd", "break": "x\u2028y\x85", "escaped": "\\ud83d/"}
    assert [expected] == shown(text)


def test_columns_after_such_characters_are_right() -> None:
    text = '{"emoji": "\\ud83d\\ude00", "break": "\u2028", "kind": "A"}'
    (document,) = documents(text)
    kind = document.root.get("kind")
    assert isinstance(kind, Scalar)
    assert '"A"' == text_at(text, kind.location)


def test_the_last_of_two_equal_keys_wins() -> None:
    assert [{"kind": "B"}] == shown('{"kind": "A", "kind": "B"}')


def test_values_are_what_json_says() -> None:
    assert [{"kind": "A", "n": [1, -1.5, 1000, 10], "t": True, "f": False, "z": None, "y": "yes"}] == shown(
        '{"kind": "A", "n": [1, -1.5, 1e3, 1.0e1], "t": true, "f": false, "z": null, "y": "yes"}'
    )


def test_tabs_indent_json() -> None:
    (document,) = documents('{\n\t"kind": "A",\n\t"x": {\n\t\t"y": 1\n\t}\n}\n')
    inner = document.root.get("x")
    assert isinstance(inner, Mapping)
    assert (3, 2) == inner.location.span[:2]


def test_a_colon_may_stand_on_the_line_below_its_key() -> None:
    text = '{"kind"\n:\n"A", "x":\r\n1}\n'
    (document,) = documents(text)
    kind = document.root.get("kind")
    assert isinstance(kind, Scalar)
    assert ('"A"', 3) == (text_at(text, kind.location), kind.span.line)
