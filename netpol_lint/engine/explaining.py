"""One question put to the deployment unit that knows both ends."""

from __future__ import annotations

from netpol_lint.cluster.units import Unit
from netpol_lint.config import Settings
from netpol_lint.connectivity.explaining import Explanation, story_of
from netpol_lint.connectivity.questions import Judgement, Questions
from netpol_lint.engine import networks
from netpol_lint.engine.inputs import Inputs
from netpol_lint.errors import NetpolLintError
from netpol_lint.source.asked_ports import AskedPorts


def explain(
    inputs: Inputs, settings: Settings, source: str, destination: str, asked: AskedPorts, *, unit: str = ""
) -> Explanation:
    """May `source` reach `destination`, and why.

    NetpolLintError if no unit, or without `unit` more than one, knows both ends.
    """
    units = networks.units_of(inputs, unit)
    answers: list[Explanation] = []
    wrong: list[NetpolLintError] = []
    for one in units:
        try:
            answers.append(_explain(one, settings, source, destination, asked))
        except NetpolLintError as error:
            wrong.append(error)
    if not answers:
        raise wrong[0]
    if len(answers) > 1:
        names = ", ".join(answer.unit for answer in answers)
        raise NetpolLintError(f"several deployment units have both ends, choose one with --unit: {names}")
    return answers[0]


def _explain(unit: Unit, settings: Settings, source: str, destination: str, asked: AskedPorts) -> Explanation:
    network = networks.network_of(unit, settings)
    reply = Questions(network).ask(source, destination, asked)
    wanted = Judgement.ALLOWED if reply.judgement is Judgement.DENIED else reply.judgement
    story = story_of(reply, source, destination, str(asked), network.ranges, wanted=wanted)
    return Explanation(source, destination, unit.name, reply, story)
