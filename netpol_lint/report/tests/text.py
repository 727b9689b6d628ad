"""The results for people: what failed, who decided it, what would have to change; then the count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.connectivity.assertions import Checked, Tested
from netpol_lint.connectivity.questions import Judgement
from netpol_lint.report.escaping import one_line
from netpol_lint.report.explanations.parts.telling import place_text, told
from netpol_lint.report.parts.counting import counted
from netpol_lint.report.parts.style import Style, wrapped

_SAID: Final = {
    Judgement.ALLOWED: "it is allowed",
    Judgement.DENIED: "it is denied",
    Judgement.PARTLY: "it is partly allowed, partly denied",
    Judgement.UNKNOWN: "it is unknown",
}


def render(tested: Tested, *, color: bool, width: int, verbose: bool) -> str:
    """Failed tests; those that passed too if that is wanted."""
    style = Style(color)
    return "".join(f"{line}\n" for line in _lines(tested, style, width, verbose))


def _lines(tested: Tested, style: Style, width: int, verbose: bool) -> Iterator[str]:
    for result in tested.results:
        if not result.passed:
            yield from _failed(result, style, width)
            yield ""
        elif verbose:
            yield f"{style.paint('passed', '+')}: {one_line(result.name)}"
            yield f"  {style.paint(f'--> {place_text(result.at)}', 'frame')}"
    failed = len(tested.failed)
    passed = len(tested.results) - failed
    yield f"{passed} passed, {failed} failed in {counted(tested.files, 'file')}"


def _failed(result: Checked, style: Style, width: int) -> Iterator[str]:
    yield f"{style.paint('failed', '-')}: {style.paint(one_line(result.name), 'strong')}"
    yield f"  {style.paint(f'--> {place_text(result.at)}', 'frame')}"
    if result.error:
        yield from (f"  {line}" for line in wrapped(one_line(result.error), width - 2))
        return
    question = f"{result.source} to {result.destination} on {result.ports}"
    verdict = f"{question}: expected to be {result.expected.value}, but {_SAID[result.judgement]}"
    yield from (f"  {line}" for line in wrapped(one_line(verdict), width - 2))
    wants_access = result.expected is Judgement.ALLOWED
    yield from told(result.tell(), style, wants_access=wants_access, indent="  ", width=width)
