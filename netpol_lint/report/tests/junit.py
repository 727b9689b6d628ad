"""The results as JUnit's XML: each test file a suite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from netpol_lint.connectivity.assertions import Checked, Tested
from netpol_lint.connectivity.questions import Judgement
from netpol_lint.report.escaping import html as xml
from netpol_lint.report.explanations.parts.telling import told
from netpol_lint.report.parts.style import Style


def render(tested: Tested, *, color: bool, width: int, verbose: bool) -> str:  # noqa: ARG001 -- one signature for all formats
    """A test whose question cannot be answered is an error, any other that does not pass a failure."""
    return "".join(f"{line}\n" for line in _lines(tested))


def _lines(tested: Tested) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="netpol-lint test" {_counts(tested.results)}>'
    for file, results in groupby(tested.results, key=lambda result: result.file):
        yield from _suite(file, list(results))
    yield "</testsuites>"


def _counts(results: Sequence[Checked]) -> str:
    errors = sum(1 for result in results if result.error)
    failures = sum(1 for result in results if not result.passed) - errors
    return f'tests="{len(results)}" failures="{failures}" errors="{errors}"'


def _suite(file: str, results: Sequence[Checked]) -> Iterator[str]:
    yield f'  <testsuite name="{xml(file)}" {_counts(results)} skipped="0">'
    for result in results:
        line = result.at.span.line
        case = f'    <testcase name="{xml(result.name)}" classname="{xml(file)}" file="{xml(file)}" line="{line}"'
        if result.passed:
            yield f"{case}/>"
            continue
        yield f"{case}>"
        yield from _outcome(result)
        yield "    </testcase>"
    yield "  </testsuite>"


def _outcome(result: Checked) -> Iterator[str]:
    if result.error:
        yield f'      <error message="{xml(result.error)}" type="endpoint"/>'
        return
    story = result.tell()
    message = f"expected {result.expected.value}, got {result.judgement.value}"
    yield f'      <failure message="{xml(message)}" type="{result.judgement.value}">{xml(story.headline)}'
    lines = told(story, Style(color=False), wants_access=result.expected is Judgement.ALLOWED)
    yield from (xml(line) for line in lines)
    yield "</failure>"
