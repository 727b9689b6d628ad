"""What netpol-lint finds in real repositories, and what that costs: one row for each directory of a directory.

python benchmarks/trees.py DIR                      every directory in DIR, each in a process of its own
python benchmarks/trees.py DIR --select NP0,NP1     any options of `netpol-lint check` after the directory
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

COMMAND = (sys.executable, "-m", "netpol_lint", "check", "--isolated", "--exit-zero")
SEVERITIES = ("error", "warning", "note")


class Row(NamedTuple):
    """What there is to say of one tree."""

    name: str
    units: int
    summary: dict[str, int]
    findings: list[dict[str, Any]]
    closing_line: str
    seconds: float
    megabytes: float


def row(tree: Path, options: list[str]) -> Row:
    """A run on a tree, and one more for its units."""
    units, *_ = _run(tree, ["--show-units", *options])
    report, said, seconds, megabytes = _run(tree, ["--format", "json", *options])
    data = json.loads(report)
    count = int(units.rstrip().rpartition("\n")[2].partition(" ")[0])
    return Row(tree.name, count, data["summary"], data["findings"], said.rstrip(), seconds, megabytes)


def _run(tree: Path, options: list[str]) -> tuple[str, str, float, float]:
    """Output, what was said besides, seconds, and the most memory that the process itself had."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen([*COMMAND, *options, "."], cwd=tree, stdout=output, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (output, said):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    if process.returncode:
        raise SystemExit(f"{tree}: exit code {process.returncode}\n{texts[1]}")
    return texts[0], texts[1], seconds, usage.ru_maxrss / 1024


def table(rows: list[Row]) -> str:
    """The rows as Markdown, with the findings of each by rule."""
    head = "| tree | units | objects | policies | errors | warnings | notes | findings by rule | s | MB |"
    lines = [head, "|---" * (head.count("|") - 1) + "|"]
    for one in rows:
        by_severity = Counter(finding["severity"] for finding in one.findings)
        by_rule = sorted(Counter(finding["rule"] for finding in one.findings).items())
        counted = " ".join(str(by_severity[severity]) for severity in SEVERITIES).replace(" ", " | ")
        rules = ", ".join(f"{rule} {number}" for rule, number in by_rule)
        lines.append(
            f"| {one.name} | {one.units} | {one.summary['objects']} | {one.summary['policies']} | {counted} | {rules} "
            f"| {one.seconds:.2f} | {one.megabytes:.0f} |"
        )
    return "\n".join([*lines, "", *(f"- {one.name}: {one.closing_line}" for one in rows)]) + "\n"


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    trees = sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir())
    sys.stdout.write(table([row(tree, sys.argv[2:]) for tree in trees]))
