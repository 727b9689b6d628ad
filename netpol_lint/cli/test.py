"""`netpol-lint test`: connectivity assertions, like unit tests for policies."""

from __future__ import annotations

from typing import Any

import click

from netpol_lint.cli._output import say, show, sign_of_life, wants_color, width, write_file
from netpol_lint.cli._settings import input_options, settings_from
from netpol_lint.engine import testing
from netpol_lint.report import notification_line, tests


@click.command("test")
@input_options
@click.option(
    "--manifests",
    multiple=True,
    metavar="PATH",
    help="The manifests of test files that name none; repeatable.  [default: the directory of the test file]",
)
@click.option("-f", "--format", "form", type=click.Choice(tests.formats()), default="text", show_default=True)
@click.option("-o", "--output-file", metavar="FILE", help="Write the results there instead of to standard output.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours in text output.")
@click.option("-q", "--quiet", count=True, help="No warnings; twice: nothing but the exit code.")
@click.option("-v", "--verbose", is_flag=True, help="List the tests that passed, too.")
def command(
    paths: tuple[str, ...],
    manifests: tuple[str, ...],
    form: str,
    output_file: str | None,
    color: str,
    quiet: int,
    verbose: bool,
    **options: Any,
) -> int:
    """Check the assertions of PATHS: test files, or every *.netpol-test.yaml below a directory.

    Exits 1 if one of them does not hold. NetAssert's test files are accepted too.
    """
    settings = settings_from((), **options)
    with sign_of_life(quiet):
        tested, warnings = testing.run_tests(paths or (".",), settings, manifests=manifests)
    painted = form == "text" and not output_file and wants_color(color)
    text = tests.render(form, tested, color=painted, width=width(), verbose=verbose)
    if output_file:
        write_file(output_file, text)
    elif quiet < 2:
        show(text, color=painted)
    for notification in warnings:
        say(notification_line(notification), quiet=quiet)
    return int(bool(tested.failed))
