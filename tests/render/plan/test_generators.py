"""ApplicationSets whose git generator reads files: which files, what they fill in, and what is deployed then."""

from __future__ import annotations

import json

import pytest

from netpol_lint.config import Settings
from netpol_lint.engine import check_texts
from netpol_lint.render.files import Tree
from netpol_lint.render.plan.generator_files import GeneratorFiles
from netpol_lint.render.plan.generators import Pattern, filled
from netpol_lint.render.plan.gitops import Root, roots_in
from netpol_lint.source.documents import Document, read_documents
from tests.trees import inputs_of, pod, policy, texts_of, units_of


def _set(generator: str, template: str, more: str = "") -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: apps}\n"
        f"spec:\n  {more or 'goTemplate: false'}\n  generators: [{{git: {{{generator}}}}}]\n  template: {template}\n"
    )


def _files(texts: dict[str, str], asked: tuple[str, ...] = (".",)) -> GeneratorFiles:
    data = {path: text.encode() for path, text in texts.items()}
    return GeneratorFiles(sorted(data), asked, Tree([], texts=data))


def _roots(manifest: str, texts: dict[str, str]) -> list[Root]:
    (document,) = read_documents(manifest.encode(), "set.yaml")
    assert isinstance(document, Document)
    return [root for root in roots_in(document, _files(texts)) if not root.reads_files]


def _places(manifest: str, texts: dict[str, str]) -> list[tuple[str, str]]:
    return [(root.path, root.namespace) for root in _roots(manifest, texts)]


# -- which files --------------------------------------------------------------------------------------------

_NAMES = (
    "clusters/config.json",
    "clusters/a/config.json",
    "clusters/a/b/config.json",
    "clusters/a/other.yaml",
    "c.json",
)


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("clusters/**/config.json", ["clusters/a/b/config.json", "clusters/a/config.json", "clusters/config.json"]),
        ("**/config.json", ["clusters/a/b/config.json", "clusters/a/config.json", "clusters/config.json"]),
        ("clusters/*/config.json", ["clusters/a/config.json"]),
        ("clusters/**", [*sorted(_NAMES[:4])]),
        ("*.json", ["c.json"]),
        ("./c.json", ["c.json"]),
        ("clusters/[^b]/*.{json,yaml}", ["clusters/a/config.json", "clusters/a/other.yaml"]),
        ("clusters/[b-c]/*", []),
        ("clusters/a?/*", []),
        ("clusters/a", []),
        ("{a,b}" * 200, []),
        ("**/" * 100 + "config.json", ["clusters/a/b/config.json", "clusters/a/config.json", "clusters/config.json"]),
    ],
)
def test_a_star_stays_in_its_directory_and_two_go_through_all(glob: str, expected: list[str]) -> None:
    found, left_out = _files(dict.fromkeys(_NAMES, "{}")).holding((Pattern(glob, excluded=False),), 10)
    assert (expected, 0) == ([path for path, _ in found], left_out)


def test_what_is_excluded_counts_for_no_other_glob() -> None:
    patterns = (Pattern("clusters/**/config.json", excluded=False), Pattern("clusters/a/*.json", excluded=True))
    found, _ = _files(dict.fromkeys(_NAMES, "{}")).holding(patterns, 10)
    assert ["clusters/a/b/config.json", "clusters/config.json"] == [path for path, _ in found]


def test_paths_begin_at_the_directory_that_was_asked_for() -> None:
    files = _files({"repo/clusters/a/config.json": "{}", "repo/other.json": "{}"}, ("repo/clusters", "repo"))
    found, _ = files.holding((Pattern("clusters/*/config.json", excluded=False),), 10)
    assert ["clusters/a/config.json"] == [path for path, _ in found]


# -- what they fill in --------------------------------------------------------------------------------------

_CONFIG = json.dumps({"cluster": {"name": "east", "ports": [80, 443]}, "on": True, "none": None, "n": 1})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{cluster.name}}", "east"),
        ("{{ cluster.ports.1 }}", "443"),
        ("{{ .cluster.name }}-{{ .n }}", "east-1"),
        ("{{- .cluster.name -}}", "east"),
        ("{{ index .cluster.ports 0 }}", "80"),
        ('{{ index .cluster "name" }}', "east"),
        ("{{on}}", "true"),
        ("{{none}}", ""),
        ("{{cluster}}", ""),
        ("{{ .cluster.name | upper }}", ""),
        ("{{ index }}", ""),
        ("{{}}", ""),
        ("{{path}}", "clusters/East_1"),
        ("{{.path.path}}", "clusters/East_1"),
        ("{{path.basename}}", "East_1"),
        ("{{path.basenameNormalized}}", "east-1"),
        ("{{path.filename}}", "config.json"),
        ("{{path.filenameNormalized}}", "config.json"),
        ("{{path[1]}}", "East_1"),
        ("{{ index .path.segments 0 }}", "clusters"),
        ("{{values.own}}", "x-east"),
    ],
)
def test_a_file_s_data_and_path_are_filled_in(text: str, expected: str) -> None:
    manifest = _set(
        "files: [{path: clusters/*/config.json}], values: {own: 'x-{{cluster.name}}'}",
        f"{{spec: {{source: {{path: app}}, destination: {{namespace: '{text}'}}}}}}",
    )
    assert [("app", expected)] == _places(manifest, {"clusters/East_1/config.json": _CONFIG})


def test_a_prefix_stands_before_what_is_said_of_the_path() -> None:
    manifest = _set(
        "files: [{path: '**/config.yaml'}], pathParamPrefix: mine",
        "{spec: {source: {path: 'apps/{{mine.path.basename}}'}, destination: {namespace: '{{path}}'}}}",
    )
    assert [("apps/web", "data")] == _places(manifest, {"clusters/web/config.yaml": "path: data\n"})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("- {to: one}\n- {to: two}\n- three\n", ["one", "two"]),
        ("to: one\n---\nto: two\n", ["one"]),
        ("", [""]),
        ("just text", [""]),
        ("{: :", [""]),
    ],
)
def test_a_file_may_hold_several_sets_of_parameters(content: str, expected: list[str]) -> None:
    manifest = _set("files: [{path: config.yaml}]", "{spec: {source: {path: app}, destination: {namespace: '{{to}}'}}}")
    assert expected == [namespace for _, namespace in _places(manifest, {"config.yaml": content})]


def test_directories_of_a_generator_go_before_its_files() -> None:
    manifest = _set(
        "files: [{path: config.yaml}], directories: [{path: apps/web}]",
        "{spec: {source: {path: '{{path}}'}, destination: {namespace: '{{path.basename}}'}}}",
    )
    assert [("apps/web", "web")] == _places(manifest, {"config.yaml": "path: other\n"})


def test_what_stays_unknown_is_nothing() -> None:
    assert filled("a-{{b}}", {"b": "{{c}}"}) == ""


def test_what_is_longer_than_any_name_is_nothing() -> None:
    assert filled("{{b}}" * 100, {"b": "c" * 100}) == ""
    assert filled("{{b}}" * 1_000, {"b": ""}) == ""


# -- what is deployed ---------------------------------------------------------------------------------------

_APP = f"--- # file: apps/web/web.yaml\n{pod('web')}---\n{policy('deny')}"
_TEMPLATE = (
    "{metadata: {name: 'web-{{cluster.name}}'}, spec: {source: {path: apps/web},"
    " destination: {name: '{{cluster.name}}', namespace: 'web-{{path.basename}}'}}}"
)


def _config(name: str) -> str:
    return f'--- # file: clusters/{name}/config.json\n{{"cluster": {{"name": "{name}-1"}}}}\n'


def test_each_file_is_an_application() -> None:
    manifest = f"--- # file: argo/set.yaml\n{_set('files: [{path: clusters/**/config.json}]', _TEMPLATE)}"
    expected = {
        f"apps/web (web-{name}-1)": [f"NetworkPolicy web-{name}/deny", f"Pod web-{name}/web"]
        for name in ("east", "west")
    }
    assert expected == units_of(_APP + manifest + _config("east") + _config("west"))
    units = inputs_of(_APP + manifest + _config("east") + _config("west")).units
    assert ["east-1", "west-1"] == [unit.cluster for unit in units]


def test_without_such_files_nothing_is_known() -> None:
    manifest = f"--- # file: argo/set.yaml\n{_set('files: [{path: clusters/**/config.json}]', _TEMPLATE)}"
    assert {"apps/web": ["NetworkPolicy default/deny", "Pod default/web"]} == units_of(_APP + manifest)


def test_files_have_only_so_many_elements_and_a_notice_says_so() -> None:
    manifest = f"--- # file: argo/set.yaml\n{_set('files: [{path: many.json}]', _TEMPLATE)}"
    many = json.dumps([{"cluster": {"name": f"c{number}"}} for number in range(1_003)])
    report = check_texts(texts_of(f"{_APP}{manifest}--- # file: many.json\n{many}\n"), Settings())
    (notice,) = report.notifications
    assert notice.message == "3 elements of the generators are too many and not looked at"
