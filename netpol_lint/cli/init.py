"""`netpol-lint init`: a configuration file to start from."""

from __future__ import annotations

from pathlib import Path

import click

from netpol_lint import config
from netpol_lint.errors import NetpolLintError

_FILE = ".netpol-lint.yaml"


@click.command("init")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
def command(force: bool) -> None:
    """Write a commented .netpol-lint.yaml into the current directory."""
    target = Path(_FILE)
    if (target.exists() or target.is_symlink()) and not force:
        raise NetpolLintError(f"{_FILE} exists; --force overwrites it")
    target.write_text(config.template(), encoding="utf-8")
    click.echo(f"wrote {_FILE}", err=True)
