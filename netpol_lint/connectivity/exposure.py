"""Pods that do not exist, as policies speak of them: what a newcomer with such labels may open, and who may call it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from netpol_lint.algebra.labels import Operator, Selector
from netpol_lint.connectivity.connections import FUTURE, Endpoint
from netpol_lint.connectivity.endpoints import Pod
from netpol_lint.connectivity.form import Pods
from netpol_lint.connectivity.network import Network
from netpol_lint.records import NamedTuple
from netpol_lint.resources.namespace import NAME_LABEL

_Labels: TypeAlias = tuple[tuple[str, str], ...]
_SOME_VALUE: Final = "any"
"""For a key of which a selector asks only that it is there."""
_NEW_NAMESPACE: Final = "new-namespace"


class Newcomer(NamedTuple):
    """A pod that does not exist, and how outputs show it."""

    pod: Pod
    endpoint: Endpoint


class _Wanted(NamedTuple):
    namespace: str
    """"" where it is one that does not exist."""
    namespace_labels: _Labels
    labels: _Labels


def newcomers(network: Network) -> tuple[Newcomer, ...]:
    """A pod without labels in each namespace and in a new one, and one for each selector of pods in the policies.

    Of a selector that names several values of a key there is a pod for each value; labels that a selector does not ask
    for are not there.
    """
    wanted = {_Wanted("", (), ()), *(_Wanted(name, (), ()) for name in network.cluster.namespaces)}
    for meant in _meant(network):
        wanted.update(_of(meant))
    return _newcomers(network, wanted)


def newcomers_meant(network: Network, meant: Iterable[Pods]) -> tuple[Newcomer, ...]:
    """One for each value that these selectors name; in a new namespace where they mean every namespace."""
    return _newcomers(network, {wanted for pods in meant for wanted in _of(pods)})


def _newcomers(network: Network, wanted: set[_Wanted]) -> tuple[Newcomer, ...]:
    new = _NEW_NAMESPACE
    while new in network.cluster.namespaces:
        new += "-"
    return tuple(_newcomer(network, one, new) for one in sorted(wanted))


def _newcomer(network: Network, wanted: _Wanted, new: str) -> Newcomer:
    namespace, namespace_labels, labels = wanted
    name = f"new pod{' with ' if labels else ''}{_in_words(labels)}"
    unseen = f"a namespace with {_in_words(namespace_labels)}" if namespace_labels else "a new namespace"
    place = namespace or unseen
    endpoint = Endpoint(f"{name} in {place}", FUTURE, namespace, name, (), labels, namespace_labels)
    pod = network.future_pod(endpoint.id, namespace or new, dict(labels), namespace_labels=dict(namespace_labels))
    return Newcomer(pod, endpoint)


def _meant(network: Network) -> Iterator[Pods]:
    for policy in network.policies():
        yield policy.subjects
    for _, rule in network.rules():
        yield from rule.peers.pods


def _of(meant: Pods) -> Iterator[_Wanted]:
    for labels in _examples(meant.pods):
        if meant.namespace:
            yield _Wanted(meant.namespace, (), labels)
            continue
        for namespace_labels in _examples(meant.namespaces):
            others = dict(namespace_labels)
            yield _Wanted(others.pop(NAME_LABEL, ""), tuple(others.items()), labels)


def _examples(selector: Selector) -> Iterator[_Labels]:
    """Label sets that a selector matches, so that every value it names is in one; none if it matches nothing."""
    if not selector.satisfiable():
        return
    choices: dict[str, tuple[str, ...]] = {}
    excluded: dict[str, frozenset[str]] = {}
    for key, operator, values in selector.requirements:
        if operator is Operator.IN:
            choices[key] = tuple(value for value in sorted(values) if value in choices.get(key, values))
        elif operator is Operator.EXISTS:
            choices.setdefault(key, ())
        elif operator is Operator.NOT_IN:
            excluded[key] = excluded.get(key, frozenset()) | values
    fitting = {key: _fitting(values, excluded.get(key, frozenset())) for key, values in choices.items()}
    for number in range(max(map(len, fitting.values()), default=1)):
        labels: Mapping[str, str] = {key: values[number % len(values)] for key, values in fitting.items()}
        yield tuple(sorted(labels.items()))


def _fitting(values: tuple[str, ...], excluded: frozenset[str]) -> tuple[str, ...]:
    if values:
        return tuple(value for value in values if value not in excluded)
    value = _SOME_VALUE
    while value in excluded:
        value += "-"
    return (value,)


def _in_words(labels: _Labels) -> str:
    return ", ".join(f"{key}={value}" for key, value in labels)
