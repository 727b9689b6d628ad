"""The engine agrees with a deliberately naive evaluator on random clusters, for one connection and for all at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from netpol_lint.connectivity.endpoints import End as End_
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.verdicts import Answer
from tests.connectivity.making import cluster
from tests.connectivity.reaching import at_once, one_by_one
from tests.properties.clusters import NUMBERS, PROTOCOLS, VALUES, clusters
from tests.properties.naive import WITNESSES, End, Question, verdicts

_OUTSIDE = ("8.8.8.8", "10.1.2.3", "192.168.7.7")
_PORTS = (*NUMBERS, 9)
_ANSWERS = {
    frozenset((True,)): Answer.ALLOWED,
    frozenset((False,)): Answer.DENIED,
    frozenset((True, False)): Answer.UNKNOWN,
}
RUN_TIME = "job-name"
"""A label that controllers write on pods."""


def worlds_of(case: dict[str, Any], name: str, unseen: tuple[str, ...] = ()) -> Iterator[End]:
    """Everything an end may be: a pod of unknown address may have any, and labels that no manifest shows."""
    pod = next((one for one in case["pods"] if one["name"] == name), None)
    if pod is None:
        yield End("", {}, {}, name, [], False)
        return
    labels = next(one["labels"] for one in case["namespaces"] if one["name"] == pod["namespace"])
    for address in (pod["ip"],) if pod["ip"] else WITNESSES:
        for own_node in (False, True) if pod["hostNetwork"] else (False,):
            for more in ({}, *({RUN_TIME: value} for value in unseen if not pod["ip"])):
                own = {**pod["labels"], **more}
                yield End(pod["namespace"], labels, own, address, pod["ports"], pod["hostNetwork"], own_node)


def naive_answers(
    case: dict[str, Any], pair: tuple[str, str], protocol: str, port: int, unseen: tuple[str, ...] = ()
) -> set[bool]:
    """The verdicts of all worlds."""
    return {
        verdict
        for one in worlds_of(case, pair[0], unseen)
        for other in worlds_of(case, pair[1], unseen)
        for verdict in verdicts(Question(one, other, protocol, port), case["policies"])
    }


def without_addresses(case: dict[str, Any]) -> dict[str, Any]:
    """Deployments have no address that a manifest shows; a Pod that has one keeps it."""
    pods = [{**pod, "kind": "Pod" if pod["ip"] else "Deployment"} for pod in case["pods"]]
    return {**case, "pods": pods}


def asking_for_unseen_labels(case: dict[str, Any]) -> dict[str, Any]:
    """The same with policies that ask for a label of which no manifest shows whether it is there."""
    policies = json.dumps(case["policies"]).replace('"app"', f'"{RUN_TIME}"')
    return {**case, "policies": json.loads(policies)}


def pairs_of(case: dict[str, Any], network: Network) -> dict[tuple[str, str], tuple[End_, End_]]:
    """Every two ends of which one is a pod, by name."""
    pods: dict[str, End_] = {pod.id.rpartition("/")[2]: pod for pod in network.pods.values()}
    ends = {**pods, **{text: network.addresses(text)[0] for text in _OUTSIDE}}
    return {
        (source, destination): (ends[source], ends[destination])
        for source in ends
        for destination in ends
        if source != destination and (source in pods or destination in pods)
    }


@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(clusters, st.sampled_from(PROTOCOLS), st.sampled_from(_PORTS))
def test_the_engine_agrees_with_the_naive_evaluator(case: dict[str, Any], protocol: str, port: int) -> None:
    case = without_addresses(case)
    network = Network.of(cluster(**case))
    for pair, ends in pairs_of(case, network).items():
        expected = _ANSWERS[frozenset(naive_answers(case, pair, protocol, port))]
        assert expected == network.verdict(*ends, protocol, port).answer, pair


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(clusters, st.sampled_from(PROTOCOLS), st.sampled_from(_PORTS))
def test_a_label_that_may_be_there_never_makes_the_engine_guess(case: dict[str, Any], protocol: str, port: int) -> None:
    """It may say unknown where every world agrees (two doubts may be one), but never allowed or denied wrongly."""
    case = without_addresses(asking_for_unseen_labels(case))
    network = Network.of(cluster(**case))
    for pair, ends in pairs_of(case, network).items():
        answer = network.verdict(*ends, protocol, port).answer
        worlds = _ANSWERS[frozenset(naive_answers(case, pair, protocol, port, (*VALUES, "other")))]
        assert answer in (worlds, Answer.UNKNOWN), pair


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(clusters, st.booleans())
def test_all_connections_at_once_are_those_asked_for_one_by_one(case: dict[str, Any], unseen: bool) -> None:
    network = Network.of(cluster(**without_addresses(asking_for_unseen_labels(case) if unseen else case)))
    assert one_by_one(network) == at_once(network)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(clusters, st.randoms(use_true_random=False))
def test_the_order_of_objects_does_not_matter(case: dict[str, Any], random: Any) -> None:
    shuffled = {part: random.sample(objects, len(objects)) for part, objects in case.items()}
    one, other = (Network.of(cluster(**without_addresses(made))) for made in (case, shuffled))
    for source in one.pods:
        for destination in one.pods:
            first = one.traffic(one.pods[source], one.pods[destination])
            second = other.traffic(other.pods[source], other.pods[destination])
            assert (first.allowed, first.unknown) == (second.allowed, second.unknown)
