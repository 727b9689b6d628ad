"""Helm's library in a process of its own: started when first needed, anew after a limit was broken."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any, Final

from netpol_lint.render.helm.bounded import Allowance, Drain, broken_limit, kill, start
from netpol_lint.render.helm.programs import Renderer


class Library:
    """A process that renders charts, one after the other, each from a handle of its own."""

    def __init__(self, renderer: Renderer, allowance: Allowance) -> None:
        self._renderer = renderer
        self._allowance = allowance
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: Drain | None = None
        self.owner = os.getpid()
        self._home = tempfile.TemporaryDirectory(prefix="netpol-lint-")

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request; `error` says why there is none."""
        trouble = "" if self._is_running() else self._start()
        if trouble:
            return {"error": trouble}
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError):  # it has ended, which the missing answer tells better
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        line = _Line(process.stdout, self._allowance.output)
        if line.is_complete(self._allowance.seconds):
            answer: dict[str, Any] = json.loads(line.data)
            return answer
        late = f"it took longer than {self._allowance.seconds} seconds" if line.is_late else ""
        large = f"it gave more than {self._allowance.output} bytes" if len(line.data) > self._allowance.output else ""
        return {"error": self._end(late or large)}

    def close(self) -> None:
        """End the process, if it is ours and not that of a parent."""
        if os.getpid() == self.owner:
            self._end("")
            self._home.cleanup()

    def _is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _start(self) -> str:
        script = str(Path(__file__).with_name("worker.py"))
        limits = [str(self._allowance.seconds), str(self._allowance.memory)]
        command = [sys.executable, "-I", script, self._renderer.location, *limits]
        process = start(command, self._home.name, self._allowance, stdin=subprocess.PIPE)
        if isinstance(process, str):
            return process
        assert process.stderr is not None
        self._process, self._errors = process, Drain(process.stderr, _MOST_ERRORS)
        return ""

    def _end(self, trouble: str) -> str:
        """End the process; what is known of why it had to."""
        process, errors = self._process, self._errors
        if process is None or errors is None:
            return trouble
        if trouble:
            kill(process)
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(2)
        kill(process)
        errors.join()
        process.stdout.close()
        self._process = None
        last = errors.text().strip().rpartition("\n")[2]
        return trouble or broken_limit(process.returncode, errors.text(), self._allowance) or last or "it has ended"


_MOST_ERRORS: Final = 64 * 1024


class _Line:
    """A line read on the side, so that nobody waits for it longer than is allowed."""

    def __init__(self, pipe: IO[bytes], most: int) -> None:
        self._pipe = pipe
        self._most = most
        self.data = b""
        self.is_late = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def is_complete(self, seconds: float) -> bool:
        """Whether the whole line is there in time."""
        self._thread.join(seconds)
        self.is_late = self._thread.is_alive()
        return not self.is_late and self.data.endswith(b"\n")

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self.data = self._pipe.readline(self._most + 1)


_running: dict[tuple[Renderer, Allowance], Library] = {}


def library(renderer: Renderer, allowance: Allowance) -> Library:
    """The one process of this program; a forked child does not talk to its parent's."""
    key = (renderer, allowance)
    known = _running.get(key)
    if known is None or known.owner != os.getpid():
        known = _running[key] = Library(renderer, allowance)
        atexit.register(known.close)
    return known
