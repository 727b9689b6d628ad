"""`python -m netpol_lint` is the command `netpol-lint`."""

from __future__ import annotations

from netpol_lint.cli import main

if __name__ == "__main__":
    main()
