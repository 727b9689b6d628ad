"""`netpol-lint baseline`: write down the findings that are already known, so that only new ones are reported."""

from __future__ import annotations

from typing import Any

import click

from netpol_lint import baseline, engine
from netpol_lint.cli._output import say, show, write_file
from netpol_lint.cli._settings import input_options, read_stdin, settings_from


@click.command("baseline")
@input_options
@click.option("-o", "--output-file", metavar="FILE", help="Write it there instead of to standard output.")
def command(output_file: str | None, **options: Any) -> None:
    """Write the findings below PATHS as a baseline file, for check --baseline."""
    settings = settings_from(**options)._replace(baseline="")
    report = engine.check_paths(settings, stdin=read_stdin(settings))
    text = baseline.write(report.findings)
    if output_file:
        write_file(output_file, text)
        say(f"{len(report.findings)} findings written to {output_file}")
    else:
        show(text, color=False)
