"""The examples on the pages of custom rules, run as tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from netpol_lint import catalog as catalogs
from netpol_lint.catalog import CUSTOM, Catalog, Rule
from netpol_lint.catalog.pages import Example, read_page
from netpol_lint.config import Settings, from_text
from netpol_lint.engine.inputs import from_texts
from netpol_lint.engine.judging import judge
from netpol_lint.errors import NetpolLintError
from netpol_lint.records import NamedTuple


class Trial(NamedTuple):
    """One example of a rule's page and what is wrong with it: nothing, if it passes."""

    rule: str
    path: str
    line: int
    mistakes: tuple[str, ...]


def trials(directories: tuple[str, ...]) -> Iterator[Trial]:
    """Every example of the rules in the directories, run; NetpolLintError for a page without examples or a rule."""
    catalog = catalogs.load(custom=directories)
    for rule in catalog.rules:
        if rule.info.category != CUSTOM:
            continue
        examples = read_page(rule.page).examples
        if not any(example.arrows for example in examples):
            raise NetpolLintError("the page has no bad example with `# <- words`", path=str(rule.page))
        for example in examples:
            yield Trial(rule.id, str(rule.page), example.line, tuple(_mistakes(rule, example, catalog)))


def _mistakes(rule: Rule, example: Example, catalog: Catalog) -> Iterator[str]:
    settings = from_text(example.config, "config.yaml") if example.config else Settings()
    inputs = from_texts({path: text.encode() for path, text in example.files}, settings)
    for failure in (failure for unit in inputs.units for file in unit.files for failure in file.failures):
        yield f"line {failure.at.span.line} of {failure.at.path} is not YAML that can be read"
    found = [finding for finding, _ in judge(inputs.units, (rule,), catalog, settings)]
    at = Counter((finding.at.path, finding.at.span.line) for finding in found)
    for arrow in example.arrows:
        place = (arrow.path, arrow.line)
        messages = [f.message for f in found if (f.at.path, f.at.span.line) == place]
        if at.pop(place, 0) != 1:
            yield f"line {arrow.line} of {arrow.path}: {len(messages)} problems instead of one"
        elif arrow.words not in messages[0]:
            yield f"line {arrow.line} of {arrow.path}: {messages[0]!r} does not say {arrow.words!r}"
    for (path, line), count in sorted(at.items()):
        yield f"line {line} of {path}: {count} problems where none is expected"
