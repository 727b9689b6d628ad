"""The configuration: what the config file and the command line say, as the settings of a run."""

from __future__ import annotations

from netpol_lint.config.finding import find
from netpol_lint.config.reading import from_text, load, with_overrides
from netpol_lint.config.settings import NO_OPTIONS, Assumptions, Mention, PathIgnore, Settings
from netpol_lint.config.template import template

__all__ = [
    "NO_OPTIONS",
    "Assumptions",
    "Mention",
    "PathIgnore",
    "Settings",
    "find",
    "from_text",
    "load",
    "template",
    "with_overrides",
]
