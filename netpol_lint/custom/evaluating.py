"""CEL expressions over plain data, evaluated in a child process that is killed when it takes too long."""

from __future__ import annotations

import atexit
import json
import marshal
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import IO, Any, Final

from netpol_lint.custom.child import MOST_MEMORY, READY, SIZE
from netpol_lint.custom.expressions import Expression
from netpol_lint.errors import NetpolLintError
from netpol_lint.records import NamedTuple

MOST_SECONDS: Final = 10.0
"""For one rule over one unit, and for the start."""
MOST_DATA: Final = 64 << 20
"""Bytes of the facts about one unit."""
_INSTALL: Final = "pip install 'netpol-lint[custom-rules]'"
_CHILD: Final = Path(__file__).with_name("child.py")


class _Child(NamedTuple):
    process: subprocess.Popen[bytes]
    requests: IO[bytes]
    answers: IO[bytes]
    complaints: IO[bytes]
    """What it writes to standard error: a file, so that it never waits for somebody to read it."""

    def complaint(self) -> str:
        """The last line that it wrote before it ended."""
        self.complaints.seek(0)
        lines = self.complaints.read().decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it says nothing")

    def cause_of_death(self) -> str:
        """Why it ended while it was evaluating."""
        self.complaints.seek(0)
        said = self.complaints.read()
        if b"memory allocation" in said:
            return f"it needs more than {MOST_MEMORY >> 20:,} MiB of memory"
        if b"overflowed its stack" in said:
            return "it nests too deeply"
        return f"the process that evaluates it ended with status {self.process.wait()}"


class Evaluator:
    """One child process, started when first asked and again after it was killed."""

    def __init__(self, seconds: float = MOST_SECONDS, *, program: Path = _CHILD, most_data: int = MOST_DATA) -> None:
        self._seconds = seconds
        self._program = program
        self._most_data = most_data
        self._children: list[_Child] = []

    def answers(
        self, when: Expression, facts: Sequence[dict[str, Any]], named: Callable[[int], str]
    ) -> tuple[bool, ...]:
        """Whether the expression is true, for each of the facts; `named` says whose a fact is, by its index.

        NetpolLintError, at the expression, if it is wrong, of another type, or not done within the limits; without a
        place if the library is not there or does not start.
        """
        request = marshal.dumps({"when": when.text, "facts": list(facts)})
        if len(request) > self._most_data:
            raise when.error(f"there are more than {self._most_data >> 20} MiB of facts about one unit")
        child = self._child()
        with self._deadline(child) as late:
            reply = _asked(child, request)
        if not reply.endswith(b"\n"):
            reason = f"it takes more than {self._seconds:g} seconds" if late else child.cause_of_death()
            self.close()
            raise when.error(reason)
        answer = json.loads(reply)
        if "error" in answer:
            whose = f" ({named(answer['index'])})" if "index" in answer else ""
            raise when.error(f"{answer['error']}{whose}")
        return tuple(answer["answers"])

    @contextmanager
    def _deadline(self, child: _Child) -> Iterator[list[bool]]:
        """What is given is empty unless the child was killed because it took too long."""
        late: list[bool] = []

        def end() -> None:
            late.append(True)
            child.process.kill()

        timer = Timer(self._seconds, end)
        timer.start()
        try:
            yield late
        finally:
            timer.cancel()

    def _child(self) -> _Child:
        if not self._children:
            child = _started(self._program)
            self._children.append(child)
            atexit.register(self.close)
            with self._deadline(child) as late:
                first = child.answers.readline()
            if first.decode().split() != READY.split():
                reason = f"it takes more than {self._seconds:g} seconds" if late else child.complaint()
                self.close()
                raise NetpolLintError(f"the process that evaluates custom rules does not start: {reason}")
        return self._children[0]

    def close(self) -> None:
        """End the child, if there is one."""
        for child in self._children:
            child.process.kill()
            for file in (child.requests, child.answers, child.complaints):
                with suppress(OSError):  # what it was still to be told
                    file.close()
            child.process.wait()
        self._children.clear()
        atexit.unregister(self.close)


EVALUATOR: Final = Evaluator()
"""The one of this process."""


def _started(program: Path) -> _Child:
    from tempfile import TemporaryFile

    # isolated: neither the working directory nor the environment adds modules, and the library is ours to name
    command = [sys.executable, "-I", str(program), _library()]
    pipe, complaints = subprocess.PIPE, TemporaryFile()  # noqa: SIM115 -- closed with the child
    environment = {**os.environ, "RUST_BACKTRACE": "0"}
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=complaints, env=environment)
    assert process.stdin is not None
    assert process.stdout is not None
    return _Child(process, process.stdin, process.stdout, complaints)


def _asked(child: _Child, request: bytes) -> bytes:
    """The line that it answers, "" or a part of it if it ended before."""
    try:
        child.requests.write(len(request).to_bytes(SIZE, "big") + request)
        child.requests.flush()
        return child.answers.readline()
    except OSError:
        return b""


def _library() -> str:
    """The directory that holds the CEL library; NetpolLintError with the command to get it."""
    from importlib.util import find_spec

    spec = find_spec("cel")
    if spec is None or not spec.origin:
        raise NetpolLintError(f"custom rules need the CEL library: {_INSTALL}")
    return str(Path(spec.origin).parent.parent)
