"""`netpol-lint schema`: the JSON Schema of each format the program reads or writes."""

from __future__ import annotations

from pathlib import Path

import click

_SCHEMAS = Path(__file__).parent.parent / "schemas"


def _names() -> list[str]:
    return sorted(path.name.removesuffix(".schema.json") for path in _SCHEMAS.glob("*.schema.json"))


@click.command("schema")
@click.argument("name", type=click.Choice(_names()))
def command(name: str) -> None:
    """Print the JSON Schema of a report, of the configuration, of a test file, ..."""
    click.echo((_SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"), nl=False)
