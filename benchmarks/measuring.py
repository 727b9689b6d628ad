"""What a run of a program takes, and tables of several programs on the same case."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import Process
from pathlib import Path
from statistics import median
from threading import Timer
from typing import NamedTuple

UNIT = 1 if sys.platform == "darwin" else 1024
"""Of the system's figure for memory, in bytes."""


class Run(NamedTuple):
    """What one run took."""

    seconds: float
    """On the clock."""
    processor_seconds: float
    """Of the program and of all programs that it started and waited for."""
    megabytes: float
    """The most that one process of these had. Where two work side by side it is the larger, not the sum of both."""
    written: float
    """To standard output, in megabytes."""
    code: int
    said: str
    """To standard error."""


def run(command: Sequence[str | Path], directory: Path, *, limit: float = 3600.0, output: Path | None = None) -> Run:
    """A run of a program, killed with all that it started after `limit` seconds (then the code is negative).

    The calling process must stay small: a child's figure for memory begins with what its parent had.
    """
    with output.open("wb") if output else tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=directory, stdin=subprocess.DEVNULL, stdout=out, stderr=said, start_new_session=True
        )
        timer = Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        return Run(
            seconds,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * UNIT / 1e6,
            out.seek(0, os.SEEK_END) / 1e6,
            process.returncode,
            said.read(100_000).decode("utf-8", "replace"),
        )


def aside(work: Callable[..., object], *arguments: object) -> None:
    """Call a function in a process of its own, so that this one stays small."""
    process = Process(target=work, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{work.__name__} failed")


def in_turn(
    commands: Mapping[str, Sequence[str | Path]], directory: Path, *, runs: int, limit: float
) -> dict[str, list[Run]]:
    """Runs of several programs over a directory, A B C A B C; the first of each is not counted where there are more.

    What takes longer than the limit is not started again: its run says so by a negative code.
    """
    done: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(runs + (runs > 1)):
        for name, command in commands.items():
            if not (done[name] and done[name][-1].code < 0):
                done[name].append(run(command, directory, limit=limit))
    return {name: all_of[1:] or all_of for name, all_of in done.items()}


def table(case: str, done: Mapping[str, list[Run]]) -> str:
    """A Markdown table: medians, and what the first program takes as a part of what each takes."""
    head = "| program | s | from-to | ours / its | MB | ours / its | written MB | exit |"
    lines = [f"### {case}", "", head, "|---" * (head.count("|") - 1) + "|"]
    ours = next(iter(done.values()))
    for name, runs in done.items():
        times = [one.seconds for one in runs]
        seconds, megabytes = median(times), median(one.megabytes for one in runs)
        part = median(one.seconds for one in ours) / seconds
        part_of_memory = median(one.megabytes for one in ours) / megabytes
        code = "too slow, stopped" if runs[-1].code < 0 else f"{runs[-1].code}"
        lines.append(
            f"| {name} | {seconds:.2f} | {min(times):.2f}-{max(times):.2f} | {part:.3g} "
            f"| {megabytes:.0f} | {part_of_memory:.2f} | {runs[-1].written:.2f} | {code} |"
        )
    return "\n".join(lines) + "\n"
