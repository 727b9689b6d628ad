"""`netpol-lint map`: what is asked for, where it goes, what is wrong with the question."""

from __future__ import annotations

import json

import pytest

from tests.cli.running import DENY, MISSPELT, POD, Shell

_CLIENT = POD.replace("backend", "client").replace("namespace: shop", "namespace: tools")
_ALLOW = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: backend, namespace: shop}
spec:
  podSelector: {matchLabels: {app: backend}}
  ingress:
    - from: [{namespaceSelector: {}}]
      ports: [{port: 80}]
"""
_ALL = f"{POD}---\n{_CLIENT}---\n{_ALLOW}"


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(c["from"], c["to"]) for unit in json.loads(text)["units"] for c in unit["connections"]]


def test_the_map_goes_to_standard_output(shell: Shell) -> None:
    shell.write("all.yaml", _ALL)
    expected = """\
unit .: 2 workloads and 1 class of addresses, 5 connections allowed

from / to               1    2    3
  1  shop/Pod/backend   -  all  all
  2  tools/Pod/client  80    -  all
  3  0.0.0.0/0          .  all    -

.  nothing
"""
    assert (0, expected, "") == shell.run("map")


def test_the_map_goes_into_a_file(shell: Shell) -> None:
    shell.write("all.yaml", _ALL)
    run = shell.run("map", "-f", "csv", "-o", "out/map.csv")
    assert (0, "", "unit,from,to,ports,unknown") == (
        run.status,
        run.out,
        (shell.directory / "out/map.csv").read_text("utf-8").splitlines()[0],
    )


@pytest.mark.parametrize(
    ("options", "pairs"),
    [
        (("--focus", "backend", "--direction", "ingress"), [("tools/Pod/client", "shop/Pod/backend")]),
        (("--focus", "tools/client", "--port", "80", "--direction", "egress"), [
            ("tools/Pod/client", "shop/Pod/backend"),
            ("tools/Pod/client", "0.0.0.0/0"),
        ]),
        (("--direction", "ingress", "--port", "udp/53"), [
            ("shop/Pod/backend", "tools/Pod/client"),
            ("0.0.0.0/0", "tools/Pod/client"),
        ]),
        (("--unit", "."), [
            ("shop/Pod/backend", "tools/Pod/client"),
            ("shop/Pod/backend", "0.0.0.0/0"),
            ("tools/Pod/client", "shop/Pod/backend"),
            ("tools/Pod/client", "0.0.0.0/0"),
            ("0.0.0.0/0", "tools/Pod/client"),
        ]),
    ],
    ids=["ingress", "port", "udp", "unit"],
)  # fmt: skip
def test_only_what_is_asked_for(shell: Shell, options: tuple[str, ...], pairs: list[tuple[str, str]]) -> None:
    shell.write("all.yaml", _ALL)
    assert pairs == _pairs(shell.run("map", "-f", "json", *options).out)


def test_exposure_adds_pods_that_do_not_exist(shell: Shell) -> None:
    shell.write("all.yaml", _ALL)
    found = _pairs(shell.run("map", "-f", "json", "--exposure", "--focus", "backend", "--direction", "ingress").out)
    assert ("new pod in a new namespace", "shop/Pod/backend") in found


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--unit", "prod"), "there is no deployment unit 'prod'; there are '.'"),
        (("--focus", "shop/backnd"), "did you mean shop/Pod/backend?"),
        (("--port", "70000"), "1 to 65535"),
        (("--port", "http"), "is not like 8080, 8000-8010, UDP/53 or UDP"),
        (("--port", "icmp/1"), "must be TCP, UDP or SCTP"),
        (("--format", "pdf"), "pdf"),
        (("nowhere",), "nowhere: no such file or directory"),
    ],
    ids=["unit", "focus", "port", "name", "protocol", "format", "path"],
)
def test_a_wrong_question_is_wrong_usage(shell: Shell, options: tuple[str, ...], words: str) -> None:
    shell.write("all.yaml", _ALL)
    run = shell.run("map", *options)
    assert (2, "", True) == (run.status, run.out, words in run.err)


def test_no_manifest_is_an_empty_map(shell: Shell) -> None:
    run = shell.run("map", "-f", "json")
    assert (0, "netpol-lint: no manifest found below the given paths\n") == (run.status, run.err)


def test_a_policy_that_is_rejected_is_said_and_what_it_could_change_is_unknown(shell: Shell) -> None:
    shell.write("all.yaml", f"{POD}---\n{_CLIENT}---\n{DENY.replace('[Ingress, Egress]', '[Ingres]')}")
    run = shell.run("map", "-f", "json")
    unknown = [c["from"] for c in json.loads(run.out)["units"][0]["connections"] if "unknown" in c]
    assert (True, True) == ("default-deny" in run.err, "tools/Pod/client" in unknown)


def test_a_page_names_the_rules(shell: Shell) -> None:
    shell.write("all.yaml", _ALL)
    assert '"shop/backend","NetworkPolicy","allow","spec.ingress[0]"' in shell.run("map", "-f", "html").out.replace(
        '", "', '","'
    )


def test_a_policy_without_pods_is_a_map_without_connections(shell: Shell) -> None:
    shell.write("policy.yaml", MISSPELT)
    assert "unit .: 0 workloads and 1 class of addresses, 0 connections allowed\n" == shell.run("map").out


_CALLED = """\
apiVersion: v1
kind: Service
metadata: {name: backend, namespace: shop, labels: {app: backend}}
spec: {selector: {app: backend}, ports: [{name: web, port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: backend, namespace: shop}
spec: {defaultBackend: {service: {name: backend, port: {number: 80}}}}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: backend, namespace: shop}
spec: {selector: {matchLabels: {app: backend}}, endpoints: [{port: web}]}
"""
_ELSEWHERE = _ALLOW.replace("{}", "{matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}")


@pytest.mark.parametrize(("policy", "verdict"), [(_ELSEWHERE, "open"), (DENY, "blocked")])
def test_a_need_of_strangers_is_open_if_a_policy_may_mean_them(shell: Shell, policy: str, verdict: str) -> None:
    shell.write("all.yaml", f"{POD}---\n{_CALLED}---\n{policy}")
    [unit] = json.loads(shell.run("map", "--needs", "-f", "json").out)["units"]
    assert {"published": verdict, "scraped": verdict} == {need["reason"]: need["verdict"] for need in unit["needs"]}
