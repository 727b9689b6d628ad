"""Reports in every format: each module of this package is a format, each package in it something formats share."""

from __future__ import annotations

import importlib
import os
from typing import Final

from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import Notification, Report
from netpol_lint.records import NamedTuple
from netpol_lint.report.parts.counting import closing_line, statistics
from netpol_lint.source.location import Location

__all__ = ["Options", "closing_line", "formats", "notification_line", "render", "statistics"]


class Options(NamedTuple):
    """What a reader may choose about a report, whatever its format."""

    color: bool = False
    width: int = 80
    """Columns to wrap text at."""
    show_suppressed: bool = False
    sarif_category: str = ""
    """What tells this SARIF upload from others of the same commit; "" leaves it to the upload."""
    markdown_bytes: int = 65_000
    """Where Markdown is cut: GitHub takes 65,536 in a comment, 1 MiB in the summary of a step."""


_PLAIN: Final = Options()


def formats() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    modules = (name.removesuffix(".py") for name in os.listdir(os.path.dirname(__file__)) if name.endswith(".py"))
    return tuple(sorted(name.replace("_", "-") for name in modules if name != "__init__"))


def render(name: str, report: Report, options: Options = _PLAIN) -> str:
    """The report in a format, ending with a line break unless it is empty; NetpolLintError without such a format."""
    if name not in formats():
        raise NetpolLintError(f"no format {name!r}: there are {', '.join(formats())}")
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    text: str = module.render(report, options)
    return text


def notification_line(notification: Notification) -> str:
    """A notification for people: `a.yaml:3:1: warning: not UTF-8`."""
    from netpol_lint.report.escaping import one_line

    at = notification.at
    place = f"{at.path}:{at.span.line}:{at.span.column}: " if isinstance(at, Location) else "netpol-lint: "
    return one_line(f"{place}{notification.level}: {notification.message}")
