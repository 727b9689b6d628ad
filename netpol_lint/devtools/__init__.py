"""Commands for those who work on netpol-lint itself: `python -m netpol_lint.devtools NAME`."""
