"""What containers are told, and the ConfigMaps and Secrets they read: only texts that may name a host are kept."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from netpol_lint.resources.decode.host_signs import may_be_in, may_be_in_file
from netpol_lint.resources.evidence import ConfigData
from tests.resources.decoding import decoded, only, workload

HEAD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\n"


def told(spec: str) -> list[tuple[str, str, str]]:
    """Source, key and text of each mention of a pod."""
    return [(one.source, one.key, one.text) for one in workload(f"{HEAD}spec: {spec}\n").mentions]


def read(spec: str) -> list[tuple[str, str, str, str]]:
    """Kind, name, key and source of each reference to data of a pod."""
    return [(one.kind, one.name, one.key, one.source) for one in workload(f"{HEAD}spec: {spec}\n").data_from]


def test_variables_of_all_containers_are_mentioned_with_references_filled_in() -> None:
    spec = """
  containers:
    - name: app
      env:
        - {name: HOST, value: backend}
        - {name: PORT, value: "8080"}
        - {name: URL, value: "http://$(HOST):$(PORT)/$(LATER)$$(HOST)"}
        - {name: LEVEL, value: info}
        - {name: LATER, value: "1"}
  initContainers: [{name: wait, env: [{name: URL, value: "http://$(HOST)"}]}]"""
    assert [
        ("variable HOST", "HOST", "backend"),
        ("variable PORT", "PORT", "8080"),
        ("variable URL", "URL", "http://backend:8080/$(LATER)$(HOST)"),
        ("variable URL", "URL", "http://$(HOST)"),
    ] == told(spec)


def test_a_flag_is_the_key_of_its_value_whether_it_stands_in_one_argument_or_two() -> None:
    spec = """
  containers:
    - name: app
      env: [{name: DB, value: db.data}]
      command: [sh, -c, "curl http://${DB}:80"]
      args: [--redis-host=redis, --db-host, db, --verbose, --bind, ":8080", "http://api", plain]"""
    assert [
        ("variable DB", "DB", "db.data"),
        ("argument --redis-host", "redis-host", "redis"),
        ("argument --db-host", "db-host", "db"),
        ("argument --bind", "bind", ":8080"),
        ("argument", "", "http://api"),
        ("command -c", "c", "curl http://db.data:80"),
    ] == told(spec)


def test_variables_that_refer_to_each_other_do_not_grow_without_end() -> None:
    lines = "".join(f"        - {{name: V{i}_URL, value: '$(V{i - 1}_URL)$(V{i - 1}_URL)'}}\n" for i in range(1, 60))
    spec = f"\n  containers:\n    - name: app\n      env:\n        - {{name: V0_URL, value: 'http://a'}}\n{lines}"
    assert max(len(text) for _, _, text in told(spec)) <= 20_000


def test_data_is_read_by_key_by_all_keys_and_by_the_items_of_a_volume() -> None:
    spec = """
  containers:
    - name: app
      env:
        - {name: A, valueFrom: {configMapKeyRef: {name: cm, key: a}}}
        - {name: B, valueFrom: {secretKeyRef: {name: s, key: b}}}
        - {name: C, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
      envFrom: [{configMapRef: {name: all}}, {secretRef: {name: secrets}}]
  volumes:
    - {name: v, configMap: {name: files, items: [{key: one, path: x}, {key: two, path: y}]}}
    - {name: w, secret: {secretName: keys}}
    - {name: p, projected: {sources: [{configMap: {name: part}}]}}"""
    assert [
        ("ConfigMap", "cm", "a", "variable A"),
        ("Secret", "s", "b", "variable B"),
        ("ConfigMap", "all", "", "envFrom"),
        ("Secret", "secrets", "", "envFrom"),
        ("ConfigMap", "files", "one", "volume v"),
        ("ConfigMap", "files", "two", "volume v"),
        ("Secret", "keys", "", "volume w"),
        ("ConfigMap", "part", "", "volume p"),
    ] == read(spec)


@pytest.mark.parametrize(
    "spec", ["{containers: 1}", "{containers: [{env: {a: b}, args: x}], volumes: [1, {configMap: 2}]}"]
)
def test_wrong_fields_mention_nothing(spec: str) -> None:
    assert ([], []) == (told(spec), read(spec))


def data(text: str) -> dict[str, str]:
    found = only(text)
    assert isinstance(found, ConfigData)
    return {entry.key: entry.text for entry in found.entries}


def test_only_entries_that_may_name_a_host_are_kept() -> None:
    entries = "{HOST: db, theme: dark, a: 'http://b', DB_PORT: '1'}"
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata: {entries}\n"
    assert {"HOST": "db", "a": "http://b", "DB_PORT": "1"} == data(text)


def test_a_secret_is_read_decoded_and_stringdata_wins() -> None:
    text = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
        "data: {url: aHR0cDovL2Ri, host: ZGI=, other: '!!', bin: /w==}\nstringData: {host: cache}\n"
    )
    assert {"url": "http://db", "host": "cache"} == data(text)


@pytest.mark.parametrize("kind", ["ConfigMap", "Secret"])
def test_data_without_hosts_is_no_object(kind: str) -> None:
    assert () == decoded(f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: c}}\ndata: {{theme: ZGFyaw==}}\n").objects


@given(st.text(max_size=30), st.text(max_size=60))
def test_what_may_be_in_an_entry_may_be_in_its_file(key: str, text: str) -> None:
    data = f"kind: ConfigMap\ndata:\n  {key}: {text}\n".encode("utf-8", "surrogatepass")
    assert not may_be_in(key, text) or may_be_in_file(data) or "port" in key.lower()
