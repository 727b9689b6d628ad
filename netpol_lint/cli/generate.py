"""`netpol-lint generate`: least-privilege policies from what the manifests show."""

from __future__ import annotations

from typing import Any

import click

from netpol_lint import engine
from netpol_lint.cli._output import say, show, sign_of_life, write_file
from netpol_lint.cli._settings import input_options, read_stdin, settings_from
from netpol_lint.engine import generating, networks
from netpol_lint.report import notification_line
from netpol_lint.synthesis.planning import Wanted


@click.command("generate")
@input_options
@click.option("--unit", metavar="NAME", default="", help="The deployment unit, where the manifests hold several.")
@click.option("--for", "workload", metavar="NAMESPACE/WORKLOAD", default="", help="Only the policy of this workload.")
@click.option("--missing-only", is_flag=True, help="Only for pods and directions that no policy isolates yet.")
@click.option(
    "--dialect",
    type=click.Choice(generating.DIALECTS),
    default="networking",
    show_default=True,
    help="NetworkPolicy of networking.k8s.io/v1, or CiliumNetworkPolicy.",
)
@click.option("-o", "--output-file", metavar="FILE", help="Write the policies there instead of to standard output.")
@click.option("-q", "--quiet", count=True, help="The policies only.")
def command(
    unit: str,
    workload: str,
    missing_only: bool,
    dialect: str,
    output_file: str | None,
    quiet: int,
    **options: Any,
) -> None:
    """Write least-privilege policies for the workloads in the manifests below PATHS.

    A default-deny and DNS for each namespace, and for each workload what the manifests show that it needs.
    """
    settings = settings_from(**options)
    wanted = Wanted(workload, missing_only=missing_only)
    with sign_of_life(quiet):
        inputs = engine.from_paths(settings, stdin=read_stdin(settings))
        found = generating.generate(inputs, settings, wanted, unit=unit, dialect=dialect)
    if output_file:
        write_file(output_file, (found.text,))
    else:
        show(found.text, color=False)
    for notification in networks.warnings(inputs):
        say(notification_line(notification), quiet=quiet)
    for gap in found.gaps:
        say(f"netpol-lint: left to you: {gap}", quiet=quiet)
    policies = f"{found.policies} {'policy' if found.policies == 1 else 'policies'}" if found.policies else "no policy"
    say(f"netpol-lint: {policies} written", quiet=quiet)
