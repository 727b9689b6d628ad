"""`netpol-lint map`: every connection the policies allow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from netpol_lint import engine
from netpol_lint.cli._output import say, show_pieces, sign_of_life, write_file
from netpol_lint.cli._ports import port_set
from netpol_lint.cli._settings import input_options, read_stdin, settings_from
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.choosing import Choice
from netpol_lint.connectivity.mapping import maps_of
from netpol_lint.connectivity.reach import Reach
from netpol_lint.engine import networks
from netpol_lint.report import connections, notification_line
from netpol_lint.resources.policy import Direction


def _needs_of(clusters: Iterable[Cluster], form: str) -> tuple[str, ...]:
    from netpol_lint.needs.listing import listed_needs
    from netpol_lint.report import needs

    if form not in needs.formats():
        raise click.UsageError(f"--needs has the formats {' and '.join(needs.formats())}")
    return (needs.render(form, [listed_needs(cluster) for cluster in clusters]),)


_DIRECTIONS = {"both": frozenset(Direction)} | {one.value.lower(): frozenset((one,)) for one in Direction}


@click.command("map")
@input_options
@click.option("--unit", "units", multiple=True, metavar="NAME", help="Only this deployment unit; repeatable.")
@click.option(
    "--focus",
    multiple=True,
    metavar="NAME",
    help="Only connections of this workload (name, namespace/name or namespace/Kind/name) or address; repeatable.",
)
@click.option(
    "--direction",
    type=click.Choice(list(_DIRECTIONS)),
    default="both",
    show_default=True,
    help="Only what workloads, or those in focus, may be sent (ingress) or may send (egress).",
)
@click.option(
    "--port", "ports", multiple=True, metavar="PORT", help="Only these: 8080, 8000-8010, UDP/53, UDP; repeatable."
)
@click.option("--exposure", is_flag=True, help="Pods that do not exist too: what a newcomer could reach.")
@click.option("--needs", is_flag=True, help="What the manifests show that must be reached instead, and if it can be.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(connections.formats()),
    default="text",
    show_default=True,
)
@click.option("-o", "--output-file", metavar="FILE", help="Write the map there instead of to standard output.")
@click.option("-q", "--quiet", count=True, help="The map only.")
def command(
    units: tuple[str, ...],
    focus: tuple[str, ...],
    direction: str,
    ports: tuple[str, ...],
    exposure: bool,
    needs: bool,
    form: str,
    output_file: str | None,
    quiet: int,
    **options: Any,
) -> None:
    """Show every connection the policies of the manifests below PATHS allow (default: the current directory)."""
    settings = settings_from(**options)
    choice = Choice(focus, _DIRECTIONS[direction], port_set(ports), exposure=exposure, reasons=form == "html")
    with sign_of_life(quiet):
        inputs = engine.from_paths(settings, stdin=read_stdin(settings))
        found = [one for name in units or ("",) for one in networks.units_of(inputs, name)]
        clusters = {unit.name: networks.network_of(unit, settings).cluster for unit in found}
        pieces: Iterable[str]
        if needs:
            pieces = _needs_of(clusters.values(), form)
        else:
            pieces = connections.render(form, maps_of({name: Reach.of(one) for name, one in clusters.items()}, choice))
    if output_file:
        write_file(output_file, pieces)
    else:
        show_pieces(pieces)
    for notification in networks.warnings(inputs):
        say(notification_line(notification), quiet=quiet)
    if not inputs.files:
        say("netpol-lint: no manifest found below the given paths", quiet=quiet)
