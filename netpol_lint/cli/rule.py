"""`netpol-lint rule`: what a rule reports, why, and how to mend it."""

from __future__ import annotations

import json
from typing import Any

import click

from netpol_lint import catalog as catalogs
from netpol_lint.catalog import CUSTOM, Rule
from netpol_lint.cli._settings import config_options, file_settings
from netpol_lint.errors import NetpolLintError
from netpol_lint.report.escaping import one_line
from netpol_lint.report.parts.counting import counted


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001
    try:
        settings = file_settings(ctx.params.get("config_file"), isolated=bool(ctx.params.get("isolated")))
        catalog = catalogs.load(custom=settings.custom_rules)
    except NetpolLintError:  # what is wrong with a config is not said to somebody who presses Tab
        catalog = catalogs.load()
    names = [name for rule in catalog.rules for name in (rule.id, rule.name)]
    return [name for name in names if name.lower().startswith(incomplete.lower())]


@click.command("rule")
@click.argument("name", required=False, shell_complete=_complete)
@click.option("--all", "everything", is_flag=True, help="Every rule: a list as text, whole pages otherwise.")
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True
)
@click.option(
    "--test",
    "directory",
    is_flag=False,
    flag_value="",
    metavar="[DIRECTORY]",
    help="Run the examples of the custom rules of a directory, without one of those that the config names.",
)
@config_options
def command(
    name: str | None, everything: bool, form: str, directory: str | None, config_file: str | None, isolated: bool
) -> None:
    """Show a rule's page by its id or name, or all rules; or test custom rules.

    Custom rules are those of the config file. --test exits 1 if an example fails.
    """
    if directory is not None:
        if name or everything:
            raise click.UsageError("--test takes a directory alone")
        _test((directory,) if directory else file_settings(config_file, isolated=isolated).custom_rules)
        return
    if everything == bool(name):
        raise click.UsageError("give a rule's id or name, or --all")
    catalog = catalogs.load()
    if everything or not catalog.knows(name or ""):
        catalog = catalogs.load(custom=file_settings(config_file, isolated=isolated).custom_rules)
    rules = catalog.rules if everything else (catalog.find(name or ""),)
    if form == "json":
        shapes = [_shape(rule) for rule in rules]
        click.echo(json.dumps(shapes if everything else shapes[0], indent=2, ensure_ascii=False))
    elif everything and form == "text":
        for rule in rules:
            click.echo(one_line(f"{rule.id}  {rule.info.severity.value:7}  {rule.name}: {rule.info.title}"))
    else:
        pages = "\n".join(_page(rule, markdown=form == "markdown") for rule in rules)
        click.echo("\n".join(map(one_line, pages.split("\n"))), nl=False)


def _test(directories: tuple[str, ...]) -> None:
    """Say which examples fail, and end with 1 if one does."""
    from netpol_lint.engine.trying import trials

    if not directories:
        raise click.UsageError("the config names no `custom-rules`: give a directory")
    done = list(trials(directories))
    if not done:
        raise NetpolLintError("there are no custom rules", path=", ".join(directories))
    failed = [trial for trial in done if trial.mistakes]
    for trial in failed:
        for mistake in trial.mistakes:
            click.echo(one_line(f"{trial.path}:{trial.line}: {trial.rule}: {mistake}"))
    click.echo(f"{counted(len(done), 'example')}, {len(failed)} failed")
    if failed:
        raise click.exceptions.Exit(1)


def _page(rule: Rule, *, markdown: bool) -> str:
    head = f"{'# ' if markdown else ''}{rule.id} {rule.name}: {rule.info.title}\n\n"
    if rule.info.category == CUSTOM:
        from netpol_lint.custom import definition_of

        what, when, _ = definition_of(rule.page)
        said = f"Severity: {rule.info.severity.value}. A custom rule, in {rule.page.as_posix()}.\n"
        return f"{head}{said}\nFor each {what} where:\n\n    {' '.join(when.text.split())}\n\n{rule.help}"
    references = "".join(f"- {address}\n" for address in rule.references)
    heading = f"{'## ' if markdown else ''}References\n\n"
    return f"{head}Severity: {rule.info.severity.value}. Since {rule.since}.\n\n{rule.help}\n{heading}{references}"


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
