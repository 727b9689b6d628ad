"""`netpol-lint test`: connectivity assertions, like unit tests for policies."""

from __future__ import annotations

from typing import Any

import click

from netpol_lint import report as reports
from netpol_lint.cli._output import say, show, sign_of_life, wants_color, width, write_file
from netpol_lint.cli._settings import input_options, settings_from
from netpol_lint.engine import testing
from netpol_lint.report import tests


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
def command(**options: Any) -> int:
    """Check the assertions of PATHS: test files, or every *.netpol-test.yaml below a directory.

    Exits 1 if one of them does not hold. NetAssert's test files are accepted too.
    """
    given = ("config_file", "isolated", "exclude", "include_fixtures", "no_prefilter", "namespace", "stdin_filename")
    settings = settings_from((), jobs=options["jobs"], **{name: options[name] for name in given})
    with sign_of_life(options["quiet"]):
        paths = options["paths"] or (".",)
        tested, warnings = testing.run_tests(paths, settings, manifests=options["manifests"])
    for warning in warnings:
        say(reports.notification_line(warning), quiet=options["quiet"])
    color = options["form"] == "text" and not options["output_file"] and wants_color(options["color"])
    text = tests.render(options["form"], tested, color=color, width=width(), verbose=options["verbose"])
    if options["output_file"]:
        write_file(options["output_file"], text)
    elif options["quiet"] < 2:
        show(text, color=color)
    return int(bool(tested.failed))
