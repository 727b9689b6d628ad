"""`--fix` and `--diff`: what the engine mended, written to files or shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netpol_lint import engine, fixes
from netpol_lint.cli._output import say, show, write_file
from netpol_lint.config import Settings
from netpol_lint.engine import Inputs
from netpol_lint.engine.mending import Mended, mend as mend_inputs
from netpol_lint.report.escaping import one_line
from netpol_lint.report.parts.counting import counted


def mend(inputs: Inputs, settings: Settings, options: Mapping[str, Any]) -> tuple[Inputs, bool]:
    """The inputs after the fixes, and whether there was anything to fix. With `--diff` no file is touched."""
    mended = mend_inputs(inputs, settings, engine.report_on, unsafe=options["unsafe_fixes"])
    if options["diff"]:
        show("".join(_difference(inputs, path, text) for path, text in sorted(mended.texts.items())), color=False)
        _count(mended, "would be fixed", options)
    else:
        for path, text in sorted(mended.texts.items()):
            write_file(path, text)
        _count(mended, "fixed", options)
    return mended.inputs, bool(mended.texts)


def _difference(inputs: Inputs, path: str, text: str) -> str:
    return fixes.unified_diff(path, inputs.content(path).decode("utf-8"), text)


def _count(mended: Mended, verb: str, options: Mapping[str, Any]) -> None:
    quiet: int = options["quiet"]
    if options["show_fixes"]:
        for finding in mended.fixed:
            line = f"{finding.at.path}:{finding.at.span.line}: {finding.rule} {finding.fix.description}"
            say(one_line(line), quiet=quiet)
    if mended.fixed:
        findings, files = counted(len(mended.fixed), "finding"), counted(len(mended.texts), "file")
        say(f"{findings} {verb} in {files}", quiet=quiet)
    if mended.refused:
        say(f"{counted(len(mended.refused), 'finding')} left: the text would not say what was meant", quiet=quiet)
    if mended.breaking:
        left = counted(len(mended.breaking), "finding")
        say(f"{left} left: a kustomization or chart would not be rendered any more", quiet=quiet)
