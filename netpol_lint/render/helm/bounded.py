"""Another program run with limits of time, memory and output, in an environment that says nothing of the user."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from netpol_lint.records import NamedTuple

_STEP: Final = 64 * 1024
_MOST_ERRORS: Final = 64 * 1024
_KEPT: Final = (
    "PATH HOME TMPDIR TEMP TMP SYSTEMROOT SYSTEMDRIVE WINDIR USERPROFILE ASDF_DIR ASDF_DATA_DIR MISE_DATA_DIR".split()
)
"""What a program needs to start, and what finds the real `helm` behind the shims of version managers."""
_NO_MEMORY: Final = (
    "out of memory",
    "cannot allocate memory",
    "failed to allocate",
    "pthread_create failed",
    "newosproc",
)


class Allowance(NamedTuple):
    """What rendering one chart once may cost."""

    seconds: int = 60
    memory: int = 2 * 1024 * 1024 * 1024
    """Bytes of address space, on systems that can limit it. Large charts need half a gigabyte."""
    output: int = 32 * 1024 * 1024
    """Bytes that it prints. Its objects take twenty times as much memory; a large chart prints two million."""


DEFAULT: Final = Allowance()


class Ran(NamedTuple):
    """How a program ended."""

    code: int
    output: bytes
    errors: str
    """The beginning of what it wrote to standard error."""
    trouble: str = ""
    """Which limit it broke, or why it did not start; "" if it ended by itself."""


def run(command: Sequence[str], home: str, allowance: Allowance = DEFAULT) -> Ran:
    """Run a program in a directory that is empty or its own, without input. The first word is an absolute path."""
    process = start([*_limits(allowance), *command], home, allowance)
    if isinstance(process, str):
        return Ran(127, b"", "", process)
    assert process.stdout is not None
    assert process.stderr is not None
    output = Drain(process.stdout, allowance.output, process)
    errors = Drain(process.stderr, _MOST_ERRORS)
    try:
        code = process.wait(allowance.seconds)
    except subprocess.TimeoutExpired:
        kill(process)
        return Ran(process.returncode, b"", errors.text(), f"it took longer than {allowance.seconds} seconds")
    finally:
        kill(process)  # and whatever it has left running
        output.join()
        errors.join()
    if output.is_full:
        return Ran(code, b"", errors.text(), f"it gave more than {allowance.output} bytes")
    return Ran(code, output.data(), errors.text(), broken_limit(code, errors.text(), allowance))


def start(
    command: Sequence[str], home: str, allowance: Allowance, *, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes] | str:
    """A program started in its directory with pipes, or why it cannot be."""
    try:
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=home,
            env=environment(home, allowance),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return f"it cannot be started: {error}"


def broken_limit(code: int, errors: str, allowance: Allowance) -> str:
    """Which limit ended a program, by its exit code and last words; "" if none did."""
    if code and any(words in errors.casefold() for words in _NO_MEMORY):
        return f"it needed more than {allowance.memory} bytes of memory"
    if os.name == "posix":
        import signal

        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return f"it took longer than {allowance.seconds} seconds"
    return ""


def environment(home: str, allowance: Allowance) -> dict[str, str]:
    """Nothing of Helm's or kubectl's settings: no repositories, plugins, registries, credentials, cluster or proxy."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    below = {
        "HELM_CACHE_HOME": "cache",
        "HELM_CONFIG_HOME": "config",
        "HELM_DATA_HOME": "data",
        "HELM_PLUGINS": "plugins",
        "HELM_REPOSITORY_CACHE": "cache/repository",
        "HELM_CONTENT_CACHE": "cache/content",
        "HELM_REPOSITORY_CONFIG": "config/repositories.yaml",
        "HELM_REGISTRY_CONFIG": "config/registry.json",
        "XDG_CACHE_HOME": "cache",
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "DOCKER_CONFIG": "config",
        "KUBECONFIG": "kubeconfig",
    }
    return (
        kept
        | {name: str(Path(home, path)) for name, path in below.items()}
        | {
            "HELM_NO_PLUGINS": "1",
            "LC_ALL": "C",
            "GOMAXPROCS": "2",
            "GOMEMLIMIT": str(allowance.memory // 2),
            "MALLOC_ARENA_MAX": "2",
        }
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a program and, where there are process groups, all that it has started."""
    if os.name == "posix":
        import contextlib
        import signal

        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()


class Drain:
    """Reads a pipe to its end on the side, keeping no more than a limit; ends the process that gives more."""

    def __init__(self, pipe: IO[bytes], most: int, process: subprocess.Popen[bytes] | None = None) -> None:
        self._pipe = pipe
        self._most = most
        self._process = process
        self._parts: list[bytes] = []
        self.is_full = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def data(self) -> bytes:
        """What was read so far."""
        return b"".join(self._parts)

    def text(self) -> str:
        """What was read so far, as text."""
        return self.data().decode("utf-8", "replace")

    def join(self) -> None:
        """Wait for the end of the pipe, which ends with the processes that hold it."""
        self._thread.join(5)
        if not self._thread.is_alive():
            self._pipe.close()

    def _read(self) -> None:
        left = self._most
        while data := os.read(self._pipe.fileno(), _STEP):
            if left > 0:
                self._parts.append(data[:left])
            left -= len(data)
            if left < 0 and not self.is_full:
                self.is_full = True
                if self._process is not None:
                    kill(self._process)


def _limits(allowance: Allowance) -> list[str]:
    """The launcher that limits itself first; systems without such limits are left with time and output."""
    if os.name != "posix":
        return []
    launcher = str(Path(__file__).with_name("limited.py"))
    return [sys.executable, "-I", "-S", launcher, str(allowance.seconds), str(allowance.memory)]
