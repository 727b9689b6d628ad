"""How many instructions three fixed workloads take, against figures that are kept: a regression of 10 % fails.

python benchmarks/instructions.py                    measure and compare; exit 1 for a regression
python benchmarks/instructions.py --store REASON     keep what is measured, for this Python, with the reason

Instructions are counted by valgrind's callgrind, so a busy machine does not matter. Neither does how the interpreter
was built: a cost is a multiple of what a fixed piece of Python takes in the same interpreter, the bare start taken off
both. Another version of click or PyYAML may matter.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from generated import applications, small_file, write

FIGURES = Path(__file__).with_suffix(".json")
ALLOWED = 1.10
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
FIXED = """
import re, typing
for number in range(60):
    typing.NamedTuple(f"T{number}", [("first", int), ("second", str), ("third", tuple)])
    re.compile(f"(?:a{number}|[b-y]+)[ \\t]*(?P<word>[A-Za-z0-9_.-]*)$")
table = {}
for number in range(60_000):
    table.setdefault(str(number % 997), []).append((number, number * 2))
sum(len(value) for value in table.values())
"""


def small(directory: Path) -> list[str]:
    """A policy and the two workloads it is about."""
    (directory / "shop.yaml").write_text(small_file())
    return ["check", "--isolated", "--exit-zero", "shop.yaml"]


def tree(directory: Path) -> list[str]:
    """300 files in 30 directories; most have no policy, as in real trees."""
    write(directory, applications(random.Random(1), 30, 10))
    return ["check", "--isolated", "--exit-zero", "--jobs", "1", "."]


def connectivity(directory: Path) -> list[str]:
    """The map of 120 workloads in 12 namespaces."""
    write(directory, applications(random.Random(2), 12, 10))
    return ["map", "--isolated", "--jobs", "1", "."]


WORKLOADS = {"small-file": small, "tree-of-300-files": tree, "map-of-120-workloads": connectivity}


def counted(arguments: list[str], directory: str = ".") -> int:
    """The instructions of this Python with the arguments."""
    environment = {"PYTHONHASHSEED": "0", "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-P", *arguments]
    subprocess.run(command, cwd=directory, env=environment, capture_output=True, check=True)  # what is compiled is kept
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command]
    done = subprocess.run(valgrind, cwd=directory, env=environment, capture_output=True, text=True, check=False)
    found = re.search(r"Collected : ([0-9]+)", done.stderr)
    if done.returncode or found is None:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return int(found[1])


def measured() -> dict[str, float]:
    """The cost of each workload, as a multiple of the fixed piece of Python."""
    bare = counted(["-c", "pass"])
    unit = counted(["-c", FIXED]) - bare
    print(f"Python {PYTHON}: start {bare / 1e6:.1f} M instructions, unit {unit / 1e6:.1f} M")
    costs = {}
    for name, prepare in WORKLOADS.items():
        with tempfile.TemporaryDirectory() as directory:
            instructions = counted(["-m", "netpol_lint", *prepare(Path(directory))], directory)
        costs[name] = round((instructions - bare) / unit, 3)
        print(f"{name}: {instructions / 1e6:.1f} M instructions, cost {costs[name]}")
    return costs


def main() -> int:
    if shutil.which("valgrind") is None:
        print("instructions are not counted: there is no valgrind")
        return 0
    kept: dict[str, Any] = json.loads(FIGURES.read_text())
    costs = measured()
    if sys.argv[1:2] == ["--store"]:
        kept[PYTHON] = {"reason": " ".join(sys.argv[2:]) or sys.exit("say why"), "costs": costs}
        FIGURES.write_text(json.dumps(dict(sorted(kept.items())), indent=2) + "\n")
        return 0
    if PYTHON not in kept:
        print(f"no figures are kept for Python {PYTHON}: nothing to compare with")
        return 0
    allowed = {name: cost * ALLOWED for name, cost in kept[PYTHON]["costs"].items()}
    worse = [name for name, cost in costs.items() if cost > allowed[name]]
    for name in worse:
        print(f"{name} costs {costs[name]}, more than {ALLOWED} times {kept[PYTHON]['costs'][name]}")
    for name in (name for name, cost in costs.items() if cost * ALLOWED < kept[PYTHON]["costs"][name]):
        print(f"{name} costs {costs[name]}, much less than {kept[PYTHON]['costs'][name]}: keep the new figure")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
