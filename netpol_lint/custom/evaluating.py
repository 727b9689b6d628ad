"""CEL expressions over plain data, evaluated in a child process that is killed when it takes too long."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Timer
from typing import Any, Final

from netpol_lint.errors import NetpolLintError

LONGEST_EXPRESSION: Final = 2_000
"""Characters of one `when:`."""
MOST_SECONDS: Final = 10.0
"""For one rule over one unit."""
_INSTALL: Final = "pip install 'netpol-lint[custom-rules]'"


class Evaluator:
    """One child process, started when first asked and again after it was killed."""

    def __init__(self, seconds: float = MOST_SECONDS) -> None:
        self._seconds = seconds
        self._children: list[subprocess.Popen[bytes]] = []

    def hits(self, when: str, facts: Sequence[dict[str, Any]], page: str) -> tuple[int, ...]:
        """The indices of the facts for which the expression is true.

        NetpolLintError, at the page, if it is too long, wrong, of another type, or not done within the limits.
        """
        if len(when) > LONGEST_EXPRESSION:
            raise NetpolLintError(f"`when` is longer than {LONGEST_EXPRESSION:,} characters", path=page)
        reply = self._ask(json.dumps({"when": when, "facts": list(facts)}).encode() + b"\n")
        if not reply.endswith(b"\n"):
            self.close()
            raise NetpolLintError(f"`when` takes more than {self._seconds:g} seconds or too much memory", path=page)
        answer = json.loads(reply)
        if "error" in answer:
            raise NetpolLintError(f"`when`: {answer['error']}", path=page)
        return tuple(answer["hits"])

    def _ask(self, request: bytes) -> bytes:
        child = self._child()
        assert child.stdin is not None
        assert child.stdout is not None
        timer = Timer(self._seconds, child.kill)
        timer.start()
        try:
            child.stdin.write(request)
            child.stdin.flush()
            return child.stdout.readline()
        except OSError:  # it died while it was being asked
            return b""
        finally:
            timer.cancel()

    def _child(self) -> subprocess.Popen[bytes]:
        if not self._children:
            # isolated: neither the working directory nor the environment adds modules, and the library is ours to name
            command = [sys.executable, "-I", str(Path(__file__).with_name("child.py")), _library()]
            pipe = subprocess.PIPE
            child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
            self._children.append(child)
            atexit.register(self.close)
        return self._children[0]

    def close(self) -> None:
        """End the child, if there is one."""
        for child in self._children:
            child.kill()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    try:
                        pipe.close()
                    except OSError:  # what it was still to be told
                        continue
            child.wait()
        self._children.clear()
        atexit.unregister(self.close)


EVALUATOR: Final = Evaluator()
"""The one of this process."""


def _library() -> str:
    """The directory that holds the CEL library; NetpolLintError with the command to get it."""
    from importlib.util import find_spec

    spec = find_spec("cel")
    if spec is None or not spec.origin:
        raise NetpolLintError(f"custom rules need the CEL library: {_INSTALL}")
    return str(Path(spec.origin).parent.parent)
