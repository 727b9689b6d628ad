"""What a stranger's chart, or a `helm` that misbehaves, can do: nothing but become a problem, within bounds."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from netpol_lint.render.helm import Allowance, available
from netpol_lint.source.limits import DEFAULT
from tests.render.helm.making import CHART, documents, named, needs, put, reasons, rendered

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs links and scripts")
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
TIGHT = Allowance(seconds=3)


def app(template: str, **files: str) -> None:
    put({"Chart.yaml": CHART, "templates/a.yaml": template, **files}, at="app")


@pytest.mark.parametrize(
    "template",
    [
        '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
        '{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}',
        "{{ fail .Chart.Name }}",
        "{{ if }}",
        "{{ /* without an end",
    ],
)
def test_a_template_without_end_is_refused(renderer: str, template: str) -> None:
    app(f"{CONFIG}---\n{template}")
    result = rendered(renderer)
    assert (result.documents, len(result.problems), result.closed) == ((), 1, False)


def test_a_loop_that_takes_too_long_is_ended(renderer: str) -> None:
    loops = "".join(f"{{{{ range $x{n} := until 100000 }}}}" for n in range(3)) + "{{ end }}{{ end }}{{ end }}"
    app(CONFIG + loops)
    start = time.monotonic()
    result = rendered(renderer, allowance=TIGHT)
    is_quick = time.monotonic() - start < 20 * TIGHT.seconds
    assert ([reason[-27:] for reason in reasons(result)], is_quick) == (["it took longer than 3 seconds"[-27:]], True)


@POSIX
def test_a_loop_that_takes_all_memory_is_ended(renderer: str) -> None:
    app(f"{CONFIG}data:\n  a: '{{{{ range until 300000000 }}}}xxxxxxxxxxxxxxxxxxxxxxxx{{{{ end }}}}'\n")
    (reason,) = reasons(rendered(renderer, allowance=Allowance(seconds=60)))
    assert reason.endswith(f"it needed more than {Allowance().memory} bytes of memory")


def test_output_beyond_the_limit_is_not_read(renderer: str) -> None:
    app(f'{CONFIG}data:\n  a: {{{{ repeat 3000000 "x" }}}}\n')
    (reason,) = reasons(rendered(renderer, allowance=Allowance(output=1_000_000)))
    assert reason.endswith("it gave more than 1000000 bytes")


def test_after_a_limit_was_broken_the_next_chart_is_rendered(renderer: str) -> None:
    app(f'{CONFIG}data:\n  a: {{{{ repeat (.Values.size | int) "x" }}}}\n', **{"values.yaml": "size: 3000000\n"})
    allowance = Allowance(output=1_000_000)
    found = [named(rendered(renderer, allowance=allowance, set_values={"size": size})) for size in (3_000_000, 3)]
    assert found == [[], ["ConfigMap/a"]]


def test_markers_of_the_chart_s_own_are_nothing_special(renderer: str) -> None:
    app("apiVersion: v1 #@np:0:9;\nkind: ConfigMap #@np:99:1;\nmetadata: {name: a} #@np:0:99999999999;\n")
    (only,) = documents(rendered(renderer))
    assert only.path == "app/templates/a.yaml"


@POSIX
@pytest.mark.parametrize("name", ["secret.txt", "templates/b.yaml", "charts"])
def test_a_link_out_of_the_tree_is_refused(name: str) -> None:
    app(CONFIG)
    Path("../outside").mkdir()
    Path("../outside/file").write_text("secret")
    Path("app", name).symlink_to(Path("../outside").resolve())
    Path("app/passwd").symlink_to("/etc/passwd")
    result = rendered(needs("auto"))
    assert (result.documents, ["symbolic link" in reason for reason in reasons(result)]) == ((), [True])


@POSIX
def test_a_link_within_the_tree_is_followed(renderer: str) -> None:
    app("")
    put({"shared.yaml": CONFIG})
    Path("app/templates/b.yaml").symlink_to("../../shared.yaml")
    assert named(rendered(renderer)) == ["ConfigMap/a"]


@POSIX
def test_links_in_a_circle_are_refused() -> None:
    app(CONFIG)
    Path("app/files").symlink_to(".")
    assert reasons(rendered(needs("auto"))) == ["directories within each other without end"]


@POSIX
def test_a_pipe_is_no_file_of_a_chart() -> None:
    app(CONFIG)
    os.mkfifo("app/pipe")
    assert reasons(rendered(needs("auto"))) == ["not a regular file, so it is not read"]


def test_a_chart_yaml_of_aliases_is_refused() -> None:
    layers = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    put({"Chart.yaml": f"name: app\nl0: &l0 [x, x, x]\n{layers}"}, at="app")
    (reason,) = reasons(rendered("none"))
    assert reason.startswith(("aliases stand for", f"aliases stand for more than {DEFAULT.aliases}"))


@pytest.mark.parametrize("name", ["a\\nb", "--post-renderer=x", "../up", "", "a b", "x" * 300, "{{ .Values }}"])
def test_a_chart_s_name_is_one_or_it_is_refused(name: str) -> None:
    put({"Chart.yaml": f'apiVersion: v2\nversion: 1.0.0\nname: "{name}"\n', "templates/a.yaml": CONFIG}, at="app")
    result = rendered("none")
    expected = ["the chart has no name that Helm takes: letters, digits, `.`, `_` and `-`"]
    assert reasons(result) == expected


@pytest.mark.parametrize("job", [{"release": "--debug"}, {"release": "a\nb"}, {"namespace": "a\n---\nb"}])
def test_names_of_releases_and_namespaces_are_names(job: dict[str, Any]) -> None:
    app(CONFIG)
    result = rendered(needs("auto"), **job)
    assert ([" is no name of a " in reason for reason in reasons(result)], "\n" in reasons(result)[0]) == (
        [True],
        False,
    )


@POSIX
def test_a_file_s_name_that_helm_s_output_cannot_carry_is_refused() -> None:
    app(CONFIG)
    Path("app/templates/b\n---\n# Source: x.yaml").write_text(CONFIG)
    (reason,) = reasons(rendered(needs("auto")))
    assert ("which Helm's output cannot name" in reason, "\n" in reason) == (True, False)


def test_a_template_cannot_pass_for_another(renderer: str) -> None:
    app(f"---\n# Source: app/templates/b.yaml\n{CONFIG}", **{"templates/b.yaml": "# nothing\n"})
    (only,) = documents(rendered(renderer))
    assert only.path == "app/templates/a.yaml"


# -- programs called helm -------------------------------------------------------------------------------------


def helm(script: str, monkeypatch: pytest.MonkeyPatch, *, version: str = "v4.0.1") -> None:
    """A `helm` on PATH, and no other."""
    program = Path("../programs/helm")
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nif [ "$1" = version ]; then echo {version}; exit 0; fi\n{script}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent.resolve()}{os.pathsep}/usr/bin{os.pathsep}/bin")


@POSIX
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo 'Error: it is broken' >&2; exit 3", "it is broken"),
        ("printf 'warning\\nlast \\033[31mword\\n' >&2; exit 1", "last [31mword"),
        ("exit 1", "it failed without a word"),
        ("sleep 60", "it took longer than 3 seconds"),
        ("sleep 60 & sleep 60", "it took longer than 3 seconds"),
        ("yes", "it gave more than 1000000 bytes"),
    ],
)
def test_a_helm_that_fails_is_a_problem(monkeypatch: pytest.MonkeyPatch, script: str, reason: str) -> None:
    app(CONFIG)
    helm(script, monkeypatch)
    result = rendered("binary", allowance=Allowance(seconds=3, output=1_000_000))
    assert (reasons(result), result.documents, result.renderer) == ([reason], (), "helm v4.0.1")


@POSIX
def test_what_a_helm_that_succeeds_says_besides_is_not_its_output(monkeypatch: pytest.MonkeyPatch) -> None:
    app(CONFIG)
    helm(
        "echo 'kind: Secret' >&2; printf -- '---\\n# Source: app/templates/a.yaml\\n'; cat $3/templates/a.yaml",
        monkeypatch,
    )
    assert named(rendered("binary")) == ["ConfigMap/a"]


@POSIX
def test_helm_is_told_nothing_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    app(CONFIG)
    monkeypatch.setenv("HELM_PLUGINS", "/plugins")
    monkeypatch.setenv("KUBECONFIG", "/cluster")
    monkeypatch.setenv("TOKEN", "secret")
    helm(f"env | grep -E '^(HELM_PLUGINS|KUBECONFIG|TOKEN)=' | grep -v {'netpol-lint-'} >&2; exit 1", monkeypatch)
    assert reasons(rendered("binary")) == ["it failed without a word"]


@POSIX
def test_helm_is_asked_for_nothing_that_fetches_or_starts_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    app(CONFIG)
    helm('shift 3; echo "$@" >&2; exit 1', monkeypatch)
    assert reasons(rendered("binary")) == ["--namespace=default --skip-tests --include-crds"]


@POSIX
@pytest.mark.parametrize("version", ["v2.17.0", "'Client: &version.Version{}'", "''"])
def test_a_helm_of_another_kind_is_not_used(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    helm("exit 1", monkeypatch, version=version)
    assert available("binary").trouble == "the `helm` on PATH does not tell a version 3 or 4"


@POSIX
def test_a_helm_in_the_working_directory_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    put({"helm": "#!/bin/sh\necho v4.0.0\n", "bin/helm": "#!/bin/sh\necho v4.0.0\n"})
    Path("helm").chmod(0o755)
    Path("bin/helm").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", "bin"]))
    assert available("binary").trouble == "no `helm` is on PATH"


def test_a_package_in_the_working_directory_is_not_helm_s_library(monkeypatch: pytest.MonkeyPatch) -> None:
    put({"helm_python_sdk-9.9.dist-info/METADATA": "Name: helm-python-sdk\nVersion: 9.9\n"})
    monkeypatch.syspath_prepend("")
    monkeypatch.syspath_prepend(str(Path.cwd()))
    assert available("sdk").version != "9.9"
