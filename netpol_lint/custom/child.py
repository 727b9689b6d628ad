"""The process that evaluates CEL for its parent: a line of JSON in, a line of JSON out; it imports nothing of ours."""

from __future__ import annotations

import json
import sys
from typing import Any, Final

_MOST_MEMORY: Final = 1 << 30


def main() -> None:
    """Answer requests until standard input ends."""
    sys.path.append(sys.argv[1])
    import cel

    _bound_memory()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        answer = _evaluated(cel, request["when"], request["facts"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _evaluated(cel: Any, when: str, facts: list[dict[str, Any]]) -> dict[str, Any]:
    """`hits`, the indices where the expression holds, or `error`, why there is no answer."""
    hits = []
    try:
        program = cel.compile(when)
        for index, variables in enumerate(facts):
            value = program.execute(variables)
            if not isinstance(value, bool):
                return {"error": f"the expression gives {type(value).__name__}, not true or false"}
            if value:
                hits.append(index)
    except (ValueError, TypeError, RuntimeError, LookupError, ArithmeticError, MemoryError) as error:
        missing = "there is no key " if isinstance(error, KeyError) else ""
        return {"error": f"{missing}{error}"[:300]}
    return {"hits": hits}


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows: the time limit alone bounds it
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
