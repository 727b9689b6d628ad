"""The command `netpol-lint`: one thin module per subcommand, each imported when it is called."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import Any

import click

from netpol_lint import __version__
from netpol_lint.errors import NetpolLintError

USAGE_ERROR = 2
"""Also the exit code of a bad configuration and of a crash of ours."""
_INTERRUPTED = 130
_SELDOM = 1_000_000
"""Objects between two looks for garbage: a run is short, and nearly all that it makes stays."""


class _Commands(click.Group):
    """The subcommands are the modules of this package that define `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        own = os.listdir(os.path.dirname(__file__))
        return sorted(name.removesuffix(".py") for name in own if name[0] != "_" and name.endswith(".py"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"netpol_lint.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            if os.path.exists(args[0]):
                ctx.fail(f"no command '{args[0]}'; to lint that path: netpol-lint check {args[0]}")
            from difflib import get_close_matches

            meant = get_close_matches(args[0], known, n=1)
            ctx.fail(f"no command '{args[0]}'" + (f"; did you mean {meant[0]}?" if meant else ""))
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def command() -> None:
    """Find what Kubernetes NetworkPolicies do not do although their authors meant it.

    Exit codes: 0 nothing found; 1 findings; 2 wrong usage or configuration, or an internal error.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: the one place where errors become messages."""
    gc.set_threshold(_SELDOM)
    try:
        status: Any = command.main(arguments, prog_name="netpol-lint", standalone_mode=False)
    except click.exceptions.Exit as done:
        status = done.exit_code
    except click.ClickException as wrong:
        wrong.show()
        status = wrong.exit_code
    except click.Abort:
        status = _INTERRUPTED
    except NetpolLintError as wrong:
        from netpol_lint.report.escaping import visible

        # They may quote what others wrote. No `map` here: once its module is loaded, that is the subcommand.
        lines = [visible(line) for line in f"netpol-lint: error: {wrong}".split("\n")]
        click.echo("\n".join(lines), err=True)
        status = USAGE_ERROR
    except BrokenPipeError:
        # The reader of our output went away: nothing is left to say, and the interpreter must not try to flush it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    except Exception as crash:  # noqa: BLE001 -- the boundary: exit code 1 would look like findings
        import traceback

        traceback.print_exception(crash)
        click.echo(f"netpol-lint: internal error: {crash}; please report it", err=True)
        status = USAGE_ERROR
    gc.freeze()  # what is left needs no last look: the process ends
    sys.exit(status if isinstance(status, int) else 0)
