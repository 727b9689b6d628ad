"""`netpol-lint completion`: the script that makes a shell complete commands, options and rules."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish", "powershell")


@click.command("completion")
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print a completion script.

    For bash: netpol-lint completion bash > ~/.local/share/bash-completion/completions/netpol-lint
    """
    kind = get_completion_class(shell)
    root = ctx.find_root()
    if kind is None:
        raise click.UsageError(f"the installed click knows no completion for {shell}; bash, zsh and fish always work")
    click.echo(kind(root.command, {}, "netpol-lint", "_NETPOL_LINT_COMPLETE").source())
