"""What a Chart.yaml says, and which values a chart is rendered with."""

from __future__ import annotations

import pytest

from netpol_lint.render.helm import Chart, NoChart, chart_of
from netpol_lint.source.location import Span
from tests.render.helm.making import put, tree


def chart(directory: str = "app") -> Chart:
    found = chart_of(directory, tree())
    assert isinstance(found, Chart)
    return found


def test_a_chart_says_its_name_version_type_and_dependencies() -> None:
    text = """
        apiVersion: v2
        name: app
        version: 1.2.3
        type: library
        dependencies:
          - {name: db, version: ^1, repository: "file://../db", alias: store, condition: "a.b,c", tags: [x, y]}
          - name: cache
        """
    put({"Chart.yaml": text}, at="app")
    found = chart()
    dependencies = [dependency[:6] for dependency in found.dependencies]
    expected = [("db", "^1", "file://../db", "store", "a.b,c", ("x", "y")), ("cache", "", "", "", "", ())]
    assert (found.name, found.version, found.type, dependencies) == ("app", "1.2.3", "library", expected)


def test_a_chart_of_helm_2_has_its_dependencies_in_requirements() -> None:
    requirements = "dependencies:\n- name: db\n"
    put({"Chart.yaml": "apiVersion: v1\nname: app\nversion: 1.0.0\n", "requirements.yaml": requirements}, at="app")
    (only,) = chart().dependencies
    assert (only.name, only.at.path, only.at.span) == ("db", "app/requirements.yaml", Span(2, 9, 2, 11))


def test_each_file_of_test_values_is_a_set_of_its_own() -> None:
    files = ["ci/b-values.yaml", "ci/a-values.yaml", "ci/other.yaml", "values-prod.yaml"]
    put({"Chart.yaml": "name: app\n", **dict.fromkeys(files, "a: 1\n")}, at="app")
    assert chart().values_sets == ((), ("app/ci/a-values.yaml",), ("app/ci/b-values.yaml",))


def test_a_chart_at_the_root_of_the_tree_has_plain_paths() -> None:
    put({"Chart.yaml": "name: app\n", "ci/a-values.yaml": "a: 1\n"})
    found = chart(".")
    assert (found.at.path, found.values_sets) == ("Chart.yaml", ((), ("ci/a-values.yaml",)))


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("- a\n", "not a mapping of settings", 1),
        ("# nothing\n", "the file is empty", 1),
        ("version: 1.0.0\n", "the chart has no name that Helm takes: letters, digits, `.`, `_` and `-`", 1),
        ("version: 1.0.0\nname: [a]\n", "the chart has no name that Helm takes: letters, digits, `.`, `_` and `-`", 1),
        ("a: 1\nname: a/b\n", "the chart has no name that Helm takes: letters, digits, `.`, `_` and `-`", 2),
    ],
)
def test_what_is_no_chart_says_why(text: str, reason: str, line: int) -> None:
    put({"Chart.yaml": text}, at="app")
    found = chart_of("app", tree())
    assert isinstance(found, NoChart)
    assert (found.reason, found.at.path, found.at.span.line) == (reason, "app/Chart.yaml", line)


def test_a_chart_outside_the_tree_is_none() -> None:
    put({"Chart.yaml": "name: app\n"}, at="../outside")
    assert isinstance(chart_of("../outside", tree()), NoChart)
