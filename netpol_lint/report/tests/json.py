"""The results as JSON, in the shape that `test.schema.json` describes."""

from __future__ import annotations

from typing import Any

from netpol_lint.connectivity.assertions import Checked, Tested
from netpol_lint.report.connections.parts.shape import decision_shape
from netpol_lint.report.escaping import json_text


def render(tested: Tested, *, color: bool, width: int, verbose: bool) -> str:  # noqa: ARG001 -- one signature for all formats
    """One test a line, so that two results are easily compared."""
    failed = len(tested.failed)
    tests = ",\n".join(f"  {json_text(_test(result))}" for result in tested.results)
    counts = f'"passed": {len(tested.results) - failed}, "failed": {failed}'
    return f'{{"version": 1, {counts}, "tests": [' + (f"\n{tests}\n" if tests else "") + "]}\n"


def _test(result: Checked) -> dict[str, Any]:
    data: dict[str, Any] = {
        "file": result.file,
        "name": result.name,
        "from": result.source,
        "to": result.destination,
        "verdict": result.judgement.value,
        "expected": result.expected.value,
        "passed": result.passed,
        "decided_by": [decision_shape(decision) for decision in result.decided_by],
    }
    if result.doubts:
        data["because"] = list(result.doubts)
    if result.error:
        data["error"] = result.error
    return data
