"""Nothing of a Secret is left, and everything else stays in its place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings, strategies as st

from netpol_lint.source.secrets import masked

HEAD = "apiVersion: v1\nkind: Secret\nmetadata: {name: visible}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{HEAD}data:\n  key: aGVs # c\n", f"{HEAD}data:\n  key: **** # c\n"),
        (f'{HEAD}stringData: {{a: "b c", d: e}}\n', f"{HEAD}stringData: {{a: *****, d: *}}\n"),
        (f"{HEAD}data:\n  a: |\n    b c\n     é\n  d: e\n", f"{HEAD}data:\n  a: *\n    ***\n     *\n  d: *\n"),
        (f"\ufeff{HEAD}data: {{a: b}}\n", f"\ufeff{HEAD}data: {{a: *}}\n"),
        ("kind: Secret\r\ndata:\r\n  a: b\r\n", "kind: Secret\r\ndata:\r\n  a: *\r\n"),
        ("kind: List\nitems: [{kind: Secret, data: {a: b}}]\n", "kind: List\nitems: [{kind: Secret, data: {a: *}}]\n"),
        ('{"kind": "Secret", "data": {"a": "b"}}', '{"kind": "Secret", "data": {"a": ***}}'),
        (
            "kind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{x}'\n",
            "kind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: *****\n",
        ),
        ("kind: ConfigMap\ndata: {a: b}\n", "kind: ConfigMap\ndata: {a: b}\n"),
        (
            "kind: ConfigMap\n---\n" + HEAD + "data: {a: b}\n---\nkind: Pod\n",
            "kind: ConfigMap\n---\n" + HEAD + "data: {a: *}\n---\nkind: Pod\n",
        ),
        (
            "kind: Pod\nname: {{ x }}\n---\nkind: Secret\ndata:\n  a: {{ b }}\n  c: |\n    d:e\n    - f: g\n",
            "kind: Pod\nname: {{ x }}\n---\nkind: ******\ndata:\n  a: *******\n  c: *\n    ***\n    - f: *\n",
        ),
    ],
)  # fmt: skip
def test_the_values_of_a_secret_are_stars(text: str, expected: str) -> None:
    assert expected == masked(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("url: https://user:pass@host/x", "url: https://*********@host/x"),
        ("- postgres://u:p%40@db:5432/x?y", "- postgres://******@db:5432/x?y"),
        ("amqp://u:p@ss@host", "amqp://******@host"),
        ("https://token@host", "https://*****@host"),
        ("https://host/a@b", "https://host/a@b"),
        ("mail: a@b", "mail: a@b"),
    ],
)
def test_credentials_in_addresses_are_stars(text: str, expected: str) -> None:
    assert expected == masked(text)


@settings(max_examples=300)
@given(st.text("abc é:-|>{}[]\"'\n#&*", max_size=40), st.sampled_from(["data", "stringData"]))
def test_every_character_keeps_its_place(value: str, key: str) -> None:
    text = f"{HEAD}{key}:\n  a: {value}\n  b: hunter2\n"
    found = masked(text)
    assert re.sub(r"[^\n]", "x", text) == re.sub(r"[^\n]", "x", found)
    assert "\n---" in text or "hunter2" not in found
