"""A second process that does a share of the work and sends the results back."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Final, Self

from netpol_lint.records import NamedTuple

_NONE: Final = -1
_INTERRUPTED: Final = 130


class Helped(NamedTuple):
    """The results by number. What is missing is still to be done."""

    done: dict[int, Any]
    fatal: int
    """The task at which a signal ended the process, -1 if none did."""


def can_fork() -> bool:
    """Whether a forked process is safe here: on Linux, as long as there is one thread."""
    if not sys.platform.startswith("linux") or not hasattr(os, "fork"):
        return False
    threading = sys.modules.get("threading")
    return threading is None or threading.active_count() == 1


class Helper:
    """Does the tasks of the given numbers in a forked process; a context manager, which leaves no process behind."""

    def __init__(self, tasks: Sequence[int], task: Callable[[int], Any]) -> None:
        self._tasks = tasks
        self._task = task
        self._process = 0
        self._pipe = _NONE
        self._progress: Any = b""

    def __enter__(self) -> Self:
        import mmap

        self._progress = mmap.mmap(-1, 8)
        self._note(_NONE)
        reader, writer = os.pipe()
        try:
            self._process = os.fork()
        except OSError:  # no process to be had: everything is left to the caller
            os.close(reader)
            os.close(writer)
            return self
        if not self._process:
            os.close(reader)
            self._work(writer)
        os.close(writer)
        self._pipe = reader
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pipe != _NONE:
            os.close(self._pipe)
        if self._process:
            import signal

            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
        self._progress.close()

    def results(self) -> Helped:
        """Wait for the results."""
        if not self._process:
            return Helped({}, _NONE)
        import pickle

        with os.fdopen(self._pipe, "rb") as pipe:
            self._pipe = _NONE
            data = pipe.read()
        _, status = os.waitpid(self._process, 0)
        self._process = 0
        if os.WIFSIGNALED(status):
            return Helped({}, int.from_bytes(self._progress[:8], "little", signed=True))
        if status:
            return Helped({}, _NONE)  # an exception: it will come again where it can be seen
        return Helped(pickle.loads(data), _NONE)  # noqa: S301 -- from our own process

    def _note(self, number: int) -> None:
        self._progress[:8] = number.to_bytes(8, "little", signed=True)

    def _work(self, writer: int) -> None:
        """The life of the other process, which never returns from here."""
        code = 1
        try:
            done = {}
            for number in self._tasks:
                self._note(number)
                done[number] = self._task(number)
            self._note(_NONE)
            import pickle

            with os.fdopen(writer, "wb") as pipe:
                pickle.dump(done, pipe, pickle.HIGHEST_PROTOCOL)
            code = 0
        except KeyboardInterrupt:
            code = _INTERRUPTED
        finally:
            os._exit(code)
