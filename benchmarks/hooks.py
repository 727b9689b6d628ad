"""A whole commit hook, warm: pre-commit and prek run netpol-lint, as they install it, and peers that are installed.

python benchmarks/hooks.py                 in a throw-away repository of 100 generated files
python benchmarks/hooks.py --sizes 1,1000  other sizes

Timed is `pre-commit run --all-files` (and prek's) with one hook, after a run that installs it: the runner's own start,
what it asks git, and the program. The first row is the hook of this repository's last commit; where it cannot be
installed, as without a package index, it is left out. The others are started from where they are.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path

from generated import write
from measuring import in_turn, run, table
from peers import FILES, OURS, PEERS, found, generated_files

ROOT = Path(__file__).parent.parent
RUNNERS = ("pre-commit", "prek")
INSTALLED = "netpol-lint, installed"


def git(directory: Path, *arguments: str) -> str:
    """What git says, run as nobody in particular."""
    author = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@example.com", "-c", "commit.gpgsign=false")
    command = ["git", *author, *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True).stdout.strip()


def hooks() -> dict[str, dict[str, object]]:
    """For each hook, the repository in a config file that has just that hook."""
    local = {"netpol-lint": [*OURS, "."]}
    local |= {peer.program: [found(peer.program), *peer.options] for peer in PEERS if found(peer.program)}
    configs: dict[str, dict[str, object]] = {
        INSTALLED: {"repo": str(ROOT), "rev": git(ROOT, "rev-parse", "HEAD"), "hooks": [{"id": "netpol-lint"}]}
    }
    for name, command in local.items():
        hook = {
            "id": name,
            "name": name,
            "language": "system",
            "entry": " ".join(part for part in command if part != FILES),
            "pass_filenames": FILES in command,
            "types": ["yaml"] if FILES in command else ["file"],
            "require_serial": True,
            "always_run": True,
        }
        configs[name] = {"repo": "local", "hooks": [hook]}
    return configs


def repository(parent: Path, size: int) -> Path:
    """A repository with the files, all committed, and a config file for each hook beside it."""
    directory = write(parent / "repository", generated_files(size))
    for name, config in hooks().items():
        (parent / f"{name}.json").write_text(json.dumps({"repos": [config]}))
    git(directory, "init", "--quiet")
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "--message", "state")
    return directory


def measure(runner: str, size: int, runs: int, limit: float) -> None:
    """Print the table of a runner and a size."""
    with tempfile.TemporaryDirectory() as name:
        parent = Path(name)
        os.environ |= {"PRE_COMMIT_HOME": str(parent / "pre-commit"), "PREK_HOME": str(parent / "prek")}
        directory = repository(parent, size)
        commands = {
            hook: [found(runner), "run", "--all-files", "--config", f"{parent / hook}.json"] for hook in hooks()
        }
        first = run(commands[INSTALLED], directory, output=parent / "out")
        if first.code not in (0, 1) or "netpol-lint" not in (parent / "out").read_text():
            print(f"- {INSTALLED}: could not be, left out")
            del commands[INSTALLED]
        case = f"{runner} over {size:,} file{'s' * (size > 1)}"
        print(table(case, in_turn(commands, directory, runs=runs, limit=limit)), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100", help="files to generate; default: %(default)s")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each hook; default: %(default)s")
    parser.add_argument("--limit", type=float, default=300, help="seconds after which a run is stopped")
    wanted = parser.parse_args()
    for runner in RUNNERS:
        if not found(runner):
            print(f"- {runner}: not found, left out\n")
            continue
        for size in map(int, wanted.sizes.split(",")):
            measure(runner, size, wanted.runs, wanted.limit)


if __name__ == "__main__":
    main()
