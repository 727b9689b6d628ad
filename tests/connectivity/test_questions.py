"""Questions with names, blocks, ranges and port names: what the whole of it is answered."""

from __future__ import annotations

from typing import Any

import pytest

from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.questions import Judgement, Questions, Reply
from netpol_lint.errors import NetpolLintError
from netpol_lint.source.asked_ports import AskedPorts, asked_ports
from tests.connectivity.making import cluster


def policy(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "shop"}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def selecting(app: str, **rest: Any) -> dict[str, Any]:
    return {"podSelector": {"matchLabels": {"app": app}}, **rest}


NETWORK = Network.of(
    cluster(
        namespaces=[{"name": "shop"}],
        pods=[
            {"namespace": "shop", "name": "web", "labels": {"app": "web"}, "ports": [{"name": "http", "port": 8080}]},
            {"namespace": "shop", "name": "db", "kind": "StatefulSet", "labels": {"app": "db"}},
            {"namespace": "shop", "name": "odd", "labels": {"app": "odd"}},
            {
                "namespace": "shop",
                "name": "two",
                "labels": {"app": "two"},
                "ports": [{"name": "http", "port": 80}, {"name": "http", "port": 81}],
            },
        ],
        policies=[
            policy("web", selecting("web", ingress=[{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}])),
            policy(
                "db",
                selecting(
                    "db",
                    policyTypes=["Ingress", "Egress"],
                    ingress=[
                        {
                            "from": [{"podSelector": {"matchLabels": {"app": "web"}}}],
                            "ports": [{"port": 5432}, {"port": 5434, "endPort": 5440}],
                        }
                    ],
                ),
            ),
            policy("odd", selecting("odd", ingress=[{"from": [{}]}])),
            policy("two", selecting("two", ingress=[{"ports": [{"port": 80}]}])),
        ],
    )
)
VISITOR = NETWORK.future_pod("shop/Pod/visitor", "shop", {"run": "visitor"})
QUESTIONS = Questions(NETWORK, (VISITOR,))


def ask(source: str, destination: str, port: object = "", protocol: str = "") -> Reply:
    return QUESTIONS.ask(source, destination, asked_ports(port, protocol))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (("10.1.2.3", "shop/web"), "allowed"),
        (("11.1.2.3", "shop/web"), "denied"),
        (("10.0.0.0/7", "shop/web"), "partly"),
        (("10.128.0.0/9", "shop/web", "http"), "allowed"),
        (("::1", "shop/web"), "denied"),
        (("shop/web", "shop/db", 5432), "allowed"),
        (("shop/web", "shop/db", "5434-5440"), "allowed"),
        (("shop/web", "shop/db", "5432-5440"), "partly"),
        (("shop/web", "shop/db", 5432, "UDP"), "denied"),
        (("shop/web", "shop/db", "", "UDP"), "denied"),
        (("shop/web", "shop/db", "", "TCP"), "partly"),
        (("shop/web", "shop/db"), "partly"),
        (("shop/visitor", "shop/db"), "denied"),
        (("shop/db", "shop/db"), "denied"),
        (("shop/visitor", "shop/visitor"), "allowed"),
        (("shop/web", "shop/web"), "allowed"),
        (("shop/visitor", "shop/odd", 80), "unknown"),
        (("shop/odd", "8.8.8.8", 53, "UDP"), "allowed"),
        (("shop/db", "8.8.8.8", 53, "UDP"), "denied"),
        (("shop/visitor", "shop/two", "http"), "unknown"),
        (("shop/db", "shop/two", "http"), "denied"),
    ],
)
def test_a_question_has_one_answer(question: tuple[Any, ...], expected: str) -> None:
    assert expected == ask(*question).judgement.value


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (("10.1.2.3", "8.8.8.8"), "neither 10.1.2.3 nor 8.8.8.8 is a pod: no policy applies"),
        (("shop/db", "8.8.8.8", "http"), "the port name http means nothing on 8.8.8.8"),
        (("shop/db", "shop/web", "metrics"), "shop/web has no TCP port named metrics; it has http"),
        (
            ("shop/db", "shop/web", "http", "UDP"),
            "shop/web has no UDP port named http; it is a port of TCP: say so with `protocol`",
        ),
        (("shop/web", "shop/db", "http"), "shop/db has no TCP port named http; none of its ports has a name"),
    ],
)
def test_a_question_that_means_nothing_is_an_error(question: tuple[Any, ...], expected: str) -> None:
    with pytest.raises(NetpolLintError) as wrong:
        ask(*question)
    assert expected == str(wrong.value)


def test_a_port_name_on_a_pod_of_a_test_without_ports_is_unknown_where_it_matters() -> None:
    assert (Judgement.ALLOWED, Judgement.DENIED) == (
        ask("shop/web", "shop/visitor", "http").judgement,
        ask("shop/db", "shop/visitor", "http").judgement,
    )


def test_an_unknown_answer_says_why() -> None:
    assert ("the API server rejects this policy",) == ask("shop/visitor", "shop/odd", 80).doubts()


def test_a_host_outside_is_known_where_every_address_is_alike() -> None:
    alike = QUESTIONS.ask("shop/db", "www.example.org", AskedPorts("TCP", 443, 443), to_host=True)
    assert Judgement.DENIED is alike.judgement


def test_a_host_outside_is_unknown_where_addresses_differ() -> None:
    spec = selecting("web", policyTypes=["Egress"], egress=[{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}])
    pods = [{"namespace": "shop", "name": "web", "labels": {"app": "web"}}]
    questions = Questions(Network.of(cluster(pods=pods, policies=[policy("web", spec)])))
    reply = questions.ask("shop/web", "www.example.org", AskedPorts("TCP", 443, 443), to_host=True)
    expected = (Judgement.UNKNOWN, ("which addresses www.example.org stands for is not known",))
    assert expected == (reply.judgement, reply.doubts())


def test_a_denial_is_decided_by_those_that_deny() -> None:
    assert ["shop/db"] == [decision.policy for decision in ask("shop/db", "shop/odd", 80).deciding()]
