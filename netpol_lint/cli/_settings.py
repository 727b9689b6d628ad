"""The options that commands share, and the settings they and the config file give together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from netpol_lint import config
from netpol_lint.config import Settings
from netpol_lint.errors import NetpolLintError

STDIN = "-"
_Function = TypeVar("_Function", bound=Callable[..., Any])


def input_options(function: _Function) -> _Function:
    """What to read and how: options of every command that takes paths."""
    return click.argument("paths", nargs=-1)(reading_options(function))


def reading_options(function: _Function) -> _Function:
    """How to read: the same options without the paths."""
    return _with(_READING_OPTIONS, function)


def config_options(function: _Function) -> _Function:
    """Which config file: options of commands that read nothing else."""
    return _with(_CONFIG_OPTIONS, function)


def _with(options: Sequence[Callable[[_Function], _Function]], function: _Function) -> _Function:
    for option in reversed(options):
        function = option(function)
    return function


_CONFIG_OPTIONS = (
    click.option("-c", "--config", "config_file", metavar="FILE", help="This config file instead of the one found."),
    click.option("--isolated", is_flag=True, help="No config file at all."),
)
_READING_OPTIONS = (
    *_CONFIG_OPTIONS,
    click.option("--exclude", multiple=True, metavar="GLOB", help="Paths to leave out; repeatable."),
    click.option("--include-fixtures", is_flag=True, help="Test data too (test, testdata, e2e, fixtures, ...)."),
    click.option("--namespace", metavar="NAME", help="The namespace of objects that name none.  [default: default]"),
    click.option("--stdin-filename", metavar="PATH", help="What to call standard input (the path '-')."),
    click.option(
        "--helm-renderer",
        type=click.Choice(["auto", "binary", "sdk", "none"]),
        help="What renders charts: the helm on PATH, Helm's library (netpol-lint[helm]), the first of these that is"
        " there, or nothing.  [default: auto]",
    ),
    click.option("-j", "--jobs", type=click.IntRange(min=0), help="Processes; 0 lets the program choose."),
    click.option("--no-prefilter", is_flag=True, hidden=True, help="Parse every document, whatever its kind."),
)


def settings_from(
    paths: tuple[str, ...],
    *,
    config_file: str | None,
    isolated: bool,
    include_fixtures: bool,
    no_prefilter: bool,
    exclude: tuple[str, ...],
    **given: Any,
) -> Settings:
    """The config file's settings, overridden by what the command line gives; NetpolLintError if they are wrong."""
    settings = file_settings(config_file, isolated=isolated)
    overrides = {name: value for name, value in given.items() if value is not None and value != ()}
    if paths:
        overrides["paths"] = paths
    if exclude:
        overrides["exclude"] = (*settings.exclude, *exclude)
    if include_fixtures:
        overrides["fixtures"] = ()
    if no_prefilter:
        overrides["prefilter"] = False
    return config.with_overrides(settings, **overrides)


def file_settings(config_file: str | None, *, isolated: bool) -> Settings:
    """The settings of the config file that is given or found; the defaults if there is none, or none is wanted."""
    if config_file and isolated:
        raise click.UsageError("--config and --isolated exclude each other")
    source = config_file or ("" if isolated else config.find("."))
    return config.load(source) if source else Settings()


def words(values: tuple[str, ...]) -> tuple[str, ...]:
    """Values of an option that is repeatable and takes lists with commas."""
    return tuple(word for value in values for word in (part.strip() for part in value.split(",")) if word)


def read_stdin(settings: Settings) -> bytes:
    """Standard input, if it is among the paths."""
    if STDIN not in settings.paths:
        return b""
    import sys

    if sys.stdin is None:
        raise NetpolLintError("there is no standard input to read")
    limit = settings.limits.get("file", 64 * 1024 * 1024) + 1
    return sys.stdin.buffer.read(limit)
