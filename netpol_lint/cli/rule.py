"""`netpol-lint rule`: what a rule reports, why, and how to mend it."""

from __future__ import annotations

import json
from typing import Any

import click

from netpol_lint import catalog as catalogs
from netpol_lint.catalog import Rule


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001
    names = [name for rule in catalogs.load().rules for name in (rule.id, rule.name)]
    return [name for name in names if name.lower().startswith(incomplete.lower())]


@click.command("rule")
@click.argument("name", required=False, shell_complete=_complete)
@click.option("--all", "everything", is_flag=True, help="Every rule: a list as text, whole pages otherwise.")
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True
)
@click.option(
    "--test", "directory", type=click.Path(exists=True, file_okay=False), help="Run the examples of custom rules."
)
def command(name: str | None, everything: bool, form: str, directory: str | None) -> None:
    """Show a rule's page by its id or name, or all rules; or test the custom rules of a directory."""
    if directory is not None:
        if name or everything:
            raise click.UsageError("--test takes a directory alone")
        _test(directory)
        return
    catalog = catalogs.load()
    if everything == bool(name):
        raise click.UsageError("give a rule's id or name, or --all")
    rules = catalog.rules if everything else (catalog.find(name or ""),)
    if form == "json":
        shapes = [_shape(rule) for rule in rules]
        click.echo(json.dumps(shapes if everything else shapes[0], indent=2, ensure_ascii=False))
    elif everything and form == "text":
        for rule in rules:
            click.echo(f"{rule.id}  {rule.info.severity.value:7}  {rule.name}: {rule.info.title}")
    else:
        click.echo("\n".join(_page(rule, markdown=form == "markdown") for rule in rules), nl=False)


def _test(directory: str) -> None:
    """Say which examples fail, and end with 1 if one does."""
    from netpol_lint.engine.trying import trials
    from netpol_lint.report.escaping import one_line

    done = list(trials((directory,)))
    failed = [trial for trial in done if trial.mistakes]
    for trial in failed:
        for mistake in trial.mistakes:
            click.echo(one_line(f"{trial.path}:{trial.line}: {trial.rule}: {mistake}"))
    click.echo(f"{len(done)} examples, {len(failed)} failed")
    if failed:
        raise click.exceptions.Exit(1)


def _page(rule: Rule, *, markdown: bool) -> str:
    head = f"{'# ' if markdown else ''}{rule.id} {rule.name}: {rule.info.title}\n"
    names = f"Severity: {rule.info.severity.value}. Since {rule.since}."
    references = "".join(f"- {address}\n" for address in rule.references)
    return f"{head}\n{names}\n\n{rule.help}\n{'## ' if markdown else ''}References\n\n{references}"


def _shape(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "category": rule.info.category,
        "severity": rule.info.severity.value,
        "title": rule.info.title,
        "scope": rule.scope,
        "since": rule.since,
        "aliases": list(rule.aliases),
        "options": {name: list(value) if isinstance(value, tuple) else value for name, value in rule.options.items()},
        "references": list(rule.references),
        "page": rule.help,
    }
