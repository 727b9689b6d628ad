"""The explanation as a person would tell it."""

from __future__ import annotations

from netpol_lint.connectivity.explaining import Explanation
from netpol_lint.connectivity.questions import Judgement
from netpol_lint.report.escaping import one_line
from netpol_lint.report.explanations.parts.telling import told
from netpol_lint.report.parts.style import Style, wrapped

_ROLE = {Judgement.ALLOWED: "+", Judgement.DENIED: "-", Judgement.PARTLY: "strong", Judgement.UNKNOWN: "strong"}


def render(explanation: Explanation, *, color: bool, width: int) -> str:
    """The answer, then both ends."""
    style = Style(color)
    said = wrapped(one_line(f"{explanation.story.headline}."), width, indent=0)
    headline = [style.paint(line, _ROLE[explanation.reply.judgement]) for line in said]
    return "".join(f"{line}\n" for line in (*headline, "", *told(explanation.story, style, width=width)))
