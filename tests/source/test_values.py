"""Values as kubectl gives them: each expectation is the answer of sigs.k8s.io/yaml v1.6.0 to the same text."""

from __future__ import annotations

from typing import Any

import pytest

from netpol_lint.source.documents import FailureKind
from tests.source.reading import failure, shown

SMALLER = {
    **dict.fromkeys(("y", "yes", "On", "true", "TRUE"), True),
    **dict.fromkeys(("N", "no", "off", "False"), False),
    **dict.fromkeys(("~", "null", "NULL", ""), None),
    "yEs": "yEs",
    "tRue": "tRue",
    "=": "=",
    "'y'": "y",
    '"0777"': "0777",
    "0777": 511,
    "0o17": 15,
    "0o8": "0o8",
    "0x1F": 31,
    "-0x1F": -31,
    "0b101": 5,
    "0b-11": -3,
    "0x": "0x",
    "0b": "0b",
    "+5": 5,
    "-0": 0,
    "08": 8,
    "09.5": 9.5,
    "1_000": 1000,
    "1__0": 10,
    "0_7": 7,
    "_1": "_1",
    "1,000": "1,000",
    "1e3": 1000,
    "1E-2": 0.01,
    ".5": 0.5,
    "5.": 5,
    "-.5": -0.5,
    "1.0": 1,
    "8080.0": 8080,
    "1.5e10": 15000000000,
    ".1_0": 0.1,
    ".1_": ".1_",
    "._1": "._1",
    ".1e1_0": 1000000000,
    "1_.0": 1,
    "-._1": -0.1,
    ".5e400": ".5e400",
    "1e400": "1e400",
    "1e20": 10**20,
    "1e+21": 1e21,
    "18446744073709551615": 2**64 - 1,
    "-9223372036854775808": -(2**63),
    "123456789012345678901234567890": 1.2345678901234568e29,
    "22:22": "22:22",
    "2001-01-01": "2001-01-01",
    "2001-01-01T10:00:00Z": "2001-01-01T10:00:00Z",
    "!foo 'x'": "x",
    "!!str 1": "1",
    "!!int '7'": 7,
    "!!float '1'": 1,
    "!!bool 'y'": True,
    "!!null '~'": None,
    "!!binary 'aGk='": "hi",
    "!!timestamp '2001-01-01'": "2001-01-01",
    "!<tag:yaml.org,2002:str> 1": "1",
    "b #c": "b",
    "b#c": "b#c",
    "b\t": "b",
    "{b:1}": {"b:1": None},
    "{b}": {"b": None},
    "[http://x]": ["http://x"],
    '"\\x41\\u00e9\\U0001F600"': "Aé😀",
    "|\n  x": "x\n",
    "|-\n  x": "x",
    ">\n  x\n  y": "x y\n",
    "x\n  y": "x y",
    "'x\n\n  y'": "x\ny",
    '"x\\\n  y"': "xy",
}


@pytest.mark.parametrize(("text", "value"), SMALLER.items())
def test_a_scalar_has_the_value_that_kubectl_gives_it(text: str, value: Any) -> None:
    (document,) = shown(f"kind: A\na: {text}")
    assert (value, type(value)) == (document["a"], type(document["a"]))


@pytest.mark.parametrize(
    ("key", "spelt"),
    [
        *(("y", "true"), ("0777", "511"), ("1.50", "1.5"), ("1e3", "1000"), ("0x10", "16"), ("1.0", "1"), ("-1", "-1")),
        *((".inf", ".inf"), ("18446744073709551616", "1.8446744e+19"), ("2001-01-01", "2001-01-01"), ("!!str ~", "~")),
        *(("''", ""), ("true", "true"), ("'y'", "y")),
    ],
)
def test_a_key_is_spelt_as_json_spells_it(key: str, spelt: str) -> None:
    assert [{"kind": "A", spelt: 1}] == shown(f"kind: A\n{key}: 1\n")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: {<<: {x: 1}, x: 2}", {"a": {"x": 2}}),
        ("a: {x: 2, <<: {x: 1}}", {"a": {"x": 1}}),
        ("a: {<<: [{x: 1}, {x: 2, z: 3}]}", {"a": {"x": 1, "z": 3}}),
        ("a: {<<: {x: 1}, <<: {z: 2}}", {"a": {"x": 1, "z": 2}}),
        ("a: {'<<': 1}", {"a": {"<<": 1}}),
        ("a: &x 1\nb: *x", {"a": 1, "b": 1}),
        ("a: &x 1\nb: &x 2\nc: *x", {"a": 1, "b": 2, "c": 2}),
        ("a: &x [1]\nb: [*x, *x]", {"a": [1], "b": [[1], [1]]}),
        ("a: 1\na: 2", {"a": 2}),
        ("y: 1\ntrue: 2", {"true": 2}),
    ],
)
def test_merges_aliases_and_repeated_keys_mean_what_they_mean_to_kubectl(text: str, value: dict[str, Any]) -> None:
    assert [{"kind": "A", **value}] == shown(f"kind: A\n{text}\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: .inf", "`.inf` is a number that JSON does not have"),
        ("a: [{b: .NaN}]", "`.NaN` is a number that JSON does not have"),
        ("a: !!int 'x'", "`x` is no `!!int`"),
        ("a: !!binary '@'", "the value of `!!binary` is not base64"),
        ("null: 1", "a key must be a string, not null"),
        ("~: 1", "a key must be a string, not null"),
        ("18446744073709551615: 1", "a key must be a string, not a number this large"),
        ("a: {<<: 1}", "`<<` merges a mapping or a list of mappings, nothing else"),
        ("a: {<<: [1]}", "`<<` merges a mapping or a list of mappings, nothing else"),
        ("? [a]\n: 1", "a key must be a string, not a list or a mapping"),
        ("{a: 1}: 2", "a key must be a string, not a list or a mapping"),
        ("a: *x", "the alias has no anchor of that name above it"),
        ("a: &x {b: *x}", "an anchor contains itself"),
        ("a: &x [*x]", "an anchor contains itself"),
        ("a: @x", "`@` cannot begin a value: quote it"),
        ("a: `x`", "``` cannot begin a value: quote it"),
        ("a: b: c", "a second `:` makes no sense here: mend the indentation, or quote the value"),
        ("a:\n\tb: 1", "a tab cannot indent YAML: use spaces"),
    ],
)
def test_what_kubectl_refuses_is_a_failure(text: str, words: str) -> None:
    found = failure(f"kind: A\n{text}\n")
    assert (FailureKind.SYNTAX, words) == (found.kind, found.message)
