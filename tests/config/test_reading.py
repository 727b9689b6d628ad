"""Config texts become settings, or an error at the place of the mistake."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from netpol_lint import config
from netpol_lint.config import Assumptions, Mention, PathIgnore, Settings
from netpol_lint.errors import NetpolLintError

EVERYTHING = """\
select: [NP1, NP203]
ignore: [label-collision]
extend-select: [NP301]
fail-on: error
min-severity: warning
severity: {missing-default-deny: error}
options:
  NP101: {whole-cluster: true}
  release-label-selector:
    keys: [version]
per-path:
  - paths: ["legacy/**"]
    ignore: [NP2]
paths: [deploy, ./charts/]
exclude: [vendor]
fixtures: [testdata]
units: [{name: prod, paths: [deploy], namespace: shop}]
cluster: {prod: [deploy, platform]}
namespaces:
  monitoring: {labels: {team: ops}}
  empty:
assume:
  host-network: pod
  ip-blocks-select-pods: false
  kubernetes: "1.33"
  pod-ranges: [10.244.0.0/16]
  service-ranges: [10.96.0.0/12]
  plugin: calico
helm: [{path: charts/web, release: web, namespace: shop, values: [values/prod.yaml]}]
operators: [{group: example.com, kind: Database, labels: {app: db}, ports: [5432]}]
custom-rules: [rules]
baseline: baseline.json
limits: {file: 1000, nesting: 20}
"""


def test_every_key_of_the_contract_is_taken() -> None:
    settings = config.from_text(EVERYTHING, "config.yaml")
    assert (
        Settings(
            select=("NP1", "NP203"),
            ignore=("label-collision",),
            extend_select=("NP301",),
            fail_on="error",
            min_severity="warning",
            severity={"missing-default-deny": "error"},  # type: ignore[arg-type]
            options={"NP101": {"whole-cluster": True}, "release-label-selector": {"keys": ("version",)}},  # type: ignore[arg-type]
            per_path=(PathIgnore(("legacy/**",), ("NP2",), 12, 5),),
            paths=("deploy", "charts"),
            exclude=("vendor",),
            fixtures=("testdata",),
            units=({"name": "prod", "paths": ("deploy",), "namespace": "shop"},),
            cluster={"prod": ("deploy", "platform")},  # type: ignore[arg-type]
            namespaces={"monitoring": {"team": "ops"}, "empty": {}},  # type: ignore[arg-type]
            assume=Assumptions("pod", False, "1.33", ("10.244.0.0/16",), ("10.96.0.0/12",), "calico"),
            helm=({"path": "charts/web", "release": "web", "namespace": "shop", "values": ("values/prod.yaml",)},),
            operators=({"group": "example.com", "kind": "Database", "labels": {"app": "db"}, "ports": (5432,)},),
            custom_rules=("rules",),
            baseline="baseline.json",
            limits={"file": 1000, "nesting": 20},  # type: ignore[arg-type]
            source="config.yaml",
            mentions=(
                Mention("NP1", 1, 10),
                Mention("NP203", 1, 15),
                Mention("label-collision", 2, 10),
                Mention("NP301", 3, 17),
                Mention("NP2", 13, 14),
                Mention("missing-default-deny", 6, 12, exact=True),
                Mention("NP101", 8, 3, exact=True),
                Mention("release-label-selector", 9, 3, exact=True),
            ),
        )
        == settings
    )


TOML = """\
[project]
name = "shop"

[tool.netpol-lint]
select = ["NP1"]
fail-on = "error"

[tool.netpol-lint.assume]
kubernetes = "1.33"

[[tool.netpol-lint.per-path]]
paths = ["legacy/**"]
ignore = ["NP2"]
"""


def test_a_pyproject_configures_in_its_table() -> None:
    settings = config.from_text(TOML, "pyproject.toml")
    expected = ("NP1",), "error", "1.33", (PathIgnore(("legacy/**",), ("NP2",), 11, 1),)
    assert expected == (settings.select, settings.fail_on, settings.assume.kubernetes, settings.per_path)


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "---\n", "null\n", "\ufeff"])
def test_a_config_that_says_nothing_gives_the_defaults(text: str) -> None:
    assert Settings(source="c.yaml") == config.from_text(text.removeprefix("\ufeff"), "c.yaml")


def test_the_template_means_the_same_as_none() -> None:
    assert Settings(source="c.yaml") == config.from_text(config.template(), "c.yaml")


def test_every_line_of_the_template_is_right_when_taken_in() -> None:
    lines = config.template().splitlines()
    settings = [line[2:] for line in lines if line.startswith(("# -", "#   ")) or ": " in line or line.endswith(":")]
    code = [line for line in settings if line.split(":")[0].strip("- ").replace("-", "").isalpha() and line[0] != "Y"]
    text = "\n".join(line for line in code if not line.endswith("."))
    config.from_text(text.replace("yaml-language-server: $schema=", "# "), "c.yaml")
    known = {line.split(":")[0] for line in code if line[0] not in " -"}
    assert {"select", "fail-on", "severity", "options", "per-path", "paths", "baseline", "assume"} <= known


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("selct: [NP1]", "c.yaml:1:1: unknown setting 'selct'; did you mean select?"),
        ("fail_on: error", "c.yaml:1:1: unknown setting 'fail_on'; did you mean fail-on?"),
        ("a: 1\nselect: NP1", "c.yaml:1:1: unknown setting 'a' (there are: assume, baseline, cluster, custom-rules,"),
        ("select: NP1", "c.yaml:1:9: `select` must be a list, not 'NP1'"),
        ("select: [1]", "c.yaml:1:10: `select[0]` must be text, not the number 1 (put it in quotes)"),
        ("select: [NP1, '']", "c.yaml:1:15: `select[1]` must not be empty"),
        ("fail-on: warn", "c.yaml:1:10: `fail-on` must be error, warning, note or never, not 'warn'; did you mean war"),
        ("assume: {kubernetes: 1.36}", "c.yaml:1:22: `assume.kubernetes` must be text, not the number 1.36 (put it in"),
        ("assume: {kubernetes: v1.36}", 'c.yaml:1:22: `assume.kubernetes` must be a version such as "1.36"'),
        ("assume:\n  host-network: nod", "c.yaml:2:17: `assume.host-network` must be node or pod, not 'nod'; did you"),
        ("assume:\n  plugn: x", "c.yaml:2:3: unknown key 'plugn' in `assume`; did you mean plugin?"),
        ("assume: {ip-blocks-select-pods: yes}", "`assume.ip-blocks-select-pods` must be true or false, not 'yes'"),
        ("select:", "c.yaml:1:8: `select` must be a list, not nothing"),
        ("paths: {a: b}", "c.yaml:1:8: `paths` must be a list, not a mapping"),
        ("baseline: [a]", "c.yaml:1:11: `baseline` must be text, not a list"),
        ("baseline: true", "c.yaml:1:11: `baseline` must be text, not true (put it in quotes)"),
        ("baseline: 0o17", "c.yaml:1:11: `baseline` must be text, not the number 15 (put it in quotes)"),
        ("baseline: 1_0.5", "c.yaml:1:11: `baseline` must be text, not the number 10.5 (put it in quotes)"),
        ("limits: {file: !!int x}", "c.yaml:1:16: `limits.file` must be a whole number, not 'x'"),
        (f"select: {'x' * 70}", f"`select` must be a list, not '{'x' * 60}'..."),
        ("per-path:\n  - paths: [a]", "c.yaml:2:5: `per-path[0]` lacks `ignore`"),
        ("limits: {nesting: 1000}", "c.yaml:1:19: `limits.nesting` must be at most 250, not the number 1000"),
        ("limits: {file: 0}", "c.yaml:1:16: `limits.file` must be at least 1, not the number 0"),
        ("namespaces: {a: {labels: {b: 1}}}", "`namespaces.a.labels.b` must be text, not the number 1 (put it in"),
        ("options: {NP101: {whole-clutser: true}}", "unknown option 'whole-clutser' in `options.NP101`; did you mean"),
        ("options:\n  unmatched-peer: {whole-cluster: 1}", "c.yaml:2:35: `options.unmatched-peer.whole-cluster` must"),
        ("select: [NP1]\nselect: [NP2]", "c.yaml:2:1: 'select' is given twice (first on line 1)"),
        ("- NP1", "c.yaml:1:1: a config file is a mapping of settings"),
        ("? [a]\n: b", "c.yaml:1:3: a key must be a word"),
        ("select: !x [NP1]\npaths: !x a", "c.yaml:2:8: the tag '!x' means nothing here"),
        ("a: b: c", "c.yaml:1:5: a second `:` makes no sense here"),
        ("select: [NP1]\n---\nselect: [NP2]", "c.yaml:"),
        ("a: &a [*a]", "c.yaml:1:4: a config file this large or this deep is not read"),
        ("a: " + "[" * 60 + "]" * 60, "this large or this deep is not read"),
        ("a: " + "[" * 900 + "]" * 900, "not YAML"),
        ("a: " + "[" * 20000, "nested deeper than 50 levels are not read"),
        ("\n".join(" " * n + "a:" for n in range(1300)), "c.yaml:"),
    ],
)
def test_a_mistake_is_reported_at_its_place(text: str, message: str) -> None:
    with pytest.raises(NetpolLintError) as raised:
        config.from_text(text, "c.yaml")
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.netpol-lint]\nselct = []\n", "pyproject.toml:2:1: unknown setting 'selct'; did you mean select?"),
        ("[tool.netpol-lint.assume]\n\n  plugn = 'x'\n", "pyproject.toml:3:3: unknown key 'plugn' in `assume`"),
        ("[tool.netpol-lint]\nassume = {plugn = 'x'}\n", "pyproject.toml:2:1: unknown key 'plugn' in `assume`"),
        (
            2 * "[[tool.netpol-lint.per-path]]\npaths = 'a'\nignore = []\n",
            "pyproject.toml:2:1: `per-path[0].paths` must be a list, not 'a'",
        ),
        (
            TOML + "\n[[tool.netpol-lint.per-path]]\nignore = []\npaths = 'a'\n",
            "pyproject.toml:17:1: `per-path[1].paths` must be a list, not 'a'",
        ),
        ("[tool.netpol-lint]\nselect = [\n", "pyproject.toml:"),
        ("[tool]\nnetpol-lint = 1\n", "tool.netpol-lint is not a table"),
    ],
)
def test_a_mistake_in_toml_is_reported_at_its_line(text: str, message: str) -> None:
    with pytest.raises(NetpolLintError) as raised:
        config.from_text(text, "pyproject.toml")
    assert message in str(raised.value)


@pytest.mark.parametrize(
    "text",
    ["baseline: ../baseline.json", "paths: [/etc]", "custom-rules: [a/../../b]", "helm: [{path: ../charts}]",
     "helm: [{path: a, values: [/etc/passwd]}]", "units: [{name: a, paths: [..]}]", "cluster: {a: [..]}",
     'baseline: "a\\0b"'],
)  # fmt: skip
def test_no_path_leads_out_of_the_directory_of_the_config(text: str) -> None:
    with pytest.raises(NetpolLintError, match="leads out of the directory of the config"):
        config.from_text(text, "c.yaml")


def test_no_link_leads_out_of_the_directory_of_the_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "tree" / "link").symlink_to(tmp_path / "outside")
    monkeypatch.chdir(tmp_path / "tree")
    with pytest.raises(NetpolLintError, match="leads out of the directory"):
        config.from_text("paths: [link]", "c.yaml")


def test_paths_are_relative_to_the_config_wherever_the_run_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / ".netpol-lint.yaml").write_text("paths: [deploy]\nbaseline: known.json\n")
    monkeypatch.chdir(tmp_path / "deploy")
    settings = config.load("../.netpol-lint.yaml")
    assert (("../deploy",), "../known.json", "..") == (settings.paths, settings.baseline, settings.base)


def test_the_config_in_github_is_relative_to_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "netpol-lint.yaml").write_text("paths: [deploy]\n")
    monkeypatch.chdir(tmp_path)
    settings = config.load(".github/netpol-lint.yaml")
    assert (("deploy",), "") == (settings.paths, settings.base)


@pytest.mark.parametrize("path", ["../elsewhere/c.yaml", "ci/c.yaml"])
def test_a_config_named_from_elsewhere_is_relative_to_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    settings = config.from_text("paths: [deploy]", path)
    assert (("deploy",), "") == (settings.paths, settings.base)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00", "c.yaml:1:1: not UTF-8 text"),
        (b"a: 1\n  \xe9", "c.yaml:2:3: not UTF-8 text"),
        (b"a: \x00", "YAML allows no control character U+0000"),
        (b"# " + b"x" * 1024 * 1024, "c.yaml: a config file of more than 1048576 bytes is not read"),
    ],
)
def test_bytes_that_are_no_config_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, message: str
) -> None:
    (tmp_path / "c.yaml").write_bytes(content)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NetpolLintError) as raised:
        config.load("c.yaml")
    assert message in str(raised.value)


def test_a_config_that_is_not_there_is_an_error() -> None:
    with pytest.raises(NetpolLintError, match=r"missing.yaml: the config file cannot be read: No such file"):
        config.load("missing.yaml")


def test_an_alias_bomb_is_an_error() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(NetpolLintError, match="this large or this deep"):
        config.from_text("\n".join(["l0: &l0 x", *levels]), "c.yaml")


_WORDS = st.sampled_from(
    [
        *"select per-path paths options NP101 assume : - [ ] { } &a *a !!int !!set | > \" ' #".split(),
        *"1 0x 2001-99-99 ~ << --- ... %YAML = [[ ]]".split(),
        *("\n", "  ", ": ", "- ", "\t", "\r", "\x85", "\ud800"),
    ]
)


@given(st.one_of(st.text(), st.lists(_WORDS).map("".join)), st.sampled_from(["c.yaml", "pyproject.toml"]))
def test_any_text_gives_settings_or_an_error(text: str, path: str) -> None:
    try:
        said = config.from_text(text, path).source
    except NetpolLintError as error:
        said = error.path
    assert path == said


@given(st.binary())
def test_any_bytes_give_settings_or_an_error(data: bytes) -> None:
    from netpol_lint.source.settings_file import decode

    try:
        said = config.from_text(decode(data, "c.yaml"), "c.yaml").source
    except NetpolLintError as error:
        said = error.path
    assert "c.yaml" == said


def test_the_command_line_wins_over_the_config() -> None:
    settings = config.with_overrides(config.from_text("fail-on: error\nselect: [NP1]", "c.yaml"), fail_on="note")
    assert ("note", ("NP1",)) == (settings.fail_on, settings.select)


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow", "20260101", "2026-01-01T00:00", "٢٠٢٦-01-01"])
def test_a_day_that_is_none_is_an_error(day: str) -> None:
    with pytest.raises(NetpolLintError, match="is not a date such as 2026-12-31"):
        config.with_overrides(Settings(), today=day)


def test_a_config_can_come_through_a_pipe() -> None:
    read, write = os.pipe()
    os.write(write, b"fail-on: never\n")
    os.close(write)
    try:
        assert "never" == config.load(f"/dev/fd/{read}").fail_on
    finally:
        os.close(read)


@pytest.mark.parametrize(
    ("ranges", "column", "message"),
    [
        ("{pod-ranges: [10.244.0.0/33]}", 23, "such as 10.244.0.0/16, not '10.244.0.0/33'"),
        ("{service-ranges: [10.96.0.0/12, lan]}", 41, "`assume.service-ranges[1]` must be an address block"),
        ("{pod-ranges: [10.244.7.1/16]}", 23, "and 10.244.7.1/16 is an address in one; did you mean 10.244.0.0/16?"),
        ("{pod-ranges: [10.244.0.0]}", 23, "not '10.244.0.0'; did you mean 10.244.0.0/32?"),
        ("{pod-ranges: [10.0.0.0/255.0.0.0]}", 23, "did you mean 10.0.0.0/8?"),
        ("{pod-ranges: ['fd00::/129']}", 23, "not 'fd00::/129'"),
        ("{pod-ranges: ['']}", 23, "`assume.pod-ranges[0]` must not be empty"),
        ("{service-ranges: [a], pod-ranges: [b]}", 27, "`assume.service-ranges[0]`"),
    ],
)
def test_an_assumed_range_that_is_no_address_block_is_an_error_at_its_place(
    ranges: str, column: int, message: str
) -> None:
    with pytest.raises(NetpolLintError) as error:
        config.from_text(f"select: [NP308]\nassume: {ranges}\n", "c.yaml")
    assert (2, column, True) == (error.value.line, error.value.column, message in str(error.value))


def test_assumed_ranges_of_both_families_are_taken() -> None:
    settings = config.from_text("assume: {pod-ranges: [10.244.0.0/16, 'fd00:10::/56', 0.0.0.0/0]}", "c.yaml")
    assert ("10.244.0.0/16", "fd00:10::/56", "0.0.0.0/0") == settings.assume.pod_ranges
