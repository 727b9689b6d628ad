"""How tests run one rule on one example, and lint small trees given as texts."""

from __future__ import annotations

from collections.abc import Mapping

from netpol_lint import catalog as catalogs, fixes
from netpol_lint.catalog import Rule
from netpol_lint.catalog.pages import Example
from netpol_lint.config import Settings
from netpol_lint.engine import from_texts
from netpol_lint.engine.judging import judge
from netpol_lint.findings import Finding

CATALOG = catalogs.load()
_MOST_ROUNDS = 10


def problems_of(rule: Rule, example: Example) -> list[Finding]:
    """What the rule alone finds in the example's files."""
    return problems_in(rule, dict(example.files), settings_of(example))


def problems_in(rule: Rule, texts: Mapping[str, str], settings: Settings) -> list[Finding]:
    """What the rule alone finds in files given as path and text."""
    inputs = from_texts({path: text.encode() for path, text in texts.items()}, settings)
    return [finding for finding, _ in judge(inputs.units, (rule,), CATALOG, settings)]


def settings_of(example: Example) -> Settings:
    """The settings that the example's config block asks for."""
    if not example.config:
        return Settings()
    from netpol_lint.config import from_text

    return from_text(example.config, "config.yaml")


def fixed(rule: Rule, example: Example) -> dict[str, str]:
    """The example's files after all fixes of the rule, safe and unsafe."""
    return fixed_texts(rule, dict(example.files), settings_of(example))


def fixed_texts(rule: Rule, texts: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """Files given as path and text after all fixes of the rule, safe and unsafe."""
    mended = dict(texts)
    for _ in range(_MOST_ROUNDS):
        applied = fixes.apply(problems_in(rule, mended, settings), mended, unsafe=True)
        if not applied.texts:
            return mended
        mended.update(applied.texts)
    raise AssertionError("the fixes never come to an end")
