"""Each command is a module of this package with a `run(arguments)`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from netpol_lint.errors import NetpolLintError


def main(arguments: list[str]) -> int:
    """Run one command; its name has dashes where the module has underscores."""
    names = sorted(path.stem.replace("_", "-") for path in Path(__file__).parent.glob("[a-z]*.py"))
    if not arguments or arguments[0] not in names:
        sys.stderr.write(f"usage: python -m netpol_lint.devtools {{{','.join(names)}}} ...\n")
        return 2
    try:
        import_module(f"netpol_lint.devtools.{arguments[0].replace('-', '_')}").run(arguments[1:])
    except NetpolLintError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
