"""netpol-lint check with all its rules beside other linters that know NetworkPolicies, on the same files.

python benchmarks/peers.py                      one file, 100, 1,000 and 10,000 generated files
python benchmarks/peers.py --quick              one file and 100: a minute
python benchmarks/peers.py --sizes 50000 DIR... other sizes; trees of your own

Peers are looked for on PATH and beside this Python; those not found are left out and named. README.md says where each
comes from, what the columns mean and which figures are the goals.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

from generated import Files, applications, small_file, write
from measuring import in_turn, table

OURS = (sys.executable, "-m", "netpol_lint", "check", "--isolated", "--exit-zero")
FILES = "<files>"
"""Where a program that takes no directory is given the files it can read."""


class Linter(NamedTuple):
    """A program and what makes it check NetworkPolicies in the current directory."""

    program: str
    options: tuple[str, ...]
    remark: str


PEERS = (
    Linter(
        "kube-linter",
        (
            "lint",
            "--do-not-auto-add-defaults",
            "--include=dangling-networkpolicy,dangling-networkpolicypeer-podselector,non-isolated-pod",
            ".",
        ),
        "its three checks of NetworkPolicies only",
    ),
    Linter("kube-score", ("score", FILES), "all its checks; given only the files that it can read"),
    Linter(
        "checkov",
        (
            *("--directory", ".", "--framework", "kubernetes", "--check", "CKV2_K8S_6"),
            *("--compact", "--quiet", "--soft-fail", "--skip-download"),
        ),
        "its one check of NetworkPolicies only",
    ),
    Linter("kube-netpol", ("scan", "."), "all its checks, of which all are of NetworkPolicies"),
)
READABLE = """
import sys, yaml
for name in sys.stdin.read().split("\\0"):
    try:
        with open(name, "rb") as file:
            if all(isinstance(document, dict | None) for document in yaml.load_all(file, yaml.CSafeLoader)):
                print(name, end="\\0")
    except (yaml.YAMLError, ValueError):
        pass
"""


def found(program: str) -> str:
    """Where a program is: on PATH or beside this Python; nowhere is an empty text."""
    return shutil.which(program) or shutil.which(program, path=str(Path(sys.executable).parent)) or ""


def readable(directory: Path) -> list[str]:
    """The YAML files that hold nothing but mappings. Another process looks, so that this one stays small."""
    names = sorted(
        str(path.relative_to(directory))
        for end in ("yaml", "yml")
        for path in directory.rglob(f"*.{end}")
        if path.is_file()
    )
    command = [sys.executable, "-c", READABLE]
    done = subprocess.run(command, cwd=directory, input="\0".join(names), capture_output=True, text=True, check=True)
    return done.stdout.split("\0")[:-1]


def commands(directory: Path) -> dict[str, list[str]]:
    """What is run in a directory: ours, ours in one process, and the peers that are there."""
    chosen = {"netpol-lint": [*OURS, "."], "netpol-lint --jobs 1": [*OURS, "--jobs", "1", "."]}
    for peer in PEERS:
        if where := found(peer.program):
            given = readable(directory) if FILES in peer.options else []
            chosen[peer.program] = [where, *(option for option in peer.options if option != FILES), *given]
    return chosen


def generated_files(size: int) -> Files:
    """So many files: one is the file of 50 lines, more are applications, ten to a namespace."""
    return iter([("shop.yaml", small_file())]) if size == 1 else applications(Random(size), size // 10, 10)


@contextmanager
def plain(tree: Path) -> Iterator[Path]:
    """A copy of a tree with the manifests that every program can read, and nothing that only ours would render."""
    with tempfile.TemporaryDirectory() as name:
        for path in readable(tree):
            if Path(path).stem not in ("kustomization", "Kustomization", "Chart"):
                (Path(name) / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(tree / path, Path(name) / path)
        yield Path(name)


def measure(case: str, directory: Path, runs: int, limit: float) -> None:
    """Print the table of a directory."""
    print(table(case, in_turn(commands(directory), directory, runs=runs, limit=limit)), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="*", type=Path, metavar="DIR", help="trees of your own, besides")
    parser.add_argument("--sizes", default="1,100,1000,10000", help="files to generate; default: %(default)s")
    parser.add_argument("--quick", action="store_true", help="sizes 1 and 100, three runs")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each program; default: %(default)s")
    parser.add_argument("--limit", type=float, default=300, help="seconds after which a run is stopped")
    wanted = parser.parse_args()
    sizes, runs = ("1,100", 3) if wanted.quick else (wanted.sizes, wanted.runs)
    for peer in PEERS:
        print(f"- {peer.program}: {peer.remark}" if found(peer.program) else f"- {peer.program}: not found, left out")
    print(f"- on {os.cpu_count()} processors, {runs} runs of each in turn\n")
    for size in (int(size) for size in sizes.split(",") if size):
        with tempfile.TemporaryDirectory() as directory:
            write(Path(directory), generated_files(size))
            measure(f"{size:,} generated file{'s' * (size > 1)}", Path(directory), runs, wanted.limit)
    for tree in wanted.trees:
        measure(tree.resolve().name, tree, runs, wanted.limit)
        with plain(tree) as directory:
            measure(f"{tree.resolve().name}, its plain manifests only", directory, runs, wanted.limit)


if __name__ == "__main__":
    main()
