"""`netpol-lint check`: the linter."""

from __future__ import annotations

from typing import Any, Final

import click

from netpol_lint import engine, report as reports
from netpol_lint.cli._output import say, show, sign_of_life, wants_color, width, write_file
from netpol_lint.cli._settings import STDIN, input_options, read_stdin, settings_from, words
from netpol_lint.config import Settings
from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import Report, Severity
from netpol_lint.report.escaping import one_line
from netpol_lint.report.parts.counting import counted

_LEVELS: Final = tuple(severity.value for severity in Severity)
_NEVER: Final = "never"
_WITHOUT_FINGERPRINTS: Final = frozenset({"text", "concise", "grouped"})
"""Formats that only people read: notifications go to standard error beside them."""


def _targets(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str]]:
    """FORMAT=FILE, several times."""
    pairs = [(form, file) for form, _, file in (value.partition("=") for value in values)]
    for form, file in pairs:
        if form not in reports.formats() or not file:
            words = f"{form!r} is not FORMAT=FILE with one of {', '.join(reports.formats())}"
            raise click.BadParameter(words, ctx, param)
    return pairs


@click.command("check")
@input_options
@click.option("--select", multiple=True, metavar="RULES", help="Only these: ids, names, prefixes such as NP1, or ALL.")
@click.option("--extend-select", multiple=True, metavar="RULES", help="These too.")
@click.option("--ignore", multiple=True, metavar="RULES", help="All but these.")
@click.option(
    "-f",
    "--format",
    "form",
    envvar="NETPOL_LINT_FORMAT",
    metavar="FORMAT",
    default="text",
    show_default=True,
    help="text, concise, grouped, json, json-lines, sarif, github, gitlab, junit, checkstyle, azure, rdjson,"
    " rdjsonl, markdown or html; auto is github where GITHUB_ACTIONS is set, else text.",
)
@click.option("-o", "--output-file", metavar="FILE", help="Write the findings there instead of to standard output.")
@click.option(
    "--report",
    "targets",
    multiple=True,
    metavar="FORMAT=FILE",
    callback=_targets,
    help="One more report into a file; repeatable.",
)
@click.option(
    "--fail-on", type=click.Choice([*_LEVELS, _NEVER]), help="The least severity that exits 1.  [default: warning]"
)
@click.option("--min-severity", type=click.Choice(_LEVELS), help="The least severity that is shown.  [default: note]")
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@click.option("--strict", is_flag=True, default=None, help="Templates that are not rendered are errors.")
@click.option("--single-file", is_flag=True, default=None, help="Only the rules that one file alone decides.")
@click.option("--baseline", metavar="FILE", help="Known findings, which are not reported: see netpol-lint baseline.")
@click.option("--since", metavar="REVISION", default="", help="Only what is new since a git revision.")
@click.option("--fix", is_flag=True, help="Apply the safe fixes: those that change no connection.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: the others too.")
@click.option(
    "--diff", is_flag=True, help="Show what --fix would change, change nothing; exits 1 if there is anything."
)
@click.option("--fix-only", is_flag=True, help="--fix without reporting what is left.")
@click.option("--show-fixes", is_flag=True, help="List what was fixed.")
@click.option("--ignore-suppressions", is_flag=True, help="Report what comments and annotations suppress too.")
@click.option("--show-suppressed", is_flag=True, help="Show suppressed findings, marked as such.")
@click.option("--statistics", is_flag=True, help="Counts by rule instead of findings; with --format json as JSON.")
@click.option("--sarif-category", metavar="NAME", default="", help="automationDetails.id of the SARIF run.")
@click.option("--markdown-bytes", type=click.IntRange(min=1000), default=65_000, hidden=True)
@click.option("--today", metavar="YYYY-MM-DD", help="The day against which until= is judged.")
@click.option("--fail-on-no-input", is_flag=True, help="Exit 2 where there is nothing to analyse.")
@click.option("--show-settings", is_flag=True, help="Print the settings and the rules of the run, then stop.")
@click.option("--show-units", is_flag=True, help="Print what is deployed together and why, then stop.")
@click.option("--show-files", is_flag=True, help="Print the files of the run, then stop.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours in text output.")
@click.option("-q", "--quiet", count=True, help="Findings only; twice: nothing but the exit code.")
@click.option("-v", "--verbose", count=True, help="Say what is looked at; twice: each unit and file.")
def command(**options: Any) -> int:
    """Lint every manifest below PATHS (default: the current directory); '-' is standard input."""
    settings = _settings(options)
    form = _format(options["form"])
    if options["show_settings"]:
        from netpol_lint.cli._shown import settings_text

        click.echo(settings_text(settings), nl=False)
        return 0
    if options["show_files"]:
        click.echo("".join(f"{path}\n" for path in engine.paths_of(settings)), nl=False)
        return 0
    if options["show_units"]:
        from netpol_lint.cli._units import units_text

        click.echo(units_text(engine.from_paths(settings, stdin=read_stdin(settings))), nl=False)
        return 0
    if (options["fix"] or options["fix_only"]) and STDIN in settings.paths:
        raise click.UsageError("standard input cannot be changed: use --diff")
    with sign_of_life(options["quiet"]):
        inputs = engine.from_paths(settings, stdin=read_stdin(settings))
        _tell(inputs, settings, options["verbose"])
        if options["fix"] or options["fix_only"] or options["diff"]:
            from netpol_lint.cli._mending import mend

            inputs, changed = mend(inputs, settings, options)
            if options["diff"] or options["fix_only"]:
                return int(changed and options["diff"])
        shown = {form, *(target_form for target_form, _ in options["targets"])}
        report = engine.report_on(
            inputs, settings, since=options["since"], fingerprints=not shown <= _WITHOUT_FINGERPRINTS
        )
    _write(report, form, options)
    return _exit_code(report, settings, options)


def _tell(inputs: engine.Inputs, settings: Settings, verbose: int) -> None:
    """What the run looks at: `-v` how much, `-vv` each unit and file too."""
    if not verbose:
        return
    say(f"configuration: {settings.source or 'none'}")
    say(f"{counted(inputs.read, 'file')} read, {counted(len(inputs.units), 'deployment unit')}")
    for unit in inputs.units if verbose > 1 else ():
        say(one_line(f"unit {unit.name}: {unit.reason}"))
        for file in unit.files:
            say(one_line(f"  {file.path}"))


def _settings(options: dict[str, Any]) -> Settings:
    given = {name: options[name] for name in ("fail_on", "min_severity", "strict", "single_file", "baseline", "today")}
    inputs = ("config_file", "isolated", "exclude", "include_fixtures", "no_prefilter", "namespace", "stdin_filename")
    given |= {name: options[name] for name in (*inputs, "jobs", "helm_renderer")}
    given |= {name: words(options[name]) for name in ("select", "extend_select", "ignore")}
    return settings_from(options["paths"], suppressions=not options["ignore_suppressions"], **given)


def _format(name: str) -> str:
    if name == "auto":
        import os

        return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
    if name not in reports.formats():
        raise click.BadParameter(f"{name!r} is not one of {', '.join(reports.formats())}", param_hint="--format")
    return name


def _write(report: Report, form: str, options: dict[str, Any]) -> None:
    quiet: int = options["quiet"]
    how = reports.Options(
        show_suppressed=options["show_suppressed"],
        sarif_category=options["sarif_category"],
        markdown_bytes=options["markdown_bytes"],
    )
    for target_form, file in options["targets"]:
        write_file(file, reports.render(target_form, report, how))
    if options["statistics"]:
        text = reports.statistics(report, as_json=form == "json")
    elif options["output_file"]:
        text = reports.render(form, report, how)
    else:
        color = wants_color(options["color"])
        how = how._replace(color=color, width=width())
        text = reports.render(form, report, how)
    if options["output_file"]:
        write_file(options["output_file"], text)
    elif quiet < 2:
        show(text, color=how.color)
    if form in _WITHOUT_FINGERPRINTS:
        for notification in report.notifications:
            say(reports.notification_line(notification), quiet=quiet)
    say(reports.closing_line(report), quiet=quiet)


def _exit_code(report: Report, settings: Settings, options: dict[str, Any]) -> int:
    if not report.summary.files:
        say("netpol-lint: no manifest found below the given paths", quiet=options["quiet"])
        if options["fail_on_no_input"]:
            raise NetpolLintError("nothing to analyse")
    if options["exit_zero"] or settings.fail_on == _NEVER:
        return 0
    least = Severity(settings.fail_on).rank
    return int(any(finding.severity.rank >= least for finding in report.findings))
