"""How the time and memory of `netpol-lint check` grow with the files, policies and workloads of a tree.

python benchmarks/growth.py                                     six families at 1,000, 3,000 and 10,000
python benchmarks/growth.py --sizes 1000,10000,100000 policies  some families, other sizes
python benchmarks/growth.py -- --select NP3                     any options of `netpol-lint check` after --

A figure that doubles with the size has the exponent 1, one that is four times as large the exponent 2. Each run is a
process of its own that starts no other, so what the system says of it is all there is: its processor time, which a busy
machine disturbs less than the time on the clock, and the most memory that it had. What an empty directory takes is
taken off both. The exponent is the slope of the line through the logarithms; the last one is that of the two largest
sizes alone, where a term that grows fast shows first. Marked is what grows faster than allowed; the output's own
growth, in bytes, stands beside it, because nothing can grow slower than what it has to write.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import linear_regression, median
from typing import NamedTuple

from generated import FAMILIES, write
from measuring import aside, run

COMMAND = (sys.executable, "-m", "netpol_lint", "check", "--isolated", "--exit-zero", "--jobs", "1")
ALLOWED = 1.15


class Cost(NamedTuple):
    """What a run took."""

    seconds: float
    """Of the processor."""
    megabytes: float
    output: float
    """Megabytes written."""


def cost(directory: Path, options: Sequence[str], runs: int) -> Cost:
    """The median of some runs over a directory."""
    done = [run([*COMMAND, *options, "."], directory) for _ in range(runs)]
    if any(one.code for one in done):
        raise SystemExit(f"exit code {done[-1].code}\n{done[-1].said}")
    costs = [Cost(one.processor_seconds, one.megabytes, one.written) for one in done]
    return Cost(*(median(figures) for figures in zip(*costs, strict=True)))


def exponent(sizes: Sequence[int], figures: Sequence[float]) -> float:
    """The slope of the line through the logarithms; what cannot be told from nothing does not grow."""
    if min(figures) <= 0:
        return 0.0
    return linear_regression([math.log(size) for size in sizes], [math.log(figure) for figure in figures]).slope


def judged(sizes: Sequence[int], costs: Sequence[Cost], empty: Cost) -> list[str]:
    """A line for each figure: exponents, and whether they are too high."""
    lines = []
    for name in Cost._fields:
        figures = [getattr(one, name) - getattr(empty, name) for one in costs]
        overall, last = exponent(sizes, figures), exponent(sizes[-2:], figures[-2:])
        too_fast = name != "output" and max(overall, last) > ALLOWED
        lines.append(f"  {name:<9} exponent {overall:5.2f}, last {last:5.2f}{f'  <- above {ALLOWED}' * too_fast}")
    return lines


def write_family(directory: Path, family: str, size: int) -> None:
    """The files of a family into a directory."""
    write(directory, FAMILIES[family](size))


def measure(family: str, sizes: Sequence[int], options: Sequence[str], runs: int) -> bool:
    """Print what each size of a family costs; whether none grows too fast."""
    with tempfile.TemporaryDirectory() as directory:
        empty = cost(Path(directory), options, runs)
    costs = []
    print(f"{family}: an empty directory takes {empty.seconds:.2f} s, {empty.megabytes:.0f} MB")
    for size in sizes:
        with tempfile.TemporaryDirectory() as directory:
            aside(write_family, Path(directory), family, size)
            costs.append(cost(Path(directory), options, runs))
        one = costs[-1]
        print(f"  {size:>9,}: {one.seconds:8.2f} s {one.megabytes:7.0f} MB {one.output:8.2f} MB written", flush=True)
    lines = judged(sizes, costs, empty)
    print("\n".join(lines), flush=True)
    return not any("<-" in line for line in lines)


def main() -> int:
    at = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    mine, options = sys.argv[1:at], sys.argv[at + 1 :]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=f"of {', '.join(FAMILIES)}; default: all")
    parser.add_argument("--sizes", default="1000,3000,10000", help="default: %(default)s")
    parser.add_argument("--runs", type=int, default=1, help="runs of which the median counts; default: %(default)s")
    wanted = parser.parse_args(mine)
    sizes = sorted({int(size) for size in wanted.sizes.split(",")})
    if unknown := set(wanted.families) - set(FAMILIES):
        parser.error(f"no family {', '.join(sorted(unknown))}")
    if len(sizes) < 2:
        parser.error("one size tells nothing of growth")
    results = [measure(family, sizes, options, wanted.runs) for family in wanted.families or FAMILIES]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
