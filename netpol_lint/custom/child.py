"""The process that evaluates CEL for its parent: plain data in, a line of JSON out; it imports nothing of ours."""

from __future__ import annotations

import json
import marshal
import sys
from typing import Any, Final

MOST_MEMORY: Final = 1 << 30
READY: Final = "ready\n"
"""The first line it writes. Without it, it has not started, and standard error says why."""
SIZE: Final = 8
"""Bytes before each request that say how long it is."""
_LONGEST_ERROR: Final = 300


def main() -> None:
    """Answer requests until standard input ends. `sys.argv[1]` is the directory that holds the library."""
    sys.path.append(sys.argv[1])
    import cel

    bound_memory()
    sys.stdout.write(READY)
    sys.stdout.flush()
    while size := int.from_bytes(sys.stdin.buffer.read(SIZE), "big"):
        request = marshal.loads(sys.stdin.buffer.read(size))  # noqa: S302 -- our parent wrote it
        sys.stdout.write(json.dumps(_answered(cel, request["when"], request["facts"])) + "\n")
        sys.stdout.flush()


def _answered(cel: Any, when: str, facts: list[dict[str, Any]]) -> dict[str, Any]:
    """`answers`, true or false by fact, or `error`, why there are none, with the `index` of the fact."""
    answers: list[bool] = []
    place: dict[str, int] = {}
    try:
        program = cel.compile(when)
        context, known = cel.Context(), dict[str, Any]()
        for index, variables in enumerate(facts):
            place = {"index": index}
            for name, fact in variables.items():
                if known.get(name) is not fact:  # to hand over a long list takes far longer than to look at it
                    context.add_variable(name, fact)
                    known[name] = fact
            value = program.execute(context)
            if not isinstance(value, bool):
                return {"error": f"the expression gives {type(value).__name__}, not true or false", **place}
            answers.append(value)
    except (ValueError, TypeError, RuntimeError, LookupError, ArithmeticError, MemoryError) as error:
        return {"error": _said(error), **place}
    return {"answers": answers}


def _said(error: Exception) -> str:
    """What is wrong, without the expression that a syntax error repeats."""
    if isinstance(error, KeyError):
        return f"there is no key {error}"
    if isinstance(error, MemoryError):
        return "it needs too much memory"
    before, marker, place = str(error).partition("ERROR: <input>:")
    text = f"line and column {place}" if marker else before
    return text.partition("\n")[0][:_LONGEST_ERROR]


def bound_memory() -> None:
    """Bound the memory of this process where the system can; elsewhere the parent's time limit alone bounds it."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(limit, (most, most))
        except (ValueError, OSError):  # macOS may refuse, and a limit that is lower already may stay
            continue


if __name__ == "__main__":
    main()
