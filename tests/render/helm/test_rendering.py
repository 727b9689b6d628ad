"""Charts become the documents that `helm template` prints, by whichever renderer."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from netpol_lint.render.helm import available
from tests.render.helm.making import CHART, documents, named, needs, node, pointed, put, reasons, rendered, text

POLICY = """
    {{- if .Values.enabled }}
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: {{ .Release.Name }}-web
      labels:
        {{- include "app.labels" . | nindent 4 }}
    spec:
      podSelector:
        matchLabels:
          app: web   # the front
      ingress:
        {{- range .Values.ports }}
        - ports:
            - port: {{ . }}
              protocol: "TCP"
        {{- end }}
        {{- with .Values.extra }}
        {{- toYaml . | nindent 4 }}
        {{- end }}
    {{- end }}
    """
HELPERS = """
    {{- define "app.labels" -}}
    app: web
    team: shop
    {{- end }}
    """
VALUES = """
    enabled: true
    ports: [80, 443]
    extra:
      - from:
          - podSelector: {}
    """


def app(**files: str) -> None:
    put({"Chart.yaml": CHART, "values.yaml": VALUES, "templates/_helpers.tpl": HELPERS, **files}, at="app")


def config(name: str, *, more: str = "") -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n{more}"


def pack(path: str, files: dict[str, str]) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content.encode()))


# -- what is rendered -----------------------------------------------------------------------------------------


def test_a_chart_gives_its_objects_with_release_and_namespace(renderer: str) -> None:
    app(**{"templates/netpol.yaml": POLICY, "templates/ns.yaml": config("{{ .Release.Namespace }}")})
    result = rendered(renderer, release="shop", namespace="prod")
    expected = ["ConfigMap/prod", "NetworkPolicy/shop-web"]
    assert (named(result), reasons(result), result.closed) == (expected, [], True)


def test_a_release_without_a_name_has_that_of_the_chart(renderer: str) -> None:
    app(**{"templates/netpol.yaml": POLICY})
    assert named(rendered(renderer)) == ["NetworkPolicy/app-web"]


def test_values_files_come_in_order_and_inline_values_last(renderer: str) -> None:
    app(
        **{
            "templates/a.yaml": config("{{ .Values.a }}-{{ .Values.b }}-{{ .Values.c.d }}-{{ .Values.c.e }}"),
            "one.yaml": "a: one\nb: one\nc: {d: one, e: one}\n",
            "two,x.yaml": "b: two\nc: {d: two}\n",
        }
    )
    result = rendered(renderer, values=("app/one.yaml", "app/two,x.yaml"), set_values={"c": {"d": "set"}})
    assert named(result) == ["ConfigMap/one-two-set-one"]


def test_hooks_are_kept_but_for_tests_and_unknown_ones(renderer: str) -> None:
    hooks = {"job": "post-install, pre-upgrade", "try": "test", "old": "test-success", "both": "pre-install,test"}
    documents = [config(name, more=f'  annotations: {{"helm.sh/hook": "{hook}"}}\n') for name, hook in hooks.items()]
    documents.append(config("odd", more='  annotations: {"helm.sh/hook": crd-install}\n'))
    app(**{"templates/hooks.yaml": "---\n".join(documents)})
    assert named(rendered(renderer)) == ["ConfigMap/job"]


def test_notes_partials_and_definitions_of_resources_are_no_objects(renderer: str) -> None:
    app(
        **{
            "templates/NOTES.txt": "kind: Secret\nmetadata: {name: note}\n",
            "templates/_part.yaml": config("part"),
            "crds/crd.yaml": "apiVersion: v1\nkind: CustomResourceDefinition\nmetadata: {name: a}\n",
            "crds/other.yaml": config("beside"),
            "templates/a.yaml": config("a"),
        }
    )
    assert named(rendered(renderer)) == ["ConfigMap/a", "ConfigMap/beside"]


def test_braces_in_a_string_are_no_template(renderer: str) -> None:
    app(**{"templates/a.yaml": config("a", more="data:\n  rule: '{{ \"{{ $labels.pod }}\" }}'\n")})
    result = rendered(renderer)
    assert (text(result.documents[0], "data", "rule"), reasons(result)) == ("{{ $labels.pod }}", [])


def test_lookups_find_nothing(renderer: str) -> None:
    app(**{"templates/a.yaml": config('{{ lookup "v1" "Secret" "a" "b" | empty | ternary "none" "some" }}')})
    assert named(rendered(renderer)) == ["ConfigMap/none"]


def test_a_schema_is_not_asked_as_it_may_name_addresses(renderer: str) -> None:
    app(**{"templates/a.yaml": config("a"), "values.schema.json": '{"$ref": "https://192.0.2.1/schema.json"}'})
    result = rendered(renderer)
    assert (named(result), reasons(result)) == (["ConfigMap/a"], [])


def test_a_library_is_no_unit(renderer: str) -> None:
    put({"Chart.yaml": f"{CHART}type: library\n", "templates/_a.tpl": ""}, at="app")
    result = rendered(renderer)
    assert (result.documents, result.problems) == ((), ())


def test_both_renderers_give_the_same_documents_at_the_same_places() -> None:
    needs("binary"), needs("sdk")
    app(**{"templates/netpol.yaml": POLICY, "templates/z.yaml": f"{config('z')}---\n{config('y')}"})
    first, second = (
        [(item.path, text(item, "metadata", "name"), pointed(item, "metadata", "name")) for item in documents(result)]
        for result in (rendered("binary"), rendered("sdk"))
    )
    assert first == second


def test_a_chart_at_the_root_of_the_tree_is_shown_without_dots(renderer: str) -> None:
    put({"Chart.yaml": CHART, "templates/a.yaml": config("a")})
    result = rendered(renderer, root=".")
    assert ([item.path for item in documents(result)], sorted(result.used)) == (
        ["templates/a.yaml"],
        ["Chart.yaml", "templates/a.yaml"],
    )


# -- where it stands ------------------------------------------------------------------------------------------


def test_each_value_stands_where_the_template_has_it(renderer: str) -> None:
    app(**{"templates/netpol.yaml": POLICY})
    (policy,) = rendered(renderer).documents
    at = "app/templates/netpol.yaml"
    places = {
        ("kind",): f"{at}:3: NetworkPolicy",
        ("metadata",): f"{at}:4: metadata",
        ("metadata", "name"): f"{at}:5: name: {{{{ .Release.Name }}}}-web",
        ("metadata", "labels", "team"): f'{at}:7: {{{{- include "app.labels" . | nindent 4 }}}}',
        ("spec", "podSelector", "matchLabels"): f"{at}:10: matchLabels",
        ("spec", "podSelector", "matchLabels", "app"): f"{at}:11: web",
        ("spec", "ingress", 0): f"{at}:14: ports",
        ("spec", "ingress", 1, "ports", 0, "port"): f"{at}:15: - port: {{{{ . }}}}",
        ("spec", "ingress", 1, "ports", 0, "protocol"): f'{at}:16: "TCP"',
        ("spec", "ingress", 2, "from"): f"{at}:19: {{{{- toYaml . | nindent 4 }}}}",
    }
    assert {keys: pointed(policy, *keys) for keys in places} == places


def test_a_digest_of_another_template_does_not_hide_the_lines(renderer: str) -> None:
    digest = (
        '    sum: {{ include (print $.Template.BasePath "/b.yaml") . | sha256sum }}\n    random: {{ randAlphaNum 9 }}\n'
    )
    app(
        **{"templates/a.yaml": config("a", more=f"  annotations:\n{digest}  uid: b\n"), "templates/b.yaml": config("b")}
    )
    first = rendered(renderer).documents[0]
    assert pointed(first, "metadata", "uid") == "app/templates/a.yaml:8: b"


def test_a_template_that_is_one_include_is_pointed_at_there(renderer: str) -> None:
    app(
        **{
            "templates/_all.tpl": f'{{{{- define "all" }}}}\n{config("a")}{{{{- end }}}}\n',
            "templates/a.yaml": '\n{{ include "all" . }}\n',
        }
    )
    (only,) = rendered(renderer).documents
    assert pointed(only, "metadata", "name") == 'app/templates/a.yaml:1: {{ include "all" . }}'


def test_markers_that_spoil_the_yaml_still_tell_the_lines(renderer: str) -> None:
    folded = "data:\n  - text: a\n      b\n"
    app(**{"templates/a.yaml": f"{config('a', more=folded)}---\n{config('b')}---\nkind: A\nmetadata: {{name: c}}\n"})
    found = {text(item, "metadata", "name"): pointed(item, "kind") for item in rendered(renderer).documents}
    at = "app/templates/a.yaml"
    assert found == {"a": f"{at}:2: ConfigMap", "b": f"{at}:10: ConfigMap", "c": f"{at}:14: A"}


def test_output_that_is_no_yaml_is_a_problem_at_its_line_and_the_rest_is_there(renderer: str) -> None:
    broken = f"{config('b')}data:\n  x: [1\n  y: 2\n"
    app(**{"templates/a.yaml": config("a"), "templates/b.yaml": broken, "templates/c.yaml": broken})
    result = rendered(renderer)
    places = [(problem.at.path, problem.at.span.line) for problem in result.problems]
    expected = (["ConfigMap/a"], [("app/templates/b.yaml", 7), ("app/templates/c.yaml", 7)], False)
    assert (named(result), places, result.closed) == expected


def test_a_template_that_fails_is_a_problem_at_the_line_helm_names(renderer: str) -> None:
    app(**{"templates/a.yaml": f"{config('a')}data:\n  x: {{{{ .Values.none.at.all }}}}\n"})
    (problem,) = rendered(renderer).problems
    assert (problem.at.path, problem.at.span.line) == ("app/templates/a.yaml", 6)


# -- dependencies ---------------------------------------------------------------------------------------------


def needing(more: str = "", *, version: str = "^1.0", repository: str = "https://charts.example.com") -> str:
    return f"{CHART}dependencies:\n- name: db\n  version: '{version}'\n  repository: {repository}\n{more}"


def db(directory: str, *, version: str = "1.2.0") -> None:
    put(
        {
            "Chart.yaml": f"apiVersion: v2\nname: db\nversion: {version}\n",
            "values.yaml": "name: db\n",
            "templates/db.yaml": config("{{ .Values.name }}"),
        },
        at=directory,
    )


def test_a_missing_dependency_says_what_to_do(renderer: str) -> None:
    app(**{"Chart.yaml": needing()})
    (problem,) = rendered(renderer).problems
    expected = (
        "its dependency db ^1.0 is not in `charts/`, nor anywhere else in the scanned tree",
        "run `helm dependency build app` first",
        ("app/Chart.yaml", 5),
    )
    assert (problem.reason, problem.remedy, (problem.at.path, problem.at.span.line)) == expected


def test_what_does_not_need_a_missing_dependency_is_rendered(renderer: str) -> None:
    app(**{"Chart.yaml": needing(), "templates/own.yaml": config("own")})
    result = rendered(renderer)
    assert (named(result), len(result.problems), result.closed) == (["ConfigMap/own"], 1, False)


def test_what_goes_wrong_for_want_of_a_dependency_is_not_said_besides(renderer: str) -> None:
    app(**{"Chart.yaml": needing(), "templates/own.yaml": config('{{ include "db.name" . }}')})
    result = rendered(renderer)
    assert (result.documents, len(result.problems)) == ((), 1)


def test_a_subchart_has_its_own_lines_under_its_alias(renderer: str) -> None:
    app(**{"Chart.yaml": needing("  alias: store\n"), "values.yaml": "store: {name: mine}\n"})
    db("app/charts/any-directory")
    (only,) = rendered(renderer).documents
    expected = ("mine", "app/charts/any-directory/templates/db.yaml:4: name: {{ .Values.name }}")
    assert (text(only, "metadata", "name"), pointed(only, "metadata", "name")) == expected


def test_a_packed_subchart_is_pointed_at_where_it_is_asked_for(renderer: str) -> None:
    app(**{"Chart.yaml": needing()})
    pack(
        "app/charts/db-1.2.0.tgz",
        {"db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.2.0\n", "db/templates/db.yaml": config("packed")},
    )
    result = rendered(renderer)
    assert (named(result), pointed(result.documents[0], "kind")) == (["ConfigMap/packed"], "app/Chart.yaml:5: db")


@pytest.mark.parametrize("repository", ["https://charts.example.com", "file://../library/db"])
def test_a_dependency_is_found_elsewhere_in_the_tree(renderer: str, repository: str) -> None:
    app(**{"Chart.yaml": needing(repository=repository)})
    db("library/db")
    db("library/newer", version="2.0.0")
    result = rendered(renderer)
    expected = (["ConfigMap/db"], "library/db/templates/db.yaml:4: name: {{ .Values.name }}", True)
    assert (named(result), pointed(result.documents[0], "metadata", "name"), result.closed) == expected


def test_a_dependency_outside_the_tree_is_not_taken(renderer: str) -> None:
    app(**{"Chart.yaml": needing(repository="file://../../outside")})
    db("../outside")
    assert len(rendered(renderer).problems) == 1


@pytest.mark.parametrize(
    ("more", "values"),
    [("  condition: db.on,global.db\n", "global: {db: false}\n"), ("  tags: [data]\n", "tags: {data: false}\n")],
)
def test_a_missing_dependency_that_values_switch_off_is_left_out(renderer: str, more: str, values: str) -> None:
    app(**{"Chart.yaml": needing(more), "templates/a.yaml": config("a"), "off.yaml": values})
    result = rendered(renderer, values=("app/off.yaml",))
    assert (named(result), reasons(result)) == (["ConfigMap/a"], [])


def test_rendering_leaves_no_files_behind(renderer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app(**{"templates/a.yaml": config("a")})
    rendered(renderer)  # a library that is still running keeps a directory of its own
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    rendered(renderer)
    assert ([*temporary.iterdir()], len([*Path("app").iterdir()])) == ([], 3)


def test_without_a_renderer_the_problem_says_what_to_install() -> None:
    app(**{"templates/a.yaml": config("a")})
    result = rendered("none")
    (problem,) = result.problems
    assert (result.renderer, "netpol-lint[helm]" in problem.remedy, result.closed) == ("none", True, False)


def test_the_renderer_names_its_version(renderer: str) -> None:
    app(**{"templates/a.yaml": config("a")})
    assert rendered(renderer).renderer == available(renderer).name


def test_nodes_are_what_the_plain_render_gives(renderer: str) -> None:
    app(**{"templates/a.yaml": config("a", more="data:\n  text: |\n    a: b\n    - c\n  other: x\n")})
    (only,) = rendered(renderer).documents
    assert text(only, "data", "text") == "a: b\n- c\n"
    assert node(only, "data", "other").location.span.line == 9
