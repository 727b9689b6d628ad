"""Run on its own, `python -I -S limited.py SECONDS BYTES PROGRAM ...`: limits itself, then becomes the program."""

from __future__ import annotations

import contextlib
import os
import resource
import sys


def main() -> None:
    """Set limits that the program inherits, and start it in place of this one."""
    seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    for name, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):  # not every system has each; a lower one may be set already
            resource.setrlimit(name, (limit, limit))
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606 -- no shell, on purpose


main()
