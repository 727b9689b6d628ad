"""`netpol-lint explain`: may one end reach the other, and which rules decide."""

from __future__ import annotations

from typing import Any

import click

from netpol_lint import engine, report as reports
from netpol_lint.cli._output import say, show, wants_color, width
from netpol_lint.cli._settings import input_options, read_stdin, settings_from
from netpol_lint.engine import explaining, networks
from netpol_lint.report import explanations
from netpol_lint.source.asked_ports import PROTOCOLS, asked_ports


@click.command("explain")
@click.argument("source", metavar="SRC")
@click.argument("destination", metavar="DST")
@input_options
@click.option("--unit", metavar="NAME", default="", help="The deployment unit, where the manifests hold several.")
@click.option("--port", metavar="PORT", default="", help="A number, a range such as 8000-8010, or a port's name.")
@click.option("--protocol", type=click.Choice(PROTOCOLS), default=None, help="With --port the default is TCP.")
@click.option("-f", "--format", "form", type=click.Choice(explanations.formats()), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours in text output.")
@click.option("-q", "--quiet", count=True, help="No warnings.")
def command(source: str, destination: str, **options: Any) -> None:
    """Explain whether SRC may reach DST, in the manifests below PATHS, and which policy and rule decides.

    An end is namespace/name, namespace/Kind/name, an IP address or a CIDR.
    """
    asked = asked_ports(options["port"], options["protocol"] or "")
    given = ("config_file", "isolated", "exclude", "include_fixtures", "no_prefilter", "namespace", "stdin_filename")
    settings = settings_from(options["paths"], jobs=options["jobs"], **{name: options[name] for name in given})
    inputs = engine.from_paths(settings, stdin=read_stdin(settings))
    for warning in networks.warnings(inputs):
        say(reports.notification_line(warning), quiet=options["quiet"])
    explanation = explaining.explain(inputs, settings, source, destination, asked, unit=options["unit"])
    color = options["form"] == "text" and wants_color(options["color"])
    show(explanations.render(options["form"], explanation, color=color, width=width()), color=color)
