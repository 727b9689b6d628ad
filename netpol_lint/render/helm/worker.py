"""Run on its own, `python -I worker.py PACKAGES SECONDS BYTES`: renders charts with Helm's library.

One request per line of standard input, one answer per line of standard output, both JSON. The library is native code
that follows what a chart says, so it lives in a process that may be ended at any time, and never forks: a child of a
process that has loaded it hangs.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import Any


def main() -> None:
    """Answer requests until there are no more."""
    packages, seconds, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the library prints is no answer
    _limit("RLIMIT_AS", memory)
    _limit("RLIMIT_CORE", 0)
    if packages not in sys.path:
        sys.path.append(packages)
    import helm_python

    for line in sys.stdin:
        _limit("RLIMIT_CPU", int(sum(os.times()[:2])) + seconds + 1)
        answers.write(json.dumps(_answer(helm_python, json.loads(line))) + "\n")
        answers.flush()


def _answer(helm: Any, request: dict[str, Any]) -> dict[str, Any]:
    try:
        values: dict[str, Any] = {}
        for text in request["values"]:
            values = _merged(values, helm.values_from_yaml(text))
        with helm.Chart.load(request["chart"]) as chart:  # anew each time: a render takes disabled subcharts out of it
            files = chart.render(values, name=request["name"], namespace=request["namespace"])
            definitions = [[definition["filename"], definition["data"]] for definition in chart.crds]
    except helm.HelmError as error:
        return {"error": str(error)}
    return {"files": files, "definitions": definitions}


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        result[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result


def _limit(name: str, limit: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: time is limited from outside
        return
    kind = getattr(resource, name)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (limit, resource.getrlimit(kind)[1]))


main()
