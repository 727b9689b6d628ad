"""Assertions checked against a network: what holds, who decided, and for a failure what would have to change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from netpol_lint.connectivity.connections import Decision
from netpol_lint.connectivity.endpoints import Pod
from netpol_lint.connectivity.explaining import Story, story_of
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.questions import Judgement, Questions
from netpol_lint.errors import NetpolLintError
from netpol_lint.resources.policy import Protocol
from netpol_lint.resources.workload import ContainerPort
from netpol_lint.source.assertion_file import Assertion, AssertionFile, WrittenPod
from netpol_lint.source.location import Location

NO_STORY = Story("", (), ())


@dataclass(frozen=True, slots=True)
class Checked:
    """One assertion with what came of it."""

    file: str
    name: str
    """The given name, else the question in short."""
    source: str
    destination: str
    ports: str
    expected: Judgement
    judgement: Judgement
    """`UNKNOWN` where the question itself is wrong."""
    at: Location
    decided_by: tuple[Decision, ...] = ()
    doubts: tuple[str, ...] = ()
    error: str = ""
    """Why the question cannot be answered: an unknown or ambiguous endpoint, with those that may be meant."""
    tell: Callable[[], Story] = lambda: NO_STORY
    """Makes the story, which only some outputs show, of a question that can be answered."""

    @property
    def passed(self) -> bool:
        return self.judgement is self.expected and not self.error


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of all assertions, in the order of the files."""

    results: tuple[Checked, ...]
    files: int

    @property
    def failed(self) -> tuple[Checked, ...]:
        return tuple(result for result in self.results if not result.passed)


def check(file: AssertionFile, network: Network) -> Iterable[Checked]:
    """What comes of the assertions of a file in this network, to which the file's own pods are added.

    The network is one that knows the namespaces of the file.
    """
    extra = tuple(_pod(written, network) for written in file.pods)
    questions = Questions(network, extra)
    return (_checked(assertion, file.path, questions) for assertion in file.assertions)


def _checked(assertion: Assertion, file: str, questions: Questions) -> Checked:
    source, destination, asked = assertion.source, assertion.destination, assertion.ports
    ports = str(asked)
    name = assertion.name or f"{source} -> {destination} on {ports}"
    expected = Judgement.ALLOWED if assertion.allow else Judgement.DENIED
    try:
        reply = questions.ask(source, destination, asked, to_host=assertion.to_host)
    except NetpolLintError as wrong:
        unknown = Judgement.UNKNOWN
        return Checked(file, name, source, destination, ports, expected, unknown, assertion.at, error=wrong.message)
    judgement = reply.judgement
    return Checked(
        *(file, name, source, destination, ports, expected, judgement, assertion.at),
        reply.deciding(),
        reply.doubts(),
        tell=partial(story_of, reply, source, destination, ports, questions.network.ranges, wanted=expected),
    )


def _pod(written: WrittenPod, network: Network) -> Pod:
    """A pod that exists only in a test."""
    ports = tuple(ContainerPort(port.name, port.port, Protocol(port.protocol), port.at) for port in written.ports)
    name = f"{written.namespace}/Pod/{written.name}"
    return network.future_pod(name, written.namespace, written.labels, ports=ports if written.ports_given else None)
