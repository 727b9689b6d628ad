"""`netpol-lint diff`: the connections that are opened and closed between two trees or git revisions."""

from __future__ import annotations

from typing import Any

import click

from netpol_lint.cli._output import say, show_pieces, sign_of_life, write_file
from netpol_lint.cli._settings import read_stdin, reading_options, settings_from
from netpol_lint.engine import comparing, networks
from netpol_lint.report import differences, notification_line


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@reading_options
@click.option("--unit", "units", multiple=True, metavar="NAME", help="Only this deployment unit; repeatable.")
@click.option("--exit-code", is_flag=True, help="Exit 1 if anything changes.")
@click.option("-f", "--format", "form", type=click.Choice(differences.formats()), default="text", show_default=True)
@click.option("-o", "--output-file", metavar="FILE", help="Write it there instead of to standard output.")
@click.option("-q", "--quiet", count=True, help="The difference only.")
def command(
    old: str,
    new: str,
    units: tuple[str, ...],
    exit_code: bool,
    form: str,
    output_file: str | None,
    quiet: int,
    **options: Any,
) -> int:
    """Show which connections are opened and closed from OLD to NEW.

    Each is a file, a directory, git:REVISION or git:REVISION:PATH.
    """
    settings = settings_from((), **options)
    with sign_of_life(quiet):
        stdin = read_stdin(settings._replace(paths=(old, new)))
        before, after = (comparing.side(text, settings, stdin=stdin) for text in (old, new))
        found = comparing.compare(before, after, units)
    pieces = differences.render(form, found)
    if output_file:
        write_file(output_file, pieces)
    else:
        show_pieces(pieces)
    for text, one in ((old, before), (new, after)):
        for notification in networks.warnings(one.inputs):
            say(notification_line(notification), quiet=quiet)
        if not one.inputs.files:
            say(f"netpol-lint: no manifest found in {text}", quiet=quiet)
    return int(exit_code and any(found))
