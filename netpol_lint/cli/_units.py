"""The deployment units of a run as `--show-units` prints them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.cluster.units import Unit
from netpol_lint.engine import Inputs
from netpol_lint.findings.wording import listed
from netpol_lint.report.escaping import visible
from netpol_lint.resources.plugins import ANOTHER, LEFT

_MOST_PROBLEMS: Final = 3


def units_text(inputs: Inputs) -> str:
    """One block for each unit: its name, why it is one, what is in it, and what is not there to be seen."""
    blocks = ["".join(f"{visible(line)}\n" for line in _lines(unit)) for unit in inputs.units]
    count = len(inputs.units)
    return "".join(f"{block}\n" for block in blocks) + f"{count} {'unit' if count == 1 else 'units'}\n"


def _lines(unit: Unit) -> Iterator[str]:
    yield f"{unit.name}: {unit.reason}"
    if unit.cluster:
        yield f"  cluster {unit.cluster}"
    yield f"  {_contents(unit)}"
    for sign in dict.fromkeys(sign for file in unit.files for sign in file.signs):
        plugin = {ANOTHER: "not known", LEFT: "from elsewhere"}.get(sign.plugin, sign.plugin)
        yield f"  network plugin {plugin}: {sign.why} ({sign.at.path}:{sign.at.span.line})"
    if unit.is_example:
        yield "  an example: it says nothing about other units"
    if not unit.closed:
        yield "  not all of it is known, so nothing is concluded from what is absent"
    for problem in unit.not_rendered[:_MOST_PROBLEMS]:
        yield f"  {problem.at.path}:{problem.at.span.line}: {problem.reason}"
    more = len(unit.not_rendered) - _MOST_PROBLEMS
    if more > 0:
        yield f"  and {more} more like this"


def _contents(unit: Unit) -> str:
    workloads = sum(len(file.workloads) for file in unit.files)
    policies = sum(file.policy_count for file in unit.files)
    namespaces = sorted({meta.namespace for file in unit.files for meta in file.metas if meta.namespace})
    parts = [_counted(workloads, "workload", "workloads"), _counted(policies, "policy", "policies")]
    where = f", {'namespace' if len(namespaces) == 1 else 'namespaces'} {listed(namespaces)}" if namespaces else ""
    partial = sum(file.partial for file in unit.files)
    left_out = f"; {_counted(partial, 'patch or excerpt', 'patches or excerpts')} left out" if partial else ""
    return f"{', '.join(parts)}{where}{left_out}"


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
