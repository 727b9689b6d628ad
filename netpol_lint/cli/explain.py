"""`netpol-lint explain`: may one end reach the other, and which rules decide."""

from __future__ import annotations

from typing import Any

import click

from netpol_lint import engine
from netpol_lint.cli._output import say, show, sign_of_life, wants_color, width
from netpol_lint.cli._settings import input_options, read_stdin, settings_from
from netpol_lint.engine import explaining, networks
from netpol_lint.report import explanations, notification_line
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
def command(
    source: str,
    destination: str,
    unit: str,
    port: str,
    protocol: str | None,
    form: str,
    color: str,
    quiet: int,
    **options: Any,
) -> None:
    """Explain whether SRC may reach DST, in the manifests below PATHS, and which policy and rule decides.

    An end is namespace/name, namespace/Kind/name, an IP address or a CIDR.
    """
    asked = asked_ports(port, protocol or "")
    settings = settings_from(**options)
    with sign_of_life(quiet):
        inputs = engine.from_paths(settings, stdin=read_stdin(settings))
    for notification in networks.warnings(inputs):  # an end may be unknown because of them
        say(notification_line(notification), quiet=quiet)
    with sign_of_life(quiet):
        explanation = explaining.explain(inputs, settings, source, destination, asked, unit=unit)
    painted = form == "text" and wants_color(color)
    show(explanations.render(form, explanation, color=painted, width=width()), color=painted)
